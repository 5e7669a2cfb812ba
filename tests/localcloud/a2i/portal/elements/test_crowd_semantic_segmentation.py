from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import (
    PROPERTIES,
    SIZE,
    Drawing,
    data_uri,
    mask,
    template,
)
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
WHITE, BLUE, ORANGE, GREEN = (255, 255, 255), (31, 119, 180), (255, 127, 14), (0, 128, 0)
MAPPINGS = {"Cat": {"color": "#1f77b4"}, "Dog": {"color": "#ff7f0e"}}


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    return Drawing(task_page(template("crowd-semantic-segmentation", **attributes)))


def colours(image: Image.Image) -> dict[Any, int]:
    """How many pixels of an image have each colour."""
    return {colour: count for count, colour in image.getcolors() or []}


def test_parts_are_painted_erased_and_filled_by_mouse(task_page: OPEN) -> None:
    parts = drawing(task_page)

    # The brush is 10 pixels wide: a fortieth of the image.
    parts.drag((50.5, 50.5), (90.5, 50.5))
    parts.press("2")
    parts.button("Fill").click()
    parts.click((200.5, 100.5), (299.5, 100.5), (299.5, 199.5), (200.5, 199.5))
    parts.press("Enter")
    parts.button("Eraser").click()
    parts.drag((250.5, 90.5), (250.5, 220.5))
    assert parts.task.violations() == []
    answer = parts.submit()

    painted = mask(answer)
    assert answer["inputImageProperties"] == PROPERTIES
    assert answer["labelMappings"] == MAPPINGS
    assert set(answer) == {"inputImageProperties", "labelMappings", "labeledImage"}
    assert painted.size == SIZE
    assert set(colours(painted)) == {WHITE, BLUE, ORANGE}
    assert [painted.getpixel((x, 50)) for x in (44, 46, 70, 94, 96)] == [
        WHITE, BLUE, BLUE, BLUE, WHITE,
    ]  # fmt: skip
    assert colours(painted)[ORANGE] == 100 * 100 - 10 * 100
    assert [painted.getpixel((x, 150)) for x in (199, 200, 245, 246, 250, 255, 256, 299, 300)] == [
        WHITE, ORANGE, ORANGE, WHITE, WHITE, WHITE, ORANGE, ORANGE, WHITE,
    ]  # fmt: skip


def test_parts_are_painted_by_keyboard_and_undone(task_page: OPEN) -> None:
    parts = drawing(task_page)
    parts.surface.focus()

    # Down to one pixel, then a line of 21, one up, and one of a filled triangle.
    parts.press("[*10", "Space", "ArrowRight*4", "Space", "ArrowDown*2", "2", "g")
    parts.press("Space", "ArrowRight*2", "Space", "ArrowDown*2", "Space", "Enter")
    assert parts.listed() == ["Cat: 21 pixels", "Dog: 66 pixels"]
    parts.press("Control+z")
    assert parts.listed() == ["Cat: 21 pixels"]
    parts.press("Control+z")
    assert parts.listed() == []
    parts.press("Control+y", "Control+y", "p", "Delete")
    expect(parts.said).to_have_text("Deleted: Dog: 66 pixels.")

    painted = mask(parts.submit())
    assert colours(painted) == {BLUE: 21, WHITE: 400 * 300 - 21}
    assert painted.getpixel((200, 150)) == painted.getpixel((220, 150)) == BLUE


def test_what_is_painted_at_any_zoom_is_where_it_is_seen(task_page: OPEN) -> None:
    parts = drawing(task_page)
    mouse = parts.task.window.mouse

    spot = parts.at((160.5, 110.5))
    mouse.move(*spot)
    mouse.wheel(0, -900)
    parts.surface.focus()
    parts.press("[*10")
    mouse.click(*spot)

    painted = mask(parts.submit())
    assert colours(painted)[BLUE] == 1
    assert painted.getpixel((160, 110)) == BLUE


def test_the_mask_of_a_model_is_corrected(task_page: OPEN) -> None:
    suggested = Image.new("RGB", SIZE, "white")
    suggested.paste(GREEN, (20, 20, 60, 60))
    given = (
        f"{{'src': '{data_uri(suggested)}', 'labelMappings': {{'Dog': {{'color': '#008000'}},}}}}"
    )
    parts = drawing(task_page, initial_value=given)

    assert parts.listed() == ["Dog: 1600 pixels"]
    parts.drag((300.5, 200.5), (320.5, 200.5))
    parts.button("Undo").click()
    answer = parts.submit()

    assert answer["initialValueModified"] is False
    assert answer["labelMappings"] == {"Cat": {"color": "#1f77b4"}, "Dog": {"color": "#008000"}}
    assert mask(answer).tobytes() == suggested.tobytes()


def test_a_changed_mask_is_told_apart(task_page: OPEN) -> None:
    suggested = data_uri(Image.new("RGB", SIZE, BLUE))
    given = f'{{"src": "{suggested}", "labelMappings": {{"Cat": {{"color": "#1f77b4"}}}}}}'
    parts = drawing(task_page, initial_value=given)

    parts.button("Eraser").click()
    parts.drag((300.5, 200.5), (320.5, 200.5))

    assert parts.submit()["initialValueModified"] is True


def test_a_mask_of_another_size_is_refused(task_page: OPEN) -> None:
    given = f'{{"src": "{data_uri(Image.new("RGB", (40, 30)))}", "labelMappings": {{}}}}'
    parts = drawing(task_page, initial_value=given)

    expect(parts.task.page.locator(".problem")).to_contain_text(
        "The mask to begin with has 40 × 30 pixels, the image 400 × 300."
    )
    parts.button("Submit").click()
    assert not parts.task.is_answered()


def test_what_is_transparent_in_a_mask_belongs_to_nothing(task_page: OPEN) -> None:
    suggested = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    suggested.paste((*GREEN, 255), (20, 20, 60, 60))
    # Colours may be written with three digits.
    mappings = "{'Cat': {'color': '#008000'}, 'Dog': {'color': '#FFF'}}"
    given = f"{{'src': '{data_uri(suggested)}', 'labelMappings': {mappings}}}"
    parts = drawing(task_page, initial_value=given)

    assert parts.listed() == ["Cat: 1600 pixels"]
    parts.surface.focus()
    parts.press("n", "Delete")
    expect(parts.task.page.get_by_label("Nothing to label")).to_be_enabled()
    parts.press("Control+z")
    answer = parts.submit()

    assert answer["labelMappings"] == {"Cat": {"color": "#008000"}, "Dog": {"color": "#FFFFFF"}}
    assert answer["initialValueModified"] is False
    assert colours(mask(answer)) == {GREEN: 1600, WHITE: 400 * 300 - 1600}
