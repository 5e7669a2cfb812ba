"""Which of the labels that Amazon Rekognition found apply to an image."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.localcloud.a2i.portal.elements.drawing import picture, png
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[..., TaskPage]

NAME = "AWS/Rekognition/DetectModerationLabels/Image/V3"
STOCK = (Path(__file__).parent / "stock/moderation.html").read_text()
LABELS = [
    {"confidence": 96.71, "name": "Suggestive", "parentName": ""},
    {"confidence": 71.2, "name": "Revealing Clothes", "parentName": "Suggestive"},
    {"confidence": 55.9, "name": "Weapons & Tools", "parentName": "Violence"},
]


@pytest.fixture(autouse=True)
def signed_files(task_browser: BrowserContext) -> Iterator[None]:
    """The image, at the address that the template makes of its place in S3."""

    def answered(route: Route) -> None:
        route.fulfill(body=png(picture()), content_type="image/png")

    task_browser.route("https://signed/photos/a.png", answered)
    yield
    task_browser.unroute("https://signed/photos/a.png", answered)


def given(labels: list[dict[str, Any]]) -> dict[str, Any]:
    """What a reviewer's page knows of an image, as Amazon Rekognition hands it over."""
    return {
        "aiServiceRequest": {"image": {"s3Object": {"bucket": "photos", "name": "a.png"}}},
        "selectedAiServiceResponse": {"moderationLabels": labels},
    }


def template(more: str) -> str:
    return f"""<crowd-form>
      <crowd-rekognition-detect-moderation-labels src="https://signed/photos/a.png"
        header="What is it?" {more}></crowd-rekognition-detect-moderation-labels>
    </crowd-form>"""


def test_the_developer_guides_page_is_answered_by_mouse(task_page: OpenPage) -> None:
    task = task_page(STOCK, given(LABELS))

    expect(task.page.get_by_role("img", name="Image to judge")).to_have_js_property(
        "naturalWidth", 400
    )
    task.page.get_by_role("checkbox", name="Weapons & Tools Violence").click()
    task.page.get_by_role("checkbox", name="Suggestive", exact=True).click()

    assert task.violations() == []
    assert task.ready()["unknown"] == []
    assert task.submit() == {
        NAME: {
            "moderationLabels": [
                {"name": "Suggestive", "parentName": ""},
                {"name": "Weapons & Tools", "parentName": "Violence"},
            ]
        }
    }


def test_long_instructions_leave_the_image_in_view(task_page: OpenPage) -> None:
    task = task_page(STOCK, given(LABELS))
    image = task.page.get_by_role("img", name="Image to judge")

    expect(image).to_be_in_viewport(ratio=0.5)
    task.page.get_by_role("button", name="Show all").click()
    expect(image).not_to_be_in_viewport()
    task.page.get_by_role("button", name="Show less").click()
    expect(image).to_be_in_viewport(ratio=0.5)


def test_labels_are_chosen_by_keyboard_alone(task_page: OpenPage) -> None:
    task = task_page(STOCK, given(LABELS))

    task.press("Enter")
    expect(task.page.get_by_role("alert")).to_have_text("Choose at least one of the answers first.")
    task.press("2", "Enter")

    assert task.answer() == {
        NAME: {"moderationLabels": [{"name": "Revealing Clothes", "parentName": "Suggestive"}]}
    }


def test_none_is_an_empty_list_and_bars_the_categories(task_page: OpenPage) -> None:
    task = task_page(STOCK, given(LABELS))
    clothes = task.page.get_by_role("checkbox", name="Revealing Clothes")

    clothes.click()
    task.press("4")
    expect(clothes).not_to_be_checked()
    expect(clothes).to_be_disabled()
    task.press("4")
    expect(clothes).to_be_enabled()
    task.press("4", "Enter")

    assert task.answer() == {NAME: {"moderationLabels": []}}


def test_an_image_without_labels_can_be_answered(task_page: OpenPage) -> None:
    task = task_page(STOCK, given([]))

    task.press("1", "Enter")

    assert task.answer() == {NAME: {"moderationLabels": []}}


def test_categories_that_are_strings_are_answered_as_strings(task_page: OpenPage) -> None:
    categories = """categories="['Gore', 'Corpses']" exclusion-category="{ text: 'Harmless' }" """
    task = task_page(template(categories))

    expect(task.page.get_by_role("checkbox")).to_have_count(3)
    expect(task.page.get_by_role("checkbox", name="Harmless")).to_be_visible()
    task.page.get_by_role("checkbox", name="Corpses").click()

    assert task.violations() == []
    assert task.submit() == {NAME: {"moderationLabels": ["Corpses"]}}


def test_objects_are_answered_in_full(task_page: OpenPage) -> None:
    task = task_page(
        template('categories="{{ task.input.labels | to_json }}"'), {"labels": LABELS[:1]}
    )

    task.page.get_by_role("checkbox", name="Suggestive").click()

    assert task.submit() == {NAME: {"moderationLabels": LABELS[:1]}}


def test_categories_without_a_name_are_told(task_page: OpenPage) -> None:
    task = task_page(template("""categories='[{ title: "Gore" }]'"""))

    expect(task.page.get_by_role("alert")).to_contain_text(
        'Its "categories" are wrong: each must be a string, or have a "name": {"title":"Gore"}.'
    )
