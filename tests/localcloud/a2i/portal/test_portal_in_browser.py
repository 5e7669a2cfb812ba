"""The portal in a real browser, as a worker uses it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.localcloud.a2i.portal.portal_under_test import PortalUnderTest

CROWD = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
REVIEW = {"taskObject": "It squeaks.", "initialValue": -1}
UNSURE = {"taskObject": "It is a shoe."}


def sign_in(page: Page, portal: PortalUnderTest, *inputs: Any) -> None:
    portal.a2i.inputs = list(inputs)
    page.goto(portal.url)
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("ana")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.url}/")


def open_task(page: Page, portal: PortalUnderTest, *inputs: Any) -> FrameLocator:
    sign_in(page, portal, *(inputs or [REVIEW]))
    page.get_by_role("button", name="Start").click()
    task = page.frame_locator("#task")
    task.locator("crowd-form:defined").wait_for()
    takes_keys(page)
    return task


def takes_keys(page: Page) -> None:
    """Wait until the focus has arrived in the task, which Chromium has a process of its own for."""
    page.frames[-1].wait_for_function("document.hasFocus()")


def open_template(page: Page, portal: PortalUnderTest, template: str) -> FrameLocator:
    portal.a2i.template = CROWD + template
    return open_task(page, portal, "<img src=x onerror=alert(1)>")


def submitted(page: Page, portal: PortalUnderTest) -> Any:
    page.get_by_text("No tasks are waiting").wait_for()
    return portal.a2i.answers["task-0"]


def test_a_worker_answers_by_keyboard_alone(browser_page: Page, portal: PortalUnderTest) -> None:
    page = browser_page
    sign_in(page, portal, REVIEW, UNSURE, REVIEW)
    task = page.frame_locator("#task")

    expect(page.get_by_role("button", name="Start")).to_be_focused()
    page.keyboard.press("Enter")
    task.get_by_text("It squeaks.").wait_for()
    takes_keys(page)
    page.keyboard.press("3")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 answered · 1 waiting")).to_be_visible()
    task.get_by_text("It is a shoe.").wait_for()
    takes_keys(page)
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 answered · 0 waiting")).to_be_visible()
    task.get_by_text("It squeaks.").wait_for()
    takes_keys(page)
    page.keyboard.press("Enter")

    expect(page.get_by_text("You have answered 3 in this session.")).to_be_visible()
    labels = {name: answer["sentiment"]["label"] for name, answer in portal.a2i.answers.items()}
    assert labels == {"task-0": "1", "task-1": "0", "task-2": "-1"}


def test_a_worker_answers_by_mouse(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_task(browser_page, portal, UNSURE)

    task.get_by_role("radio", name="0").click()
    task.get_by_role("button", name="Submit").click()

    assert submitted(browser_page, portal) == {"sentiment": {"label": "0"}}


def test_the_models_suggestion_is_chosen_and_marked(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    task = open_task(browser_page, portal)

    suggested = task.get_by_role("radio", name="-1 Suggested by the model")
    expect(suggested).to_be_checked()
    expect(task.get_by_text("Suggested by the model")).to_have_count(1)


def test_a_choice_is_required(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_task(browser_page, portal, UNSURE)
    task.get_by_text("It is a shoe.").wait_for()

    browser_page.keyboard.press("Enter")

    expect(task.get_by_role("alert")).to_have_text("Choose one of the answers first.")
    expect(task.get_by_role("radio").first).to_be_focused()
    assert portal.a2i.answers == {}
    browser_page.keyboard.press("2")
    expect(task.get_by_role("alert")).to_have_count(0)


def test_instructions_open_by_key_and_by_button(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    task = open_task(page, portal)
    dialog = task.get_by_role("dialog", name="How to classify a review")
    task.get_by_text("It squeaks.").wait_for()

    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(task.get_by_role("radio", name="-1")).to_be_checked()

    page.get_by_role("button", name="Instructions").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()

    task.get_by_role("button", name="Full instructions").click()
    expect(dialog).to_be_visible()
    assert portal.a2i.answers == {}


def test_keys_work_while_the_focus_is_outside_the_task(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    task = open_task(page, portal)
    task.get_by_text("It squeaks.").wait_for()

    page.locator(".progress").click()
    page.frames[-1].wait_for_function("!document.hasFocus()")
    page.keyboard.press("3")

    expect(task.get_by_role("radio", name="1", exact=True)).to_be_checked()


def test_a_task_is_declined_by_keyboard(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_task(browser_page, portal, REVIEW, UNSURE)
    task.get_by_text("It squeaks.").wait_for()

    browser_page.get_by_role("button", name="Decline").press("Enter")

    task.get_by_text("It is a shoe.").wait_for()
    assert portal.a2i.declined == ["task-0"]
    assert portal.a2i.answers == {}


def test_time_runs_out(browser_page: Page, portal: PortalUnderTest) -> None:
    portal.a2i.time_limit = timedelta(seconds=3)
    open_task(browser_page, portal)

    expect(browser_page.get_by_role("timer")).to_have_text(re.compile(r"0:0\d left"))
    expect(browser_page.get_by_role("heading")).to_have_text("The time for this task is over")
    browser_page.get_by_role("link", name="Back to the jobs").click()
    browser_page.wait_for_url(f"{portal.url}/")


def test_an_answer_that_comes_too_late_is_told(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_task(browser_page, portal)
    task.get_by_text("It squeaks.").wait_for()

    portal.a2i.end("task-0", "expired")
    browser_page.keyboard.press("Enter")

    expect(browser_page.get_by_role("heading")).to_have_text("The time for this task is over")


def test_an_answer_that_cannot_be_sent_can_be_sent_again(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    task = open_task(page, portal)
    task.get_by_text("It squeaks.").wait_for()
    page.route("**/submit", lambda route: route.abort())

    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("was not sent")
    page.unroute("**/submit")
    task.get_by_role("button", name="Submit").click()

    assert submitted(page, portal) == {"sentiment": {"label": "-1"}}


def test_an_answer_outlives_the_session(browser_page: Page, portal: PortalUnderTest) -> None:
    page = browser_page
    task = open_task(page, portal)
    task.get_by_role("radio", name="0").click()

    portal.clock.ahead = timedelta(days=1)
    task.get_by_role("button", name="Submit").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("You are not signed in any more")
    with page.context.expect_page() as beside:
        alert.get_by_role("link", name="Sign in again").click()
    beside.value.get_by_label("Username").fill("ana")
    beside.value.keyboard.press("Enter")
    beside.value.get_by_text("1 task is waiting.").wait_for()
    task.get_by_role("button", name="Submit").click()

    assert submitted(page, portal) == {"sentiment": {"label": "0"}}


def test_who_goes_back_to_the_jobs_leaves_the_task(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    open_task(page, portal)

    page.get_by_role("link", name="← Jobs").click()

    page.get_by_text("1 task is waiting.").wait_for()
    assert portal.a2i.left == ["task-0"]


def test_the_jobs_in_a_tab_beside_the_task_leave_it_open(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    open_task(page, portal)

    with page.context.expect_page() as beside:
        page.get_by_role("link", name="← Jobs").click(modifiers=["ControlOrMeta"])

    beside.value.get_by_text("1 task is waiting.").wait_for()
    assert portal.a2i.left == []


def test_a_key_held_down_does_not_answer_the_next_task(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    page = browser_page
    task = open_task(page, portal)
    task.get_by_text("It squeaks.").wait_for()

    task.locator("body").evaluate(
        "body => body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', repeat: true, bubbles: true}))"
    )
    page.keyboard.press("3")

    expect(task.get_by_role("radio", name="1", exact=True)).to_be_checked()
    assert portal.a2i.answers == {}


def test_markup_in_the_input_is_text(browser_page: Page, portal: PortalUnderTest) -> None:
    hostile = "<script>document.title='taken'</script><img src=x onerror=\"alert(1)\">"
    dialogs: list[str] = []
    browser_page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    task = open_task(browser_page, portal, {"taskObject": hostile, "initialValue": hostile})

    expect(task.get_by_text(hostile)).to_be_visible()
    assert task.locator("classification-target img").count() == 0
    assert dialogs == []


SPY = """
<crowd-form><p id="seen"></p><input type="hidden" name="x" value="1"></crowd-form>
<script>
const attempts = {
  parent: () => window.parent.document.title,
  token: () => window.top.document.querySelector('meta[name="csrf-token"]').content,
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  leave: () => { window.top.location.href = "about:blank"; },
};
const seen = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try { attempt(); seen.push(name + " succeeded"); } catch { seen.push(name + " failed"); }
}
const act = (path) => fetch(path, {method: "POST", credentials: "include", body: "{}"});
Promise.allSettled([fetch("/", {credentials: "include"}), act(location.pathname + "/../submit")])
  .then(([read, submit]) => {
    seen.push(`read ${read.status}`, `submit ${submit.status}`);
    document.querySelector("#seen").textContent = seen.join(", ");
  });
