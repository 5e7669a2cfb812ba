from collections.abc import Callable

from tests.localcloud.a2i.portal.elements.drawing import PROPERTIES, Drawing, template
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
GIVEN = "{lines: [{label: 'Dog', vertices: [{x: 84, y: 110}, {x: 60, y: 100}]}]}"


def line(label: str, *points: tuple[int, int]) -> dict[str, object]:
    return {"label": label, "vertices": [{"x": x, "y": y} for x, y in points]}


def drawing(task_page: OPEN, **attributes: str) -> Drawing:
    return Drawing(task_page(template("crowd-line", **attributes)))


def test_lines_are_dragged_or_clicked(task_page: OPEN) -> None:
    lines = drawing(task_page)

    lines.drag((300, 200), (120, 90))
    lines.press("2")
    lines.click((20, 30), (50, 260))

    assert lines.task.violations() == []
    assert lines.submit() == {
        "inputImageProperties": PROPERTIES,
        "lines": [line("Cat", (300, 200), (120, 90)), line("Dog", (20, 30), (50, 260))],
    }


def test_a_line_is_drawn_changed_and_deleted_by_keyboard(task_page: OPEN) -> None:
    lines = drawing(task_page)
    lines.surface.focus()

    lines.press("Space", "ArrowRight*3", "Enter", "Space", "ArrowUp*2", "Space")
    assert lines.listed() == ["Cat: 200, 150; 215, 150", "Cat: 215, 150; 215, 140"]
    lines.press("p", "2", "ArrowLeft", "c", "ArrowDown", "n", "Delete")

    assert lines.submit()["lines"] == [line("Dog", (210, 155), (210, 140))]


def test_what_the_model_drew_is_told_apart(task_page: OPEN) -> None:
    lines = drawing(task_page, initial_value=GIVEN)
    lines.drag((60, 100), (70, 120))
    assert lines.listed() == ["Dog: 94, 130; 70, 120"]
    lines.press("Control+z")

    assert lines.submit() == {
        "initialValueModified": False,
        "inputImageProperties": PROPERTIES,
        "lines": [line("Dog", (84, 110), (60, 100))],
    }
