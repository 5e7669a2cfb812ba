"""A person at an element to draw with, who goes by what is on the screen."""

import base64
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import FloatRect, Locator, expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

Point = tuple[float, float]
SIZE = (400, 300)
PROPERTIES = {"height": 300, "width": 400}


def data_uri(image: Image.Image) -> str:
    """An image as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"


def png(image: Image.Image) -> bytes:
    """An image as the bytes of a PNG file."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def picture() -> Image.Image:
    """A grey image with a red rectangle, of which the edges are known."""
    image = Image.new("RGB", SIZE, "#c8d0d8")
    image.paste("#ff0000", (120, 80, 200, 140))
    return image


SRC = data_uri(picture())


def template(element: str, labels: str = "['Cat', 'Dog']", src: str = SRC, **more: str) -> str:
    """A form with one drawing element named ``drawn``."""
    attributes = {"name": "drawn", "header": "What is there?", "src": src, "labels": labels} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    written = " ".join(
        f'{name}="{value.replace("&", "&amp;").replace(chr(34), "&quot;")}"'
        for name, value in attributes.items()
    )
    return (
        f"<crowd-form><{element} {written}>"
        "<short-instructions>Leave a margin.</short-instructions>"
        "<full-instructions><p>All of it.</p></full-instructions>"
        f"</{element}></crowd-form>"
    )


@dataclass
class Drawing:
    """An open task page with one drawing element, whose image is wholly in view.

    :param size: of the image, in pixels.
    """

    task: TaskPage
    size: tuple[int, int] = SIZE

    def __post_init__(self) -> None:
        expect(self.task.page.locator(".frame")).to_have_attribute("aria-busy", "false")

    @property
    def surface(self) -> Locator:
        return self.task.page.get_by_role("application")

    @property
    def said(self) -> Locator:
        """What was said of what happened."""
        return self.task.page.get_by_role("status")

    @property
    def box(self) -> FloatRect:
        """Where the surface is on the screen."""
        self.surface.scroll_into_view_if_needed()
        box = self.surface.bounding_box()
        assert box
        return box

    def at(self, point: Point) -> Point:
        """Where a position of the image is on the screen."""
        box, (width, height) = self.box, self.size
        zoom = min(box["width"] / width, box["height"] / height)
        left = box["x"] + (box["width"] - width * zoom) / 2
        top = box["y"] + (box["height"] - height * zoom) / 2
        return left + point[0] * zoom, top + point[1] * zoom

    def drag(self, *points: Point) -> None:
        """Go from point to point of the image with the mouse held down."""
        self.drag_on_screen(*(self.at(point) for point in points))

    def drag_on_screen(self, *points: Point) -> None:
        mouse = self.task.window.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=2)
        mouse.up()

    def click(self, *points: Point) -> None:
        for point in points:
            self.task.window.mouse.click(*self.at(point))

    def press(self, *keys: str) -> None:
        """Press keys; ``ArrowLeft*3`` is a key pressed three times."""
        for key in keys:
            name, _, times = key.partition("*")
            self.task.press(*[name] * int(times or 1))

    def listed(self) -> list[str]:
        """What the page says that is drawn."""
        return (
            self.task.page.get_by_role("list", name="What is drawn")
            .locator(".item")
            .all_inner_texts()
        )

    def button(self, name: str) -> Locator:
        return self.task.page.get_by_role("button", name=name, exact=True)

    def submit(self) -> Any:
        """The element's part of the answer."""
        return self.task.submit()["drawn"]


def mask(answer: Any) -> Image.Image:
    """The image of a segmentation's answer."""
    image = Image.open(io.BytesIO(base64.b64decode(answer["labeledImage"]["pngImageData"])))
    return image.convert("RGB")


def red_corners(drawing: Drawing) -> tuple[Point, Point]:
    """Where the red rectangle of the image is seen on the screen: two of its corners."""
    drawing.task.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    shot = Image.open(io.BytesIO(drawing.task.window.screenshot())).convert("RGB")
    red, green, _ = shot.split()
    is_red = ImageChops.darker(
        red.point(lambda value: 255 if value > 220 else 0),
        green.point(lambda value: 255 if value < 40 else 0),
    )
    edges = is_red.getbbox()
    assert edges
    return edges[:2], edges[2:]