</script>
"""


def test_a_templates_script_cannot_act_as_the_worker(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    task = open_template(browser_page, portal, SPY)

    expect(task.locator("#seen")).to_have_text(
        "parent failed, token failed, cookie failed, storage failed, leave failed, "
        "read rejected, submit rejected"
    )
    assert urlsplit(browser_page.url).path == "/tasks/task-0"
    assert portal.a2i.answers == {}


def test_the_task_page_has_no_origin_when_opened_by_itself(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    open_task(browser_page, portal)

    browser_page.goto(f"{portal.url}/tasks/task-0/page")

    expect(browser_page.get_by_text("It squeaks.")).to_be_visible()
    assert browser_page.evaluate("window.origin") == "null"


def test_plain_fields_are_part_of_the_answer(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_template(
        browser_page,
        portal,
        """<crowd-form>
        <input name="note" value="a">
        <input type="hidden" name="secret" value="s"> <input name="empty">
        <textarea name="long">one\ntwo</textarea>
        <select name="rank"><option value="1">High</option><option value="2">Low</option></select>
        <select name="many" multiple><option selected>a</option><option>b</option>
          <option selected>c</option></select>
        <input type="radio" name="sure" value="yes"> <input type="radio" name="sure" value="no">
        <input type="checkbox" name="flags" value="odd" checked>
        <input type="checkbox" name="flags" value="rude"> <input type="checkbox" name="seen">
        <input name="twice" value="1"><input name="twice" value="2">
        <input name="off" value="x" disabled> <input value="nameless">
        <crowd-classifier name="sentiment" categories='["a"]'></crowd-classifier>
        </crowd-form>""",
    )

    task.locator("[name=rank]").select_option("Low")
    task.locator("[name=sure]").nth(1).check()
    task.locator("[name=empty]").click()
    browser_page.keyboard.type("1")
    task.get_by_role("radio", name="a").check()
    browser_page.keyboard.press("Enter")

    assert submitted(browser_page, portal) == {
        "note": "a",
        "secret": "s",
        "empty": "1",
        "long": "one\ntwo",
        "rank": "2",
        "many": ["a", "c"],
        "sure": {"yes": False, "no": True},
        "flags": {"odd": True, "rude": False},
        "seen": {"on": False},
        "twice": ["1", "2"],
        "sentiment": {"label": "a"},
    }


def test_a_required_field_is_required(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_template(
        browser_page, portal, '<crowd-form><input name="note" required></crowd-form>'
    )

    task.get_by_role("button", name="Submit").click()
    expect(task.locator("[name=note]")).to_be_focused()
    assert portal.a2i.answers == {}
    browser_page.keyboard.type("fine")
    browser_page.keyboard.press("Enter")

    assert submitted(browser_page, portal) == {"note": "fine"}


def test_enter_is_a_new_line_in_a_text_area(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_template(
        browser_page, portal, '<crowd-form><textarea name="note"></textarea></crowd-form>'
    )

    task.locator("[name=note]").click()
    browser_page.keyboard.type("one")
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.type("two")
    browser_page.keyboard.press("Control+Enter")

    assert submitted(browser_page, portal) == {"note": "one\ntwo"}


def test_a_template_may_refuse_or_complete_the_answer(
    browser_page: Page, portal: PortalUnderTest
) -> None:
    task = open_template(
        browser_page,
        portal,
        """<crowd-form><input name="note"><input type="hidden" name="length"></crowd-form>
        <script>
        document.querySelector("crowd-form").onsubmit = (event) => {
          const [note, length] = document.querySelectorAll("input");
          if (note.value === "no") event.preventDefault();
          length.value = note.value.length;
        };
        </script>""",
    )
    note = task.locator("[name=note]")

    note.fill("no")
    note.press("Enter")
    expect(task.locator("[name=length]")).to_have_value("2")
    note.fill("fine")
    note.press("Enter")

    assert submitted(browser_page, portal) == {"note": "fine", "length": "4"}


@pytest.mark.parametrize(
    ("categories", "labels"),
    [
        ("['-1', '0', '1']", ["-1", "0", "1"]),
        ('["good", "bad"]', ["good", "bad"]),
        ("['it\\'s', \"a, b\", plain,]", ["it's", "a, b", "plain"]),
        ("[1, 2.5]", ["1", "2.5"]),
    ],
)
def test_categories_may_be_json_or_quoted_as_in_python(
    browser_page: Page, portal: PortalUnderTest, categories: str, labels: list[str]
) -> None:
    value = categories.replace("&", "&amp;").replace('"', "&quot;")
    task = open_template(
        browser_page,
        portal,
        f'<crowd-form><crowd-classifier name="c" categories="{value}"></crowd-classifier>'
        "</crowd-form>",
    )

    expect(task.get_by_role("radio")).to_have_count(len(labels))
    for label in labels:
        expect(task.get_by_role("radio", name=label, exact=True)).to_be_visible()


@pytest.mark.parametrize("categories", ["", "good, bad", "['a' 'b']", "[]"])
def test_categories_that_are_no_list_are_told(
    browser_page: Page, portal: PortalUnderTest, categories: str
) -> None:
    task = open_template(
        browser_page,
        portal,
        f'<crowd-form><crowd-classifier name="c" categories="{categories}"></crowd-classifier>'
        "</crowd-form>",
    )

    expect(task.get_by_role("alert")).to_contain_text('Its "categories" are wrong')
    task.get_by_role("button", name="Submit").click()
    assert portal.a2i.answers == {}


def test_a_template_brings_its_own_button(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_template(
        browser_page,
        portal,
        """<crowd-form>
        <crowd-classifier name="c" categories="['a', 'b']" initial-value="a"></crowd-classifier>
        <crowd-button form-action="reset">Start over</crowd-button>
        <crowd-button form-action="submit">Done</crowd-button></crowd-form>""",
    )

    expect(task.get_by_role("button")).to_have_count(2)
    task.get_by_role("radio", name="b", exact=True).check()
    task.get_by_role("button", name="Start over").click()
    expect(task.get_by_role("radio", name="a")).to_be_checked()
    task.get_by_role("button", name="Done").click()

    assert submitted(browser_page, portal) == {"c": {"label": "a"}}


def test_an_unknown_element_shows_its_content(browser_page: Page, portal: PortalUnderTest) -> None:
    task = open_template(
        browser_page, portal, "<crowd-form><crowd-maze>Look here</crowd-maze></crowd-form>"
    )

    expect(task.get_by_text("Look here")).to_be_visible()
    expect(browser_page.get_by_role("alert")).to_contain_text("does not have: crowd-maze")


def test_a_page_without_a_form_is_told(browser_page: Page, portal: PortalUnderTest) -> None:
    portal.a2i.template = CROWD + "<form><input name='plain'><button>Send</button></form>"
    sign_in(browser_page, portal, REVIEW)

    browser_page.get_by_role("button", name="Start").click()

    expect(browser_page.get_by_role("alert")).to_contain_text(
        "This page cannot be answered: it has no crowd-form"
    )
    browser_page.frame_locator("#task").get_by_role("button", name="Send").click()
    assert portal.a2i.answers == {}


def test_a_page_without_the_elements_is_told(browser_page: Page, portal: PortalUnderTest) -> None:
    portal.a2i.template = "<crowd-form><input name='plain'></crowd-form>"
    sign_in(browser_page, portal, REVIEW)
    browser_page.clock.install()

    browser_page.get_by_role("button", name="Start").click()
    browser_page.frame_locator("#task").locator("input").wait_for()
    browser_page.clock.fast_forward(6000)

    expect(browser_page.get_by_role("alert")).to_contain_text(
        "This page cannot be answered: it does not load crowd-html-elements.js"
    )


def test_new_tasks_appear_by_themselves(browser_page: Page, portal: PortalUnderTest) -> None:
    sign_in(browser_page, portal)
    expect(browser_page.get_by_text("No tasks are waiting")).to_be_visible()

    portal.a2i.inputs = [REVIEW]
    browser_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(browser_page.get_by_text("1 task is waiting.")).to_be_visible()


def test_a_worker_signs_out(browser_page: Page, portal: PortalUnderTest) -> None:
    sign_in(browser_page, portal)

    browser_page.get_by_role("link", name="Sign out").click()

    expect(browser_page.get_by_role("heading")).to_have_text("You are signed out")
    assert portal.cognito.signed_out == 1
    browser_page.get_by_role("link", name="Sign in").click()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_nothing_is_loaded_from_elsewhere(browser_page: Page, portal: PortalUnderTest) -> None:
    foreign: list[str] = []
    failed: list[str] = []

    def watched(route: Route) -> None:
        if urlsplit(route.request.url).hostname != "localhost":
            foreign.append(route.request.url)
        route.continue_()

    browser_page.route("**/*", watched)
    browser_page.on("pageerror", lambda error: failed.append(str(error)))
    browser_page.on("console", lambda message: _violation(message.text, failed))
    task = open_task(browser_page, portal)
    task.get_by_text("It squeaks.").wait_for()

    assert foreign == []
    assert failed == []


def _violation(text: str, failed: list[str]) -> None:
    if "Content Security Policy" in text:
        failed.append(text)


def test_a_narrow_screen_shows_everything(browser_page: Page, portal: PortalUnderTest) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    task = open_task(browser_page, portal)

    expect(task.get_by_role("button", name="Submit")).to_be_in_viewport()
    for scrolled in (browser_page.locator("html"), task.locator("html")):
        assert scrolled.evaluate("page => page.scrollWidth <= page.clientWidth")
