from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_instructions_are_on_three_tabs(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-instructions link-text="View instructions" link-type="button">
        <short-summary>Write three words.</short-summary>
        <detailed-instructions>Imagine you describe it.</detailed-instructions>
        <positive-example>Highway</positive-example>
        <negative-example>Outside</negative-example><negative-example>Day</negative-example>
        </crowd-instructions></crowd-form>"""
    )
    dialog = task.page.get_by_role("dialog", name="Instructions")
    assert task.ready()["instructions"] is True

    task.page.get_by_role("button", name="View instructions").click()
    expect(dialog.get_by_role("tab")).to_have_text(["Summary", "Detailed Instructions", "Examples"])
    expect(task.page.get_by_text("Write three words.")).to_be_visible()
    assert task.violations() == []
    dialog.get_by_role("tab", name="Summary").press("ArrowRight")
    expect(task.page.get_by_text("Imagine you describe it.")).to_be_visible()
    expect(task.page.get_by_text("Write three words.")).to_be_hidden()
    dialog.get_by_role("tab", name="Examples").click()
    for text in ("Good example", "Highway", "Bad example", "Outside", "Day"):
        expect(task.page.get_by_text(text)).to_be_visible()
    assert task.violations() == []
    task.press("Escape")
    expect(dialog).to_be_hidden()
    task.press("?")

    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    assert task.submit() == {}


def test_regions_that_are_not_there_have_no_tab(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-instructions><positive-example>Cars</positive-example>
        </crowd-instructions></crowd-form>"""
    )

    task.page.get_by_role("button", name="Click for instructions").click()

    expect(task.page.get_by_role("tab")).to_have_text(["Examples"])
    expect(task.page.get_by_text("Bad example")).to_have_count(0)


def test_a_modal_opens_and_closes(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-modal>One</crowd-modal>
        <crowd-modal link-text="See Examples" link-type="button">Two</crowd-modal></crowd-form>"""
    )

    task.page.get_by_role("button", name="Click to open modal").press("Enter")
    expect(task.page.get_by_role("dialog", name="Click to open modal")).to_be_visible()
    expect(task.page.get_by_text("One")).to_be_visible()
    task.press("Escape")
    task.page.get_by_role("button", name="See Examples").click()
    expect(task.page.get_by_text("Two")).to_be_visible()
    assert task.violations() == []
    task.window.mouse.click(5, 5)

    expect(task.page.get_by_role("dialog")).to_have_count(0)
    assert not task.is_answered()


def test_a_field_that_is_wrong_is_shown_though_its_modal_is_closed(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><crowd-modal><crowd-input name="a" label="A" required></crowd-input>
        </crowd-modal></crowd-form>"""
    )

    task.page.get_by_role("button", name="Submit").click()

    expect(task.page.get_by_role("textbox", name="A")).to_be_focused()


def test_instructions_need_no_classifier(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><short-instructions header="In short">Say it.</short-instructions>
        <crowd-input name="a" label="A"></crowd-input>
        <full-instructions header="In full">Say all of it.</full-instructions></crowd-form>"""
    )
    expect(task.page.get_by_role("heading", name="In short")).to_be_visible()
    expect(task.page.get_by_text("Say it.")).to_be_visible()

    task.page.get_by_role("button", name="Full instructions").press("Enter")

    expect(task.page.get_by_role("dialog", name="In full")).to_be_visible()
    assert task.violations() == []
