from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_the_answer_is_a_number(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-slider name="howMuch" min="1" max="11" step="1" pin required>
        </crowd-slider><crowd-slider name="share" min="0" max="1" step="0.1" value="0.3"
        secondary-progress="0.6"></crowd-slider><crowd-slider name="untouched"></crowd-slider>
        <crowd-slider name="unknown" value="{{ task.input.score }}"></crowd-slider>
        <crowd-slider name="off" value="5" disabled></crowd-slider></crowd-form>"""
    )
    much, share = task.page.get_by_role("slider").all()[:2]

    much.click()
    expect(task.page.locator("crowd-slider .pin")).to_have_text("6")
    much.press("ArrowRight")
    share.press("ArrowLeft")

    assert task.violations() == []
    assert task.submit() == {"howMuch": 7, "share": 0.2}


def test_a_required_slider_has_to_be_moved(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-slider name="a" min="1" max="5" required></crowd-slider>
        </crowd-form>"""
    )

    task.press("Enter")
    slider = task.page.get_by_role("slider")
    expect(slider).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text("Move the knob to choose a value first.")
    task.press("Home")
    expect(task.page.get_by_role("alert")).to_have_count(0)
    task.press("Enter")

    assert task.answer() == {"a": 1}


def test_an_editable_slider_takes_a_number(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-slider name="a" min="0" max="10" editable></crowd-slider>
        </crowd-form>"""
    )
    number = task.page.get_by_role("spinbutton")

    number.fill("40")
    number.press("Tab")
    expect(number).to_have_value("10")
    number.press("ArrowDown")
    expect(task.page.get_by_role("slider")).to_have_value("9")
    assert task.violations() == []
    number.fill("4")
    task.press("Enter")

    assert task.answer() == {"a": 4}


def test_a_preset_that_is_not_on_the_scale_is_moved_onto_it(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><crowd-slider name="low" min="1" max="5" value="0" pin></crowd-slider>
        <crowd-slider name="high" max="10" value="40" pin></crowd-slider>
        <crowd-slider name="between" step="10" value="56" pin></crowd-slider>
        <crowd-button form-action="reset">Start over</crowd-button></crowd-form>"""
    )
    pins = task.page.locator("crowd-slider .pin")
    expect(pins).to_have_text(["1", "10", "60"])

    task.page.get_by_role("slider").first.press("End")
    expect(pins.first).to_have_text("5")
    task.page.get_by_role("button", name="Start over").click()

    expect(pins.first).to_have_text("1")
    assert task.submit() == {"low": 1, "high": 10, "between": 60}
