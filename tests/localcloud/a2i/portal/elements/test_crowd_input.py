from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def form(field: str) -> str:
    return f"<crowd-form>{field}</crowd-form>"


def test_what_was_typed_is_the_answer_and_nothing_is_none(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        form("""<crowd-input name="tag.1" label="Word 1"></crowd-input>
        <crowd-input name="tag.2" label="Word 2" value="{{ task.input.word }}"></crowd-input>
        <crowd-input name="tag.3" placeholder="Word 3"></crowd-input>
        <crowd-input name="off" label="Off" value="x" disabled></crowd-input>
        <crowd-input name="day" label="Day" type="date"></crowd-input>
        <crowd-input name="file" label="File" type="file"></crowd-input>"""),
        {"word": '"red" & so'},
    )

    task.page.get_by_label("Word 1").click()
    task.window.keyboard.type("blue 1?")
    task.page.get_by_label("Day").fill("2024-05-06")

    assert task.violations() == []
    task.press("Enter")
    assert task.answer() == {"tag.1": "blue 1?", "tag.2": '"red" & so', "day": "2024-05-06"}


def test_a_required_field_says_so(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form("""<crowd-input name="a" label="A" required></crowd-input>
    <crowd-input name="b" label="B" required error-message="Name the city."></crowd-input>""")
    )
    expect(task.page.get_by_role("alert")).to_have_count(0)

    task.press("Enter")

    expect(task.page.get_by_label("A")).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text(["Fill this in first.", "Name the city."])
    assert task.violations() == []
    task.window.keyboard.type("x")
    task.press("Enter")
    expect(task.page.get_by_label("B")).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text("Name the city.")
    assert not task.is_answered()


def test_the_length_is_limited_at_both_ends(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form('<crowd-input name="a" label="A" min-length="3" max-length="5"></crowd-input>')
    )

    task.page.get_by_label("A").click()
    task.window.keyboard.type("12")
    task.press("Enter")
    expect(task.page.get_by_role("alert")).to_have_text(
        "At least 3 characters are needed; there are 2."
    )
    task.window.keyboard.type("34567")
    task.press("Enter")

    assert task.answer() == {"a": "12345"}


def test_characters_that_are_not_allowed_are_ignored(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form("""<crowd-input name="a" label="A" required auto-validate auto-focus
    allowed-pattern="[0-9]" error-message="Digits only"></crowd-input>""")
    )
    expect(task.page.get_by_label("A")).to_be_focused()

    task.window.keyboard.type("x")
    expect(task.page.get_by_role("alert")).to_have_text("Digits only")
    task.window.keyboard.type("1-2 c3")
    expect(task.page.get_by_role("alert")).to_have_count(0)
    task.press("Enter")

    assert task.answer() == {"a": "123"}


def test_a_preset_of_characters_that_are_not_allowed_is_refused(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        form("""<crowd-input name="a" label="A" value="1x" auto-validate
    allowed-pattern="[0-9]"></crowd-input>""")
    )

    task.press("Enter")

    expect(task.page.get_by_role("alert")).to_have_text("These characters only: [0-9]")
    assert not task.is_answered()


@pytest.mark.parametrize(
    ("type_", "typed", "message"),
    [("email", "nobody", "@"), ("url", "example", "URL")],
)
def test_the_type_is_checked_as_html_does(
    task_page: Callable[..., TaskPage], type_: str, typed: str, message: str
) -> None:
    task = task_page(form(f'<crowd-input name="a" label="A" type="{type_}"></crowd-input>'))

    task.page.get_by_label("A").fill(typed)
    task.page.get_by_label("A").press("Enter")

    expect(task.page.get_by_role("alert")).to_contain_text(message)
    assert not task.is_answered()


def test_a_pattern_that_is_none_is_told(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form('<crowd-input name="a" label="A" allowed-pattern="[" auto-validate></crowd-input>')
    )

    expect(task.page.get_by_role("alert")).to_contain_text('Its "allowed-pattern" is wrong')


def test_a_script_may_fill_in_and_submit_in_one_breath(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form('<crowd-input id="a" name="a" label="A" required></crowd-input>')
        + """<button id="fill">Fill</button><script>
        document.querySelector("#fill").onclick = () => {
          document.querySelector("#a").value = "by script";
          document.querySelector("crowd-form").submit();
        };</script>"""
    )

    task.page.get_by_role("button", name="Fill").click()

    assert task.answer() == {"a": "by script"}


def test_a_pattern_may_escape_what_needs_no_escape(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        form(r"""<crowd-input name="a" label="A" allowed-pattern="[A-Za-z\' ]" auto-validate>
        </crowd-input>""")
    )

    task.page.get_by_label("A").click()
    task.window.keyboard.type("O'Neill 2")
    task.press("Enter")

    assert task.answer() == {"a": "O'Neill "}


def test_a_pattern_that_nothing_is_validated_by_is_not_read(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        form('<crowd-input name="a" label="A" value="b" allowed-pattern="["></crowd-input>')
    )

    assert task.submit() == {"a": "b"}
