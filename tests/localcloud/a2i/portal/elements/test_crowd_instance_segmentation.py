from collections.abc import Callable

from tests.localcloud.a2i.portal.elements.drawing import (
    PROPERTIES,
    SIZE,
    Drawing,
    mask,
    template,
)
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OPEN = Callable[..., TaskPage]
WHITE, BLUE, ORANGE, GREEN = (255, 255, 255), (31, 119, 180), (255, 127, 14), (44, 160, 44)


def drawing(task_page: OPEN) -> Drawing:
    return Drawing(task_page(template("crowd-instance-segmentation")))


def test_each_object_has_a_colour_of_its_own(task_page: OPEN) -> None:
    objects = drawing(task_page)

    objects.drag((50.5, 50.5), (90.5, 50.5))
    # The same object, in two parts; then a second cat, and a dog over it.
    objects.drag((50.5, 150.5), (90.5, 150.5))
    objects.press("1")
    objects.drag((150.5, 50.5), (190.5, 50.5))
    objects.press("2")
    objects.drag((170.5, 20.5), (170.5, 90.5))
    assert objects.task.violations() == []
    answer = objects.submit()

    painted = mask(answer)
    assert set(answer) == {"inputImageProperties", "instances", "labeledImage"}
    assert answer["inputImageProperties"] == PROPERTIES
    assert answer["instances"] == [
        {"color": "#1f77b4", "label": "Cat"},
        {"color": "#ff7f0e", "label": "Cat"},
        {"color": "#2ca02c", "label": "Dog"},
    ]
    assert painted.size == SIZE
    spots = [(70, 50), (70, 150), (155, 50), (170, 50), (300, 250)]
    assert [painted.getpixel(spot) for spot in spots] == [BLUE, BLUE, ORANGE, GREEN, WHITE]


def test_objects_are_painted_relabelled_and_deleted_by_keyboard(task_page: OPEN) -> None:
    objects = drawing(task_page)
    objects.surface.focus()

    objects.press("[*10", "Space", "ArrowRight", "Space", "ArrowDown", "1", "Space", "ArrowRight")
    objects.press("Space", "ArrowDown", "2", "Space", "Space")
    assert objects.listed() == ["Cat: 6 pixels", "Cat: 6 pixels", "Dog: 1 pixel"]
    objects.press("p", "Delete", "p")
    objects.task.page.get_by_label("Label", exact=True).select_option("Dog")
    answer = objects.submit()

    assert answer["instances"] == [
        {"color": "#1f77b4", "label": "Cat"},
        {"color": "#2ca02c", "label": "Dog"},
    ]
    painted = mask(answer)
    assert (painted.getpixel((200, 150)), painted.getpixel((205, 155))) == (BLUE, WHITE)
