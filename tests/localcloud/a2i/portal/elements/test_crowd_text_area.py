from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_lines_are_kept(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-text-area name="essay" label="Essay" rows="2" char-counter
        max-length="12" placeholder="Write" auto-focus></crowd-text-area>
        <crowd-text-area name="empty"></crowd-text-area>
        <crowd-text-area name="preset" label="Preset" value="a&#10;b"></crowd-text-area>
        </crowd-form>"""
    )

    expect(task.page.get_by_label("Essay")).to_be_focused()
    task.window.keyboard.type("one")
    task.press("Enter")
    task.window.keyboard.type("two and more")
    expect(task.page.get_by_text("12 / 12")).to_be_visible()
    assert task.violations() == []
    task.press("Control+Enter")

    assert task.answer() == {"essay": "one\ntwo and ", "preset": "a\nb"}


def test_it_grows_with_the_text_up_to_its_greatest_number_of_rows(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><crowd-text-area name="a" label="A" rows="2" max-rows="4"></crowd-text-area>
        </crowd-form>"""
    )
    area = task.page.get_by_label("A")

    heights = []
    for lines in (1, 2, 4, 9):
        area.fill("\n".join(["line"] * lines))
        heights.append(area.evaluate("area => area.offsetHeight"))

    two, same, four, most = heights
    assert two == same < four == most


def test_a_text_is_written_in_its_own_direction(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-text-area name="a" label="A"></crowd-text-area>
        <crowd-input name="b" label="B" value="وصلت"></crowd-input></crowd-form>"""
    )

    task.page.get_by_label("A").fill("שלום")

    expect(task.page.get_by_label("A")).to_have_css("direction", "rtl")
    expect(task.page.get_by_label("B")).to_have_css("direction", "rtl")


def test_it_may_be_required_and_validated(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-text-area name="a" label="A" required auto-validate
        allowed-pattern="[a-z\\n]" error-message="Small letters only"></crowd-text-area>
        </crowd-form>"""
    )

    task.page.get_by_role("button", name="Submit").click()
    expect(task.page.get_by_label("A")).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text("Small letters only")
    task.window.keyboard.type("a1b")

    assert task.submit() == {"a": "ab"}
