"""Attributes that change how an element looks, and nothing of its answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import Drawing, template
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[..., TaskPage]

DRAWING = [
    "crowd-bounding-box",
    "crowd-instance-segmentation",
    "crowd-keypoint",
    "crowd-line",
    "crowd-polygon",
    "crowd-polyline",
    "crowd-semantic-segmentation",
]
PAGE = """
<crowd-form>
  <crowd-input name="a" placeholder="A line"></crowd-input>
  <crowd-text-area name="b" placeholder="Some lines"></crowd-text-area>
  <crowd-text-area name="c" value="c" disabled></crowd-text-area>
  <crowd-slider name="d" secondary-progress="60"></crowd-slider>
</crowd-form>
"""
SHOWN = [
    ("crowd-input input", "placeholder", "A line"),
    ("crowd-text-area[name=b] textarea", "placeholder", "Some lines"),
    ("crowd-text-area[name=c] textarea", "disabled", True),
    # Filled up to its value, which is not chosen yet, then paler up to what it says.
    ("crowd-slider [type=range]", "style.cssText.match(/ 0% 60%/)?.[0]", " 0% 60%"),
]


def test_attributes_are_shown(task_page: OpenPage) -> None:
    task = task_page(PAGE)

    shown = [
        (selector, what, task.page.locator(selector).evaluate(f"element => element.{what}"))
        for selector, what, _ in SHOWN
    ]

    assert shown == SHOWN
    assert task.submit() == {}


def test_colours_of_labels_may_have_three_digits_or_six(task_page: OpenPage) -> None:
    lines = Drawing(task_page(template("crowd-line", label_colors="['#F00', '#0000ff']")))

    swatches = lines.task.page.get_by_role("group", name="Labels").locator(".swatch")
    for swatch, colour in zip(swatches.all(), ["rgb(255, 0, 0)", "rgb(0, 0, 255)"], strict=True):
        expect(swatch).to_have_css("background-color", colour)


@pytest.mark.parametrize("element", DRAWING)
def test_a_drawing_element_has_a_heading_and_instructions(
    task_page: OpenPage, element: str
) -> None:
    task = task_page(template(element))

    expect(task.page.get_by_role("heading", name="What is there?")).to_be_visible()
    expect(task.page.get_by_text("Leave a margin.")).to_be_visible()
    expect(task.page.get_by_text("All of it.")).to_be_hidden()
    task.page.get_by_role("button", name="Full instructions").click()
    expect(task.page.get_by_role("dialog", name="Instructions")).to_be_visible()
    expect(task.page.get_by_text("All of it.")).to_be_visible()
