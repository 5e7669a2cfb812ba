from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

TABS = """<crowd-form><crowd-tabs>
<crowd-tab header="Image"><h2>Look</h2></crowd-tab>
<crowd-tab header="Text"><crowd-input name="inside" label="Inside" required></crowd-input>
</crowd-tab>
<crowd-tab header="Plain"><label>Plain <input name="plain" required></label></crowd-tab>
</crowd-tabs></crowd-form>"""


def test_tabs_open_by_mouse_and_by_keyboard(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(TABS)
    tab = task.page.get_by_role("tab")
    expect(tab).to_have_text(["Image", "Text", "Plain"])
    expect(task.page.get_by_role("heading", name="Look")).to_be_visible()
    assert task.violations() == []

    tab.nth(1).click()
    expect(task.page.get_by_role("tabpanel", name="Text")).to_be_visible()
    expect(task.page.get_by_role("heading", name="Look")).to_be_hidden()
    task.press("ArrowRight", "ArrowRight")
    expect(tab.first).to_be_focused()
    expect(task.page.get_by_role("tabpanel", name="Image")).to_be_visible()
    task.press("End")

    expect(tab.last).to_have_attribute("aria-selected", "true")
    expect(task.page.get_by_role("tabpanel")).to_have_count(1)


def test_a_field_that_is_wrong_is_shown_though_its_tab_is_not_open(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(TABS)

    task.press("Enter")
    expect(task.page.get_by_label("Inside")).to_be_focused()
    task.window.keyboard.type("in")
    task.press("Enter")
    expect(task.page.get_by_role("textbox", name="Plain")).to_be_focused()
    task.window.keyboard.type("out")
    task.press("Enter")

    assert task.answer() == {"inside": "in", "plain": "out"}
