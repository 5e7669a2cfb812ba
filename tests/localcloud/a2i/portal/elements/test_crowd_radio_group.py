from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

GROUP = """<crowd-form><crowd-radio-group>
<crowd-radio-button name="tech" value="t">Technology</crowd-radio-button>
<crowd-radio-button name="off" disabled>Off</crowd-radio-button>
<crowd-radio-button name="politics" value="p">Politics</crowd-radio-button>
<crowd-radio-button name="sport">Sport</crowd-radio-button>
</crowd-radio-group></crowd-form>"""


def test_one_button_of_a_group_is_chosen_by_mouse(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(GROUP)

    task.page.get_by_role("radio", name="Technology").click()
    task.page.get_by_role("radio", name="Politics").click()

    assert task.violations() == []
    assert task.submit() == {"tech": {"t": False}, "politics": {"p": True}, "sport": {"on": False}}


def test_one_button_of_a_group_is_chosen_by_keyboard(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(GROUP)

    task.press("Tab")
    expect(task.page.get_by_role("radio", name="Technology")).to_be_focused()
    task.press("ArrowDown")
    expect(task.page.get_by_role("radio", name="Politics")).to_be_checked()
    task.press("ArrowRight", "ArrowRight", "ArrowUp")
    expect(task.page.get_by_role("radio", name="Sport")).to_be_focused()
    task.press("Tab")
    expect(task.page.get_by_role("button", name="Submit")).to_be_focused()
    task.press("Enter")

    assert task.answer() == {
        "tech": {"t": False},
        "politics": {"p": False},
        "sport": {"on": True},
    }


def test_buttons_outside_a_group_do_not_exclude_each_other(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form>
        <crowd-radio-button name="answer" value="yes">Yes</crowd-radio-button>
        <crowd-radio-button name="answer" value="no" checked>No</crowd-radio-button></crowd-form>"""
    )

    task.page.get_by_role("radio", name="Yes").click()

    assert task.submit() == {"answer": {"yes": True, "no": True}}
