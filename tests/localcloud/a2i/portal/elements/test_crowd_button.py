from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

BUTTONS = """<crowd-form><p id="pressed"></p>
<crowd-button icon="search">Search</crowd-button>
<crowd-button icon="star" icon-align="right" variant="link">Right</crowd-button>
<crowd-button icon="delete" variant="icon">Delete</crowd-button>
<crowd-button icon-url="data:image/gif;base64,R0lGODlhAQABAAAAACw=">Own</crowd-button>
<crowd-button><iron-icon icon="question-answer"></iron-icon></crowd-button>
<crowd-button icon="no-such-icon">Unknown</crowd-button>
<crowd-button disabled>Disabled</crowd-button>
<crowd-button loading disabled>Loading</crowd-button>
<crowd-button href="/static/icon.svg" target="other">Link</crowd-button>
<crowd-icon-button icon="report-problem" title="Issue"></crowd-icon-button>
<crowd-icon-button icon="maps:place" disabled></crowd-icon-button>
<crowd-fab icon="add" title="Add"></crowd-fab>
<crowd-fab label="A"></crowd-fab>
<crowd-fab label="Shut" disabled></crowd-fab>
</crowd-form>
<script>
  document.addEventListener("click", ({ target }) => {
    if (!target.localName.startsWith("crowd-")) return;
    const name = target.title || target.label || target.textContent;
    document.querySelector("#pressed").append(`${name} `);
  });
</script>"""


def test_buttons_are_pressed_by_mouse_and_by_keyboard(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(BUTTONS)

    for name in ("Search", "Delete", "Unknown", "Issue", "Add"):
        task.page.get_by_role("button", name=name).click()
    task.page.get_by_role("button", name="A", exact=True).focus()
    task.press("Enter", "Space")

    expect(task.page.locator("#pressed")).to_have_text("Search Delete Unknown Issue Add A A ")
    assert not task.is_answered()
    assert task.violations() == []


def test_icons_are_drawn_and_an_unknown_one_is_not(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(BUTTONS)

    expect(task.page.locator("iron-icon svg")).to_have_count(7)
    expect(task.page.get_by_role("button", name="Own").locator("img")).to_be_visible()
    expect(task.page.get_by_role("button", name="Unknown").locator("svg")).to_have_count(0)


def test_a_button_that_is_off_or_busy_takes_no_press(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(BUTTONS)

    for name in ("Disabled", "Loading", "maps:place", "Shut"):
        button = task.page.get_by_role("button", name=name)
        expect(button).to_be_disabled()
        button.click(force=True)

    expect(task.page.get_by_role("button", name="Loading")).to_have_attribute("aria-busy", "true")
    expect(task.page.locator("#pressed")).to_have_text("")


def test_a_button_with_an_address_is_a_link(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(BUTTONS)

    with task.window.context.expect_page() as opened:
        task.page.get_by_role("link", name="Link").press("Enter")

    opened.value.wait_for_url("**/static/icon.svg")
    opened.value.close()
    assert not task.is_answered()


def test_an_icon_is_on_the_side_that_was_asked_for(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(BUTTONS)

    def order(name: str) -> object:
        button = task.page.get_by_role("button", name=name)
        return button.evaluate("button => [...button.children].map((each) => each.localName)")

    assert order("Search") == ["iron-icon", "span"]
    assert order("Right") == ["span", "iron-icon"]


def test_a_variant_looks_different(task_page: Callable[..., TaskPage]) -> None:
    variants = ("normal", "primary", "link", "icon")
    task = task_page(
        "<crowd-form>"
        + "".join(
            f'<crowd-button icon="star" variant="{each}">{each}</crowd-button>' for each in variants
        )
        + "</crowd-form>"
    )

    looks = {
        task.page.get_by_role("button", name=each).evaluate(
            """button => {
              const { backgroundColor, textDecorationLine } = getComputedStyle(button);
              const text = button.querySelector(".text").getBoundingClientRect();
              return `${backgroundColor} ${textDecorationLine} ${text.width > 1}`;
            }"""
        )
        for each in variants
    }

    assert len(looks) == len(variants)
    assert task.violations() == []


def test_a_button_of_the_template_submits_in_place_of_the_forms_own(
    task_page: Callable[..., TaskPage],
) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="a" label="A" value="1"></crowd-input>
        <crowd-button form-action="submit">Send</crowd-button></crowd-form>"""
    )
    expect(task.page.get_by_role("button")).to_have_count(1)

    task.page.get_by_role("button", name="Send").click()

    assert task.answer() == {"a": "1"}


def test_a_script_presses_a_button(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="a" label="A" value="1"></crowd-input>
        <crowd-button id="off" form-action="submit" disabled>Off</crowd-button>
        <crowd-button id="reset" form-action="reset">Reset</crowd-button>
        <crowd-button id="send" form-action="submit">Send</crowd-button>
        <crowd-button id="link" href="/static/icon.svg">Link</crowd-button></crowd-form>"""
    )

    def press(name: str) -> None:
        task.page.locator(f"#{name}").evaluate("button => button.click()")

    with task.window.context.expect_page() as opened:
        press("link")
    opened.value.close()
    task.page.get_by_label("A").fill("2")
    press("off")
    assert not task.is_answered()
    press("reset")
    press("send")

    assert task.answer() == {"a": "1"}
