import json
from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import PROPERTIES, Drawing, template
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
TRIANGLE = [(100, 60), (300, 60), (200, 240)]


def vertices(*points: tuple[float, float]) -> list[dict[str, float]]:
    return [{"x": x, "y": y} for x, y in points]


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    return Drawing(task_page(template("crowd-polygon", **attributes)))


def test_polygons_are_clicked(task_page: OPEN) -> None:
    polygons = drawing(task_page)

    # Closed with a click on the first corner, with Enter, and with a double click.
    polygons.click(*TRIANGLE, TRIANGLE[0])
    polygons.press("2")
    polygons.click((20, 20), (60, 20), (60, 60), (20, 60))
    polygons.press("Enter")
    polygons.click((350, 200), (390, 200))
    polygons.task.window.mouse.dblclick(*polygons.at((390, 280)))

    assert polygons.task.violations() == []
    assert polygons.submit() == {
        "inputImageProperties": PROPERTIES,
        "polygons": [
            {"label": "Cat", "vertices": vertices(*TRIANGLE)},
            {"label": "Dog", "vertices": vertices((20, 20), (60, 20), (60, 60), (20, 60))},
            {"label": "Dog", "vertices": vertices((350, 200), (390, 200), (390, 280))},
        ],
    }


def test_a_polygon_is_drawn_changed_and_deleted_by_keyboard(task_page: OPEN) -> None:
    polygons = drawing(task_page)
    polygons.surface.focus()

    polygons.press("Space", "ArrowRight*4", "Space", "ArrowDown*4", "Space", "Enter")
    assert polygons.listed() == ["Cat: 200, 150; 220, 150; 220, 170"]
    polygons.press("n", "2", "ArrowUp*2", "c", "c", "ArrowRight")
    assert polygons.listed() == ["Dog: 200, 140; 225, 140; 220, 160"]
    polygons.press("Delete", "Control+z")
    assert polygons.submit()["polygons"] == [
        {"label": "Dog", "vertices": vertices((200, 140), (225, 140), (220, 160))}
    ]


def test_points_are_undone_and_redone_while_drawing(task_page: OPEN) -> None:
    polygons = drawing(task_page)

    polygons.click((100, 60), (300, 60), (310, 70))
    polygons.press("Control+z", "Control+z", "Control+y")
    polygons.click((200, 240))
    polygons.press("Enter")
    assert polygons.listed() == ["Cat: 100, 60; 300, 60; 200, 240"]
    polygons.press("Control+z")
    assert polygons.listed() == []
    polygons.press("Control+y")
    assert polygons.listed() == ["Cat: 100, 60; 300, 60; 200, 240"]


def test_sides_may_not_cross_and_two_corners_are_too_few(task_page: OPEN) -> None:
    polygons = drawing(task_page)

    polygons.click((100, 60), (300, 60))
    polygons.press("Enter")
    expect(polygons.said).to_have_text("A polygon needs 3 points, this has 2.")
    polygons.click((300, 200), (200, 20))
    expect(polygons.said).to_have_text("A polygon's sides may not cross each other.")
    polygons.click((100, 200))
    polygons.press("Enter", "n")
    # Dragged to the left of the left side, a corner stays where its sides last crossed nothing.
    polygons.drag((300, 60), (20, 60), (20, 130))
    [(x, y)] = [
        (point["x"], point["y"])
        for point in polygons.submit()["polygons"][0]["vertices"]
        if (point["x"], point["y"]) not in [(100, 60), (300, 200), (100, 200)]
    ]
    assert x > 100 - (y - 60)


def test_what_the_model_drew_is_a_beginning(task_page: OPEN) -> None:
    corners = vertices((10, 20), (90.4, 20), (9, 900))
    given = json.dumps([{"label": "Dog", "vertices": corners}])
    polygons = drawing(task_page, initial_value=given)

    assert polygons.submit() == {
        "inputImageProperties": PROPERTIES,
        "polygons": [{"label": "Dog", "vertices": vertices((10, 20), (90, 20), (9, 300))}],
    }


def test_a_model_may_draw_what_a_person_may_not(task_page: OPEN) -> None:
    corners = vertices((10, 10), (100, 100), (100, 10), (10, 100))
    given = json.dumps([{"label": "Dog", "vertices": corners}])

    polygons = drawing(task_page, initial_value=given)

    assert polygons.submit()["polygons"] == [{"label": "Dog", "vertices": corners}]


def test_a_polygon_beside_the_image_is_refused(task_page: OPEN) -> None:
    corners = vertices((10, 310), (100, 320), (50, 330))
    given = json.dumps([{"label": "Dog", "vertices": corners}])
    polygons = drawing(task_page, initial_value=given)

    expect(polygons.task.page.locator("#error")).to_contain_text("covers nothing of the image")
    polygons.button("Submit").click()
    assert not polygons.task.is_answered()
