from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_boxes_of_one_name_are_one_object(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form>
        <crowd-checkbox name="image_attributes" value="blurry">Blurry</crowd-checkbox>
        <crowd-checkbox name="image_attributes" value="dim" checked>Too dim</crowd-checkbox>
        <crowd-checkbox name="image_attributes" value="exposed">Too bright</crowd-checkbox>
        <crowd-checkbox name="seen.twice">Seen</crowd-checkbox>
        <crowd-checkbox name="off" disabled checked>Off</crowd-checkbox>
        <label for="labelled">Outside</label><crowd-checkbox id="labelled" name="out">
        </crowd-checkbox></crowd-form>"""
    )

    task.page.get_by_role("checkbox", name="Blurry").click()
    task.page.get_by_text("Outside").click()
    task.page.get_by_role("checkbox", name="Seen").focus()
    task.press("Space")

    assert task.violations() == []
    assert task.submit() == {
        "image_attributes": {"blurry": True, "dim": True, "exposed": False},
        "seen.twice": {"on": True},
        "out": {"on": True},
    }


def test_a_required_box_has_to_be_checked(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-checkbox name="sure" required>I am sure</crowd-checkbox>
        </crowd-form>"""
    )

    task.press("Enter")

    box = task.page.get_by_role("checkbox", name="I am sure")
    expect(box).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text("Check this first.")
    assert task.violations() == []
    task.press("Space")
    expect(task.page.get_by_role("alert")).to_have_count(0)
    task.press("Enter")
    assert task.answer() == {"sure": {"on": True}}


def test_a_switch_is_on_or_off(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form>
        <crowd-toggle-button name="plain"></crowd-toggle-button>
        <crowd-toggle-button name="valued" value="someValue">Valued</crowd-toggle-button>
        <crowd-toggle-button name="alarming" invalid checked>Alarming</crowd-toggle-button>
        <crowd-toggle-button name="needed" required>Needed</crowd-toggle-button>
        <crowd-toggle-button name="off" disabled>Off</crowd-toggle-button></crowd-form>"""
    )
    alarming = task.page.get_by_role("switch", name="Alarming")
    expect(alarming).not_to_have_attribute("aria-invalid", "true")
    alarming.click()
    expect(alarming).to_have_attribute("aria-invalid", "true")
    assert task.violations() == []
    alarming.click()

    task.page.get_by_role("switch", name="Valued").click()
    task.press("Enter")
    expect(task.page.get_by_role("alert")).to_have_text("Switch this on first.")
    expect(task.page.get_by_role("switch", name="Needed")).to_be_focused()
    task.press("Space")

    assert task.violations() == []
    assert task.submit() == {
        "plain": {"on": False},
        "valued": {"someValue": True},
        "alarming": {"on": True},
        "needed": {"on": True},
    }


def test_a_reset_leaves_what_the_template_says(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-checkbox name="a" checked>A</crowd-checkbox>
        <crowd-input name="b" label="B" value="x"></crowd-input>
        <crowd-slider name="c" value="3"></crowd-slider>
        <crowd-button form-action="reset">Start over</crowd-button></crowd-form>"""
    )

    task.page.get_by_role("checkbox", name="A").click()
    task.page.get_by_label("B").fill("y")
    task.page.get_by_role("slider").press("ArrowRight")
    task.page.get_by_role("button", name="Start over").click()

    assert task.submit() == {"a": {"on": True}, "b": "x", "c": 3}
