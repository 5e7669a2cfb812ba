from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import (
    PROPERTIES,
    SRC,
    Drawing,
    data_uri,
    red_corners,
    template,
)
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
# As the developer guide writes it: names without quotes, and a comma too many.
GIVEN = "[ {label: 'Dog', left: 230, top: 90, width: 100, height: 120}, ]"


def box(label: str, left: int, top: int, width: int, height: int) -> dict[str, Any]:
    return {"height": height, "label": label, "left": left, "top": top, "width": width}


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    return Drawing(task_page(template("crowd-bounding-box", **attributes)))


def test_boxes_are_drawn_by_mouse_and_labelled_by_number(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    boxes.drag((60, 50), (130, 100), (180, 200))
    boxes.press("2")
    boxes.drag((350, 250), (210, 130))

    assert boxes.listed() == ["Cat: 120 × 150 at 60, 50", "Dog: 140 × 120 at 210, 130"]
    assert boxes.task.violations() == []
    assert boxes.submit() == {
        "boundingBoxes": [box("Cat", 60, 50, 120, 150), box("Dog", 210, 130, 140, 120)],
        "inputImageProperties": PROPERTIES,
    }


def test_a_box_ends_at_the_edge_of_the_image(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    boxes.click((30, 20), (90, 60))
    boxes.drag((300, 200), (420, 320))

    assert boxes.submit()["boundingBoxes"] == [
        box("Cat", 30, 20, 60, 40),
        box("Cat", 300, 200, 100, 100),
    ]


def test_a_box_is_drawn_by_keyboard(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    # From the middle of the image, 200, 150; arrows go 5 pixels.
    boxes.surface.focus()
    boxes.press("2", "ArrowLeft*4", "ArrowUp*2", "Space")
    boxes.press("ArrowRight*6", "Shift+ArrowRight", "ArrowDown*3", "Space")

    expect(boxes.said).to_have_text("Added: Dog: 31 × 15 at 180, 140.")
    assert boxes.submit()["boundingBoxes"] == [box("Dog", 180, 140, 31, 15)]


def test_a_box_is_moved_resized_relabelled_and_deleted_by_keyboard(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)
    boxes.surface.focus()

    boxes.press("n", "ArrowLeft*2", "Shift+ArrowDown")
    assert boxes.listed() == ["Dog: 100 × 120 at 220, 91"]
    boxes.press("c", "ArrowRight")
    assert boxes.listed() == ["Dog: 95 × 120 at 225, 91"]
    boxes.press("c", "c", "ArrowDown")
    assert boxes.listed() == ["Dog: 95 × 125 at 225, 91"]
    boxes.press("1")
    assert boxes.listed() == ["Cat: 95 × 125 at 225, 91"]
    assert boxes.task.violations() == []
    boxes.press("Delete")
    assert boxes.listed() == []
    expect(boxes.said).to_have_text("Deleted: Cat: 95 × 125 at 225, 91.")


def test_a_box_is_moved_and_resized_by_mouse(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)

    boxes.drag((280, 90), (260, 60))
    assert boxes.listed() == ["Dog: 100 × 120 at 210, 60"]
    boxes.drag((310, 180), (330, 200))
    assert boxes.listed() == ["Dog: 120 × 140 at 210, 60"]
    boxes.button("Move").click()
    boxes.drag((270, 90), (420, 280))

    assert boxes.submit() == {
        "boundingBoxes": [box("Dog", 280, 160, 120, 140)],
        "initialValueModified": True,
        "inputImageProperties": PROPERTIES,
    }


def test_a_box_may_be_drawn_inside_another(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)

    boxes.drag((250, 110), (300, 190))

    assert boxes.listed() == ["Dog: 100 × 120 at 230, 90", "Cat: 50 × 80 at 250, 110"]


def test_what_is_seen_at_any_zoom_is_what_is_answered(task_page: OPEN) -> None:
    boxes = drawing(task_page)
    mouse = boxes.task.window.mouse

    mouse.move(*boxes.at((150, 100)))
    mouse.wheel(0, -400)
    boxes.button("Zoom in").click()
    boxes.surface.focus()
    boxes.press("Control+ArrowLeft")
    corners = red_corners(boxes)
    boxes.drag_on_screen(*corners)
    boxes.button("Fit").click()

    assert corners[1][0] - corners[0][0] > 250, "the image was not zoomed"
    assert boxes.submit()["boundingBoxes"] == [box("Cat", 120, 80, 80, 60)]


def test_steps_are_undone_and_redone(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    boxes.drag((60, 50), (180, 200))
    boxes.press("n", "2", "ArrowRight*3", "Escape")
    assert boxes.listed() == ["Dog: 120 × 150 at 75, 50"]
    boxes.press("Control+z")
    assert boxes.listed() == ["Dog: 120 × 150 at 60, 50"]
    boxes.button("Undo").click()
    assert boxes.listed() == ["Cat: 120 × 150 at 60, 50"]
    boxes.button("Undo").click()
    assert boxes.listed() == []
    boxes.button("Redo").click()
    boxes.surface.focus()
    boxes.press("Control+y")
    assert boxes.listed() == ["Dog: 120 × 150 at 60, 50"]


def test_a_box_is_relabelled_and_deleted_in_the_list(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)

    boxes.button("Dog: 100 × 120 at 230, 90").click()
    boxes.task.page.get_by_label("Label", exact=True).select_option("Cat")
    assert boxes.listed() == ["Cat: 100 × 120 at 230, 90"]
    boxes.button("Delete").click()
    assert boxes.listed() == []


def test_what_the_model_drew_is_there_and_told_apart_from_what_was_changed(
    task_page: OPEN,
) -> None:
    cow = "{label: 'Cow', left: 1, top: 1, width: 5, height: 5}"
    boxes = drawing(task_page, initial_value=GIVEN.replace(", ]", f", {cow}]"))

    boxes.drag((60, 50), (180, 200))
    boxes.press("Control+z")

    # A label that is not among the labels is not shown, as in the service.
    assert boxes.submit() == {
        "boundingBoxes": [box("Dog", 230, 90, 100, 120)],
        "initialValueModified": False,
        "inputImageProperties": PROPERTIES,
    }


def test_nothing_is_an_answer_only_when_it_is_said(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    boxes.button("Submit").click()
    expect(boxes.task.page.locator("#error")).to_have_text(
        'Draw at least one box, or check "Nothing to label".'
    )
    assert not boxes.task.is_answered()
    boxes.task.page.get_by_label("Nothing to label").check()

    assert boxes.submit() == {"boundingBoxes": [], "inputImageProperties": PROPERTIES}


def test_a_half_drawn_box_is_not_submitted(task_page: OPEN) -> None:
    boxes = drawing(task_page)

    boxes.drag((60, 50), (180, 200))
    boxes.click((300, 200))
    boxes.button("Submit").click()
    expect(boxes.task.page.locator("#error")).to_contain_text("Finish what you are drawing")
    boxes.press("Escape")

    assert boxes.submit()["boundingBoxes"] == [box("Cat", 60, 50, 120, 150)]


def test_enter_in_the_image_does_not_submit(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)

    boxes.surface.focus()
    boxes.press("Enter")

    assert not boxes.task.is_answered()


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"labels": "Cat"}, "wrong: not a list: Cat."),
        ({"initial_value": "[{label: 'Cat'"}, "wrong: JSON5: "),
        ({"initial_value": "[{label: 'Cat', left: 'x'}]"}, "left is not a number in {"),
        ({"initial_value": "{boxes: []}"}, "not a list, nor an object with boundingBoxes"),
        ({"initial_value": "[null]"}, "null is no shape"),
        (
            {"initial_value": "[{label: 'Cat', left: 400, top: 20, width: 10, height: 30}]"},
            "the box 10 × 30 at 400, 20 covers nothing of the image, which has 400 × 300 pixels",
        ),
    ],
    ids=["labels", "no JSON", "no number", "another name", "no shape", "not in the image"],
)
def test_mistakes_of_the_template_are_said(
    task_page: OPEN, attributes: dict[str, str], sentence: str
) -> None:
    boxes = drawing(task_page, **attributes)

    expect(boxes.task.page.locator("#error")).to_contain_text(sentence)
    boxes.button("Submit").click()
    assert not boxes.task.is_answered()


def test_it_is_usable_on_a_narrow_screen(task_page: OPEN) -> None:
    boxes = drawing(task_page, initial_value=GIVEN)
    boxes.task.window.set_viewport_size({"width": 360, "height": 740})
    expect(boxes.surface).to_have_css("width", "326px")

    boxes.drag((60, 50), (180, 200))

    assert boxes.task.page.evaluate("document.documentElement.scrollWidth") == 360
    assert boxes.task.violations() == []
    assert boxes.submit()["boundingBoxes"][1] == box("Cat", 60, 50, 120, 150)


def test_fingers_draw_and_zoom(task_page: OPEN) -> None:
    boxes = drawing(task_page)
    touch = boxes.task.window.context.new_cdp_session(boxes.task.window)

    def fingers(kind: str, *points: tuple[float, float]) -> None:
        spots = [
            {"x": x, "y": y, "id": index}
            for index, (x, y) in enumerate(boxes.at(point) for point in points)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    fingers("touchStart", (60, 50))
    fingers("touchMove", (180, 200))
    fingers("touchEnd")
    expect(boxes.task.page.locator(".item")).to_have_count(1)
    zoom = boxes.task.page.locator(".zoom")
    before = zoom.inner_text()
    fingers("touchStart", (180, 150))
    fingers("touchStart", (180, 150), (220, 150))
    fingers("touchMove", (120, 150), (280, 150))
    fingers("touchEnd")

    expect(zoom).not_to_have_text(before)
    [drawn] = boxes.submit()["boundingBoxes"]
    assert drawn["label"] == "Cat"
    assert (drawn["left"], drawn["top"]) == (60, 50)


def test_two_drawings_are_two_answers(task_page: OPEN) -> None:
    one = template("crowd-bounding-box", src=data_uri(Image.new("RGB", (10, 20))))
    other = f'<crowd-keypoint name="points" src="{SRC}" labels="[\'Eye\']" header="Eyes?">'
    task = task_page(one.replace("</crowd-form>", f"{other}</crowd-keypoint></crowd-form>"))
    for each in task.page.get_by_label("Nothing to label").all():
        each.check()

    assert task.submit() == {
        "drawn": {"boundingBoxes": [], "inputImageProperties": {"height": 20, "width": 10}},
        "points": {"inputImageProperties": PROPERTIES, "keypoints": []},
    }


def test_what_reaches_over_the_edge_is_cut_off_there(task_page: OPEN) -> None:
    given = "[{label: 'Cat', left: -20.4, top: 250, width: 60, height: 100}]"
    boxes = drawing(task_page, initial_value=given)

    assert boxes.submit() == {
        "boundingBoxes": [box("Cat", 0, 250, 40, 50)],
        "initialValueModified": False,
        "inputImageProperties": PROPERTIES,
    }


def test_the_wheel_zooms_and_scrolls_the_page_when_all_is_in_view(task_page: OPEN) -> None:
    boxes = drawing(task_page)
    page, mouse = boxes.task.page, boxes.task.window.mouse
    page.evaluate("document.body.style.minHeight = '3000px'")

    mouse.move(*boxes.at((150, 100)))
    zoom = page.locator(".zoom")
    whole = zoom.inner_text()
    mouse.wheel(0, -200)
    expect(zoom).not_to_have_text(whole)
    mouse.wheel(0, 400)
    expect(zoom).to_have_text(whole)
    assert page.evaluate("scrollY") == 0
    mouse.wheel(0, 200)

    page.wait_for_function("scrollY > 0")
