"""One label out of several for an image, or for what was found on it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import SRC
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[..., TaskPage]

CONTENT = """
  <short-instructions>Look at the whole image.</short-instructions>
  <full-instructions header="How"><p>Take your time.</p></full-instructions>
"""
BOXES = """{
  "boundingBox": {
    labels: ["bird", "cat"],
    value: [
      {
        height: 60,
        label: "bird",
        left: 120,
        top: 80,
        width: 80
      },
      { height: 30, label: "cat", left: 0, top: 0, width: 100 }
    ]
  },
}"""
MASK = """{
  "semanticSegmentation": {
    "labels": ["Cat", "Dog"],
    "labelMappings": { "Cat": { "color": "#2ca02c" }, "Dog": { "color": "#2acf59" } },
    "src": "%s",
  }
}"""


def template(more: str = "", content: str = CONTENT, src: str = SRC) -> str:
    return f"""<crowd-form>
      <crowd-image-classifier name="category" src="{src}" header="Good or bad?"
        categories="['good', 'bad', 'okay']" {more}>{content}</crowd-image-classifier>
    </crowd-form>"""


def test_a_label_is_chosen_by_mouse(task_page: OpenPage) -> None:
    task = task_page(template())

    expect(task.page.get_by_role("img", name="Image to judge")).to_have_js_property(
        "naturalWidth", 400
    )
    task.page.get_by_role("radio", name="okay").click()

    assert task.violations() == []
    assert task.submit() == {"category": {"label": "okay"}}


def test_a_label_is_chosen_by_keyboard_alone(task_page: OpenPage) -> None:
    task = task_page(template())

    task.press("Enter")
    expect(task.page.get_by_role("alert")).to_have_text("Choose one of the answers first.")
    task.press("2", "Enter")

    assert task.answer() == {"category": {"label": "bad"}}


def test_boxes_are_shown_where_they_were_drawn(task_page: OpenPage) -> None:
    task = task_page(template(f"overlay='{BOXES}'"))
    bird = task.page.locator(".box").filter(has_text="bird")

    image = task.page.get_by_role("img", name="Image to judge").bounding_box()
    box = bird.bounding_box()
    assert image is not None
    assert box is not None
    zoom = image["width"] / 400
    assert (box["x"] - image["x"]) / zoom == 120
    assert (box["y"] - image["y"]) / zoom == 80
    assert (box["width"] / zoom, box["height"] / zoom) == (80, 60)
    assert task.violations() == []
    task.page.get_by_role("button", name="Hide what was found").click()
    expect(bird).to_have_count(0)


def test_a_segmentation_is_shown_with_its_colours(task_page: OpenPage) -> None:
    task = task_page(template(f"overlay='{MASK % SRC}'"))

    expect(task.page.locator(".mask")).to_be_visible()
    colours = task.page.get_by_role("list", name="Colours").get_by_role("listitem")
    expect(colours).to_have_text(["Cat", "Dog"])
    assert task.violations() == []


def test_an_overlay_of_another_kind_is_told(task_page: OpenPage) -> None:
    task = task_page(template("overlay='{\"polygon\": {}}'"))

    expect(task.page.get_by_role("alert")).to_contain_text('Its "overlay" is wrong')


def test_a_comment_is_part_of_the_answer(task_page: OpenPage) -> None:
    comment = """<worker-comment header="Why?" link-text="Say why" placeholder="A box is missing">
      Name what is wrong.</worker-comment>"""
    task = task_page(template(content=CONTENT + comment))
    task.press("2")

    task.page.get_by_role("button", name="Say why").press("Enter")
    dialog = task.page.get_by_role("dialog", name="Why?")
    expect(task.page.get_by_text("Name what is wrong.")).to_be_visible()
    expect(dialog.get_by_placeholder("A box is missing")).to_be_focused()
    task.window.keyboard.type("1 box is loose")
    assert task.violations() == []
    dialog.get_by_role("button", name="Done").click()

    expect(task.page.get_by_text("1 box is loose")).to_be_visible()
    assert task.submit() == {"category": {"label": "bad", "workerComment": "1 box is loose"}}


def test_a_comment_that_is_empty_is_left_out(task_page: OpenPage) -> None:
    task = task_page(template(content="<worker-comment>Say why.</worker-comment>"))

    task.page.get_by_role("button", name="Add a comment.").click()
    task.window.keyboard.type("  ")
    task.press("Escape")
    task.page.get_by_role("radio", name="good").click()

    assert task.submit() == {"category": {"label": "good"}}


def test_an_image_that_cannot_be_loaded_is_told(task_page: OpenPage) -> None:
    task = task_page(template(src="data:image/png;base64,AAAA"))

    expect(task.page.get_by_role("alert").first).to_contain_text("The image cannot be loaded.")
    assert task.violations() == []


def test_a_word_stays_whole_when_there_is_room(task_page: OpenPage) -> None:
    task = task_page(
        template().replace("'good', 'bad', 'okay'", "'Building', 'Bench', 'Bus', 'Bin'")
    )
    task.window.set_viewport_size({"width": 720, "height": 800})

    heights = [label.bounding_box() for label in task.page.locator(".choices .label").all()]

    assert len({box["height"] for box in heights if box}) == 1


def test_a_comment_is_told_to_scripts_and_forgotten_by_a_reset(task_page: OpenPage) -> None:
    comment = "<worker-comment>Say why.</worker-comment>"
    again = """<crowd-button form-action="reset">Again</crowd-button><output></output></crowd-form>
    <script>
      document.querySelector("crowd-image-classifier").onchange = ({ target }) => {
        document.querySelector("output").textContent = target.value.workerComment ?? "";
      };
    </script>"""
    task = task_page(template(content=comment).replace("</crowd-form>", again))

    task.press("1")
    task.page.get_by_role("button", name="Add a comment.").click()
    task.window.keyboard.type("Dark")
    expect(task.page.locator("output")).to_have_text("Dark")
    task.press("Escape")
    task.page.get_by_role("button", name="Again").click()
    expect(task.page.locator(".written")).to_have_count(0)
    task.press("3")

    assert task.submit() == {"category": {"label": "okay"}}
