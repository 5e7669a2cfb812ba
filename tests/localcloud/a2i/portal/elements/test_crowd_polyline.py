from collections.abc import Callable

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import PROPERTIES, Drawing, template
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
LABELS = "['sideline', 'yardline']"
# The shape that the developer guide shows, comments included.
GIVEN = """{
  polylines: [
    {
      label: 'yardline', // label of this line annotation
      vertices: [{x: 84, y: 110}, {x: 60, y: 100}, {x: 20, y: 30}]
    },
  ]
}"""


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    return Drawing(task_page(template("crowd-polyline", labels=LABELS, **attributes)))


def test_polylines_are_clicked_and_may_cross_themselves(task_page: OPEN) -> None:
    polylines = drawing(task_page, label_colors="['#ff0000', '#0000ff']")

    polylines.click((50, 50), (250, 250), (250, 50), (50, 250))
    polylines.press("Enter", "2")
    polylines.click((300, 30))
    polylines.task.window.mouse.dblclick(*polylines.at((380, 40)))

    swatch = polylines.task.page.locator(".labels .swatch").last
    expect(swatch).to_have_css("background-color", "rgb(0, 0, 255)")
    assert polylines.task.violations() == []
    assert polylines.submit() == {
        "inputImageProperties": PROPERTIES,
        "polylines": [
            {
                "label": "sideline",
                "vertices": [
                    {"x": 50, "y": 50},
                    {"x": 250, "y": 250},
                    {"x": 250, "y": 50},
                    {"x": 50, "y": 250},
                ],
            },
            {"label": "yardline", "vertices": [{"x": 300, "y": 30}, {"x": 380, "y": 40}]},
        ],
    }


def test_a_polyline_is_drawn_and_changed_by_keyboard(task_page: OPEN) -> None:
    polylines = drawing(task_page)
    polylines.surface.focus()

    polylines.press("Space", "ArrowUp*2", "Space", "ArrowUp", "Space", "Backspace", "ArrowLeft")
    polylines.press("Space", "Enter", "n", "2", "ArrowDown", "c", "Shift+ArrowLeft")

    assert polylines.submit()["polylines"] == [
        {
            "label": "yardline",
            "vertices": [{"x": 199, "y": 155}, {"x": 200, "y": 145}, {"x": 195, "y": 140}],
        }
    ]


def test_what_the_model_drew_is_relabelled(task_page: OPEN) -> None:
    polylines = drawing(task_page, initial_value=GIVEN)
    given = [{"x": 84, "y": 110}, {"x": 60, "y": 100}, {"x": 20, "y": 30}]

    polylines.drag((72, 105), (82, 125))
    polylines.press("1")

    assert polylines.submit() == {
        "initialValueModified": True,
        "inputImageProperties": PROPERTIES,
        "polylines": [
            {
                "label": "sideline",
                "vertices": [{"x": point["x"] + 10, "y": point["y"] + 20} for point in given],
            }
        ],
    }


def test_a_colour_that_is_none_is_said(task_page: OPEN) -> None:
    polylines = drawing(task_page, label_colors="['red', '#0000ff']")

    expect(polylines.task.page.locator("#error")).to_contain_text(
        "red is not a colour like #1f77b4"
    )
