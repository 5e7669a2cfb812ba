"""The pages of workflows/ranking and workflows/custom in a browser, by keyboard.

What a person sends is what the demo's scripted reviewer sends, who runs no script.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml
from bs4 import BeautifulSoup

from demo.custom import SCENARIO as CUSTOM
from demo.ranking import SCENARIO as RANKING
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage, rendered_page

OpenPage = Callable[..., TaskPage]

WORKFLOWS = Path(__file__).parents[5] / "workflows"


def example(workflow: str, name: str) -> tuple[str, dict[str, Any]]:
    """A workflow's template and one of its examples."""
    folder = WORKFLOWS / workflow
    given = json.loads((folder / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    return (folder / "template.liquid").read_text(encoding="utf-8"), given


def label(workflow: str, answer: dict[str, Any]) -> Any:
    """The label in an answer."""
    document = yaml.safe_load((WORKFLOWS / workflow / "workflow.yaml").read_text(encoding="utf-8"))
    return jmespath.search(document["label"], answer)


@pytest.mark.parametrize(
    ("name", "ranks"), [("two-answers", [2, 1]), ("four-answers", [1, 2, 4, 3])]
)
def test_answers_are_ranked_by_keyboard(task_page: OpenPage, name: str, ranks: list[int]) -> None:
    task = task_page(*example("ranking", name))

    task.page.get_by_label("Answer 1").focus()
    for rank in ranks:
        task.press(str(rank), "Tab")

    assert task.violations() == []
    answer = task.submit()
    page = BeautifulSoup(rendered_page(*example("ranking", name)), "html.parser")
    assert answer == RANKING.answer(page, reviewer=0)
    assert label("ranking", answer) == ranks


def test_who_cannot_decide_owes_no_ranks(task_page: OpenPage) -> None:
    task = task_page(*example("ranking", "two-answers"))

    task.page.get_by_label("Answer 1").fill("1")
    task.page.get_by_label("I can't decide").check()
    task.page.get_by_label("Comment").fill("Both are wrong.")

    answer = task.submit()
    assert answer == {"undecided": {"yes": True}, "comment": "Both are wrong."}
    assert label("ranking", answer) is None


@pytest.mark.parametrize("rank", ["", "0", "3", "1.5"])
def test_a_rank_is_one_of_as_many_as_there_are_answers(task_page: OpenPage, rank: str) -> None:
    task = task_page(*example("ranking", "two-answers"))

    task.page.get_by_label("Answer 1").fill("1")
    task.page.get_by_label("Answer 2").fill(rank)
    task.page.get_by_role("button", name="Submit").click()

    assert task.page.locator("#rank_2:invalid").count() == 1
    assert not task.is_answered()


def test_a_team_is_chosen_by_keyboard(task_page: OpenPage) -> None:
    task = task_page(*example("custom", "unsure"))
    team = task.page.get_by_label("Team")
    assert team.input_value() == "billing"

    team.focus()
    task.window.keyboard.type("tech")

    assert task.violations() == []
    answer = task.submit()
    page = BeautifulSoup(rendered_page(*example("custom", "unsure")), "html.parser")
    assert answer == CUSTOM.answer(page, reviewer=0)
    assert label("custom", answer) == "technical"
