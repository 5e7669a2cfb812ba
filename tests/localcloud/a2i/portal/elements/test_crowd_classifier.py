from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

ONE = """<crowd-form><crowd-classifier name="mood" categories="['good', 'bad']" header="Mood?">
<classification-target>{{ task.input.text }}</classification-target>
</crowd-classifier></crowd-form>"""
SEVERAL = """<crowd-form><crowd-classifier-multi-select name="topics" header="What is it about?"
  categories="['Price', 'Sound', 'Looks']" exclusion-category="{ text: 'None of the above' }">
<classification-target>{{ task.input.text }}</classification-target>
<short-instructions>Choose all that apply.</short-instructions>
</crowd-classifier-multi-select></crowd-form>"""
TEXT = {"text": "It squeaks."}


def test_a_label_is_chosen_by_mouse(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(ONE, TEXT)

    task.page.get_by_role("radio", name="good").click()

    assert task.violations() == []
    assert task.submit() == {"mood": {"label": "good"}}


def test_a_long_text_is_scrolled_by_keys(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(ONE, {"text": "It squeaks. " * 500})

    text = task.page.get_by_role("region", name="What is judged")
    text.focus()
    task.press("End")

    expect(text).not_to_have_js_property("scrollTop", 0)
    assert task.violations() == []


def test_a_number_key_is_for_the_classifier_that_has_the_focus(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form>
        <crowd-classifier name="one" categories="['a', 'b']" header="One"></crowd-classifier>
        <crowd-classifier-multi-select name="two" categories="['c', 'd']" header="Two">
        </crowd-classifier-multi-select></crowd-form>"""
    )

    task.press("2")
    task.page.get_by_role("checkbox", name="c").focus()
    task.press("2", "1", "Enter")

    assert task.answer() == {"one": {"label": "b"}, "two": {"labels": ["c", "d"]}}


def test_all_labels_that_apply_are_chosen(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(SEVERAL, TEXT)
    expect(task.page.get_by_text("Choose all that apply.")).to_be_visible()

    task.page.get_by_role("checkbox", name="Looks").click()
    task.page.get_by_role("checkbox", name="Sound").click()
    task.page.get_by_role("checkbox", name="Price").focus()
    task.press("Space")
    task.page.get_by_role("checkbox", name="Sound").click()

    assert task.violations() == []
    assert task.submit() == {"topics": {"labels": ["Price", "Looks"]}}


def test_the_exclusion_category_excludes_the_others(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(SEVERAL, TEXT)

    task.press("1", "2", "4")

    expect(task.page.get_by_role("checkbox", checked=True)).to_have_count(1)
    assert task.submit() == {"topics": {"labels": []}}


def test_one_of_several_labels_is_required(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(SEVERAL, TEXT)

    task.press("4", "4", "Enter")

    expect(task.page.get_by_role("alert")).to_have_text("Choose at least one of the answers first.")
    assert not task.is_answered()
    task.press("3", "Enter")
    assert task.answer() == {"topics": {"labels": ["Looks"]}}


def test_several_labels_may_be_suggested(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-classifier-multi-select name="x" categories="['a', 'b', 'c']"
        header="Which?" initial-value="['c', 'a', 'z']"></crowd-classifier-multi-select>
        </crowd-form>"""
    )

    expect(task.page.get_by_text("Suggested by the model")).to_have_count(2)
    assert task.submit() == {"x": {"labels": ["a", "c"]}}


@pytest.mark.parametrize("exclusion", ["None", "{}", "{ text: 3 }"])
def test_a_wrong_exclusion_category_is_told(
    task_page: Callable[..., TaskPage], exclusion: str
) -> None:
    task = task_page(SEVERAL.replace("{ text: 'None of the above' }", exclusion), TEXT)

    expect(task.page.get_by_role("alert")).to_contain_text('Its "exclusion-category" is wrong')
    task.press("1", "Enter")
    assert not task.is_answered()


def test_without_a_header_the_choices_have_a_name_all_the_same(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><crowd-classifier name="tone" categories="['kind', 'unkind']">
        <short-instructions>Read it first.</short-instructions></crowd-classifier></crowd-form>"""
    )

    expect(task.page.get_by_role("radiogroup", name="tone")).to_be_visible()
    expect(task.page.get_by_text("Read it first.")).to_be_visible()
    expect(task.page.get_by_role("heading")).to_have_count(0)
    assert task.violations() == []
