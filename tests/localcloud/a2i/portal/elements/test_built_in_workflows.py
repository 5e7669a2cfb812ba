"""The pages of workflows/moderation and workflows/document in a browser.

What a person sends is what the demo's scripted reviewer sends, who sees no elements.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Route

from demo.document import SCENARIO as DOCUMENT
from demo.moderation import SCENARIO as MODERATION
from demo.scenario import Scenario
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage, rendered_page

OpenPage = Callable[..., TaskPage]

WORKFLOWS = Path(__file__).parents[5] / "workflows"
FORMS = "AWS/Textract/AnalyzeDocument/Forms/V1"


@pytest.fixture(autouse=True)
def signed_files(task_browser: BrowserContext) -> Iterator[None]:
    """The examples, at the addresses that the templates make of their places in S3."""

    def answered(route: Route) -> None:
        (file,) = WORKFLOWS.glob(f"*/demo/*/{PurePosixPath(route.request.url).name}")
        route.fulfill(body=file.read_bytes(), content_type="image/png")

    task_browser.route("https://signed/**", answered)
    yield
    task_browser.unroute("https://signed/**", answered)


def example(workflow: str, name: str) -> tuple[str, dict[str, Any]]:
    """A workflow's template and one of its examples."""
    folder = WORKFLOWS / workflow
    given = json.loads((folder / "examples" / f"{name}.json").read_text())
    return (folder / "template.liquid").read_text(), given


def scripted(scenario: Scenario, workflow: str, name: str) -> dict[str, Any]:
    """What the demo's reviewer answers to an example."""
    page = rendered_page(*example(workflow, name))
    return scenario.answer(BeautifulSoup(page, "html.parser"), reviewer=0)


@pytest.mark.parametrize(
    ("name", "choice"), [("swimwear", "Swimwear"), ("unsure", "None of these")]
)
def test_labels_of_an_image_are_chosen(task_page: OpenPage, name: str, choice: str) -> None:
    task = task_page(*example("moderation", name))

    task.page.get_by_role("checkbox", name=choice).click()

    assert task.violations() == []
    assert task.submit() == scripted(MODERATION, "moderation", name)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("unsure", "Phone number:", "+31 30 555 0147"),
        ("missing", "Mail address:", "8 Samora Machel Ave, Harare"),
    ],
)
def test_a_value_of_a_form_is_written(task_page: OpenPage, name: str, key: str, value: str) -> None:
    task = task_page(*example("document", name))

    task.page.get_by_role("textbox", name=f"Value of {key}").fill(value)

    assert task.violations() == []
    assert read(task.submit()) == read(scripted(DOCUMENT, "document", name))


def read(answer: dict[str, Any]) -> list[Any]:
    """The blocks of an answer without the ids, which are made up for what was not found."""
    blocks = answer[FORMS]["blocks"]
    numbers = {block["id"]: number for number, block in enumerate(blocks)}
    return [
        (
            block["blockType"],
            block.get("text"),
            block.get("entityTypes"),
            [
                (tie["type"], [numbers[id_] for id_ in tie["ids"]])
                for tie in block.get("relationships", ())
            ],
        )
        for block in blocks
    ]
