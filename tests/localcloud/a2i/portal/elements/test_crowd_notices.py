"""What only shows something: crowd-alert, crowd-badge, crowd-card and crowd-toast."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_alerts_are_of_four_types_and_may_be_dismissed(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-alert>Known</crowd-alert>
        <crowd-alert type="success">Done</crowd-alert>
        <crowd-alert type="warning">Careful</crowd-alert>
        <crowd-alert type="error" dismissible>Wrong</crowd-alert>
        <crowd-alert type="odd">Odd</crowd-alert></crowd-form>"""
    )
    expect(task.page.get_by_role("alert")).to_have_text(["Careful", "Wrong"])
    expect(task.page.get_by_role("status")).to_have_text(["Known", "Done", "Odd"])
    assert task.violations() == []

    task.page.get_by_role("button", name="Dismiss").press("Enter")

    expect(task.page.get_by_text("Wrong")).to_have_count(0)
    assert task.submit() == {}


def test_the_focus_stays_where_an_alert_was(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="before" label="Before"></crowd-input>
        <crowd-alert dismissible>Known</crowd-alert>
        <crowd-input name="after" label="After"></crowd-input></crowd-form>"""
    )

    task.page.get_by_role("button", name="Dismiss").press("Enter")
    assert task.page.evaluate("document.activeElement.parentElement.localName") == "form"
    assert task.violations() == []
    task.press("Tab")

    expect(task.page.get_by_label("After")).to_be_focused()
    expect(task.page.locator("crowd-form > form > span")).to_have_count(0)


def test_a_badge_is_at_the_corner_of_its_element(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><p>Text</p><p id="it" style="width: 200px; margin: 40px">It</p>
        <crowd-badge for="it" icon="star" label="no"></crowd-badge>
        <div>Parent<crowd-badge label="new"></crowd-badge></div></crowd-form>"""
    )
    first, second = task.page.locator("crowd-badge").all()
    expect(first.locator("svg")).to_be_visible()
    expect(second).to_have_text("new")

    for badge, corner_of in ((first, "#it"), (second, "div:has(> crowd-badge)")):
        box, corner = badge.bounding_box(), task.page.locator(corner_of).bounding_box()
        assert box is not None
        assert corner is not None
        assert abs(box["x"] + box["width"] / 2 - corner["x"] - corner["width"]) < 2
        assert abs(box["y"] + box["height"] / 2 - corner["y"]) < 2
    assert task.violations() == []


def test_a_card_has_a_heading_and_an_image(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-card heading="Birds" image="/static/icon.svg">Two of them.
        </crowd-card></crowd-form>"""
    )

    expect(task.page.get_by_role("heading", name="Birds")).to_be_visible()
    expect(task.page.locator("crowd-card img")).to_be_visible()
    expect(task.page.get_by_text("Two of them.")).to_be_visible()
    assert task.violations() == []


def test_one_toast_at_a_time_is_seen_for_a_while(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-toast duration="0" opened>Stays</crowd-toast>
        <crowd-toast id="brief" duration="300" text="Goes"></crowd-toast></crowd-form>"""
    )
    stays, goes = task.page.get_by_text("Stays"), task.page.get_by_text("Goes")
    expect(stays).to_be_visible()
    expect(goes).to_be_hidden()
    assert task.violations() == []

    # In one go, since it may be gone by the time of the next step.
    seen = task.page.locator("#brief").evaluate(
        """async (toast) => {
          toast.show();
          await toast.updateComplete;
          return toast.checkVisibility() && toast.innerText + toast.renderRoot.textContent.trim();
        }"""
    )

    assert seen == "Goes"
    expect(stays).to_be_hidden()
    expect(goes).to_be_hidden()
