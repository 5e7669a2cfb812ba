"""What scripts of a template do with the page's elements, as those of Amazon's samples do."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import SRC, Drawing
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]


def test_a_script_may_have_a_variable_called_parent(task_page: OPEN) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="a" label="A" value="1"></crowd-input></crowd-form>
        <script>var parent = document.createElement("div");</script>"""
    )

    assert task.submit() == {"a": "1"}


def test_a_script_adds_labels_and_looks_at_what_is_drawn(task_page: OPEN) -> None:
    task = task_page(
        f"""<crowd-form><crowd-keypoint id="annotator" name="drawn" header="Eyes" src="{SRC}"
          labels="['Left']"></crowd-keypoint>
        <input type="hidden" name="seen" id="seen"></crowd-form>
        <script>
          document.addEventListener("all-crowd-elements-ready", () => {{
            annotator.labels = annotator.labels.concat(["Right"]);
          }});
          document.querySelector("crowd-form").onsubmit = (event) => {{
            seen.value = annotator.value.keypoints.map((point) => point.label).join();
            if (annotator.value.keypoints.length < 2) event.preventDefault();
          }};
        </script>"""
    )
    points = Drawing(task)

    points.click((10.5, 20.5))
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()
    points.press("2")
    points.click((30.5, 40.5))

    answer = points.task.submit()
    assert answer["seen"] == "Left,Right"
    assert [point["label"] for point in answer["drawn"]["keypoints"]] == ["Left", "Right"]


def test_a_script_sets_categories_and_hears_the_choice(task_page: OPEN) -> None:
    task = task_page(
        """<crowd-form><crowd-classifier name="kind" categories="['a']" header="Kind">
        </crowd-classifier><output id="heard"></output></crowd-form>
        <script>
          document.addEventListener("all-crowd-elements-ready", () => {
            const classifier = document.querySelector("crowd-classifier");
            classifier.categories = ["b", "it's c"];
            classifier.onchange = (event) => { heard.value = event.target.value; };
          });
        </script>"""
    )

    expect(task.page.get_by_role("radio")).to_have_count(2)
    task.page.get_by_role("radio", name="it's c").check()

    expect(task.page.locator("#heard")).to_have_text("it's c")
    assert task.submit() == {"kind": {"label": "it's c"}}


def test_a_form_within_the_form_is_part_of_it(task_page: OPEN) -> None:
    task = task_page(
        """<crowd-form><crowd-input name="outer" label="Outer" value="1"></crowd-input>
        <form action=""><label>Grade <input name="grade" required></label>
          <crowd-button id="send" form-action="submit" disabled="true">Submit</crowd-button></form>
        <form method="dialog"><button>Close</button></form></crowd-form>
        <script>
          document.querySelector("[name=grade]").oninput = () => { send.disabled = false; };
        </script>"""
    )

    expect(task.page.get_by_role("button", name="Submit")).to_be_disabled()
    task.page.get_by_role("button", name="Close").click()
    task.page.get_by_role("textbox", name="Outer").press("Enter")
    expect(task.page.get_by_role("textbox", name="Grade")).to_be_focused()
    assert not task.is_answered()
    task.window.keyboard.type("2")

    assert task.submit() == {"outer": "1", "grade": "2"}
