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
from review_collect.label import label_in
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
    return label_in(answer, jmespath.compile(document["label"]))


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


def test_any_number_of_answers_is_ranked(task_page: OpenPage) -> None:
    template, given = example("ranking", "two-answers")
    given["taskObject"]["responses"] = [f"This is number {number}." for number in range(12)]
    task = task_page(template, given)

    for number in range(12):
        task.page.locator(f"#rank_{number + 1}").fill(str(12 - number))

    assert label("ranking", task.submit()) == list(range(12, 0, -1))


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


MARKUP = "<i>cheap</i> & 'good'"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("text\nof two lines", ["text", "of two lines"]),
        (5, ["5"]),
        (False, ["false"]),
        (MARKUP, [MARKUP]),
        (["a", MARKUP], ["1", "a", "2", MARKUP]),
        ([], ["[]"]),
        ({"a": {"b": 1}}, ["a", '{"b": 1}']),
        ({"a": [MARKUP, None], "b": None}, ["a", f'["{MARKUP}", null]', "b", "null"]),
        ({MARKUP: "", "b": 0}, [MARKUP, "b", "0"]),
        ([[1, 2], {"b": True}], ["1", "[1, 2]", "2", '{"b": true}']),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:40],
)
def test_any_json_is_shown_as_it_is(given: Any, shown: list[str]) -> None:
    template, content = example("custom", "unsure")

    page = rendered_page(template, {**content, "taskObject": given})

    soup = BeautifulSoup(page, "html.parser")
    text = "\n".join(part.get_text() for part in soup.select("dt, .value"))
    assert [line.strip() for line in text.splitlines() if line.strip()] == shown
    assert soup.i is None


def test_values_in_values_are_accessible(task_page: OpenPage) -> None:
    task = task_page(*example("custom", "nested"))

    assert '"lines": ["lamp", "cable"]' in task.page.locator("dl").inner_text()
    assert task.violations() == []
