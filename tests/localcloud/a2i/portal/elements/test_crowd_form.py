from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_objects_may_be_flattened(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form answer-format="flatten-objects">
        <crowd-checkbox name="box" value="a b" checked>Box</crowd-checkbox>
        <crowd-input name="text" label="Text" value="t"></crowd-input>
        <crowd-classifier-multi-select name="many" categories="['x', 'y']" header="Many"
          initial-value="['x']"></crowd-classifier-multi-select></crowd-form>"""
    )

    assert task.submit() == {"box.a b": True, "text": "t", "many.labels": ["x"]}


def test_the_focus_goes_to_the_first_field_that_is_wrong(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><fieldset><legend>Both</legend>
        <crowd-input name="ours" label="Ours" required></crowd-input>
        <label>Theirs <input name="theirs" required></label>
        <crowd-input name="last" label="Last" required></crowd-input></fieldset></crowd-form>"""
    )

    for name in ("Ours", "Theirs", "Last"):
        task.press("Enter")
        expect(task.page.get_by_role("textbox", name=name)).to_be_focused()
        assert not task.is_answered()
        task.window.keyboard.type(name)
    task.press("Enter")

    assert task.answer() == {"ours": "Ours", "theirs": "Theirs", "last": "Last"}


def test_what_a_fieldset_disables_is_not_asked(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><fieldset disabled><legend>Off</legend>
        <crowd-input name="a" label="A" required></crowd-input>
        <crowd-checkbox name="b" required>B</crowd-checkbox>
        <crowd-classifier name="c" categories="['x']" header="C"></crowd-classifier></fieldset>
        </crowd-form>"""
    )

    expect(task.page.get_by_label("A")).to_be_disabled()
    expect(task.page.get_by_role("radio", name="x")).to_be_disabled()
    assert task.submit() == {}


def test_every_element_fits_a_narrow_screen(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="a" label="A"></crowd-input>
        <crowd-text-area name="b" label="B" char-counter></crowd-text-area>
        <crowd-slider name="c" pin editable value="100"></crowd-slider>
        <crowd-tabs><crowd-tab header="A long header of a tab"></crowd-tab>
        <crowd-tab header="Another long header"></crowd-tab>
        <crowd-tab header="And one more"></crowd-tab></crowd-tabs>
        <crowd-alert type="warning" dismissible>Careful</crowd-alert>
        <crowd-card heading="Card">Text</crowd-card>
        <crowd-classifier-multi-select name="d" categories="['one', 'two']" header="D">
        </crowd-classifier-multi-select></crowd-form>"""
    )

    task.window.set_viewport_size({"width": 340, "height": 700})

    assert task.page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    expect(task.page.get_by_role("button", name="Submit")).to_be_in_viewport()
