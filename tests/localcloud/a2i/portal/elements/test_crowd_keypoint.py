from collections.abc import Callable

from tests.localcloud.a2i.portal.elements.drawing import PROPERTIES, Drawing, template
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
GIVEN = "[{'label': 'Beak', 'x': 41, 'y': 503}, {'label': 'Wing', 'x': 1, 'y': 2}]"


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    page = template("crowd-keypoint", labels="['Left Eye', 'Beak']", **attributes)
    return Drawing(task_page(page))


def test_points_are_clicked_dragged_and_relabelled(task_page: OPEN) -> None:
    points = drawing(task_page)

    # In the middle of a pixel, that is in it and not in the next one.
    points.click((155.5, 75.5), (341.5, 147.5))
    points.drag((341.5, 147.5), (321.5, 117.5))
    points.press("2")

    assert points.task.violations() == []
    assert points.submit() == {
        "inputImageProperties": PROPERTIES,
        "keypoints": [
            {"label": "Left Eye", "x": 155, "y": 75},
            {"label": "Beak", "x": 321, "y": 117},
        ],
    }


def test_points_are_put_moved_relabelled_and_deleted_by_keyboard(task_page: OPEN) -> None:
    points = drawing(task_page)
    points.surface.focus()

    points.press("Space", "2", "ArrowLeft*2", "Space", "ArrowLeft*2", "Space")
    assert points.listed() == ["Left Eye: 200, 150", "Beak: 190, 150", "Beak: 180, 150"]
    points.press("n", "2", "Shift+ArrowDown", "n", "Delete")

    assert points.submit()["keypoints"] == [
        {"label": "Beak", "x": 200, "y": 151},
        {"label": "Beak", "x": 180, "y": 150},
    ]


def test_what_the_model_put_is_a_beginning_within_the_image(task_page: OPEN) -> None:
    points = drawing(task_page, initial_value=GIVEN)

    points.button("Beak: 41, 299").click()
    points.surface.focus()
    points.press("ArrowDown", "ArrowRight")

    assert points.submit() == {
        "inputImageProperties": PROPERTIES,
        "keypoints": [{"label": "Beak", "x": 46, "y": 299}],
    }
