"""Images that elements draw on: from other servers, turned by a camera, or not to be had."""

import base64
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.localcloud.a2i.portal.elements.drawing import (
    Drawing,
    picture,
    png,
    red_corners,
    template,
)
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage
from tests.localcloud.a2i.portal.server import listening_socket, served

OPEN = Callable[..., TaskPage]


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A server of images, of which ``/cors/…`` may be read by any page."""

    async def image(request: Request) -> Response:
        headers = {"Access-Control-Allow-Origin": "*"} if "cors" in request.path_params else {}
        return Response(png(picture()), media_type="image/png", headers=headers)

    here = listening_socket()
    url = f"http://localhost:{here.getsockname()[1]}"
    app = Starlette(routes=[Route("/{cors}/image.png", image), Route("/image.png", image)])
    with served((app, here)):
        yield url


def test_an_image_of_another_server_is_drawn_on(task_page: OPEN, bucket: str) -> None:
    src = f"{bucket}/cors/image.png?X-Amz-Signature=1&X-Amz-Expires=2"
    parts = Drawing(task_page(template("crowd-semantic-segmentation", src=src)))

    parts.click((20, 20))

    assert parts.submit()["inputImageProperties"] == {"height": 300, "width": 400}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/image.png", "its server does not allow it by CORS"),
        ("/nothing.png", "The image cannot be loaded."),
    ],
    ids=["no CORS", "not found"],
)
def test_an_image_that_is_not_to_be_had_is_said(
    task_page: OPEN, bucket: str, path: str, sentence: str
) -> None:
    boxes = Drawing(task_page(template("crowd-bounding-box", src=bucket + path)))

    expect(boxes.task.page.locator(".problem")).to_contain_text(sentence)
    assert boxes.task.violations() == []
    boxes.task.page.get_by_label("Nothing to label").check()
    boxes.button("Submit").click()
    assert not boxes.task.is_answered()


def test_positions_are_those_of_the_file_however_the_camera_was_held(task_page: OPEN) -> None:
    turned = picture().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: to be shown turned clockwise
    file = io.BytesIO()
    turned.save(file, "JPEG", exif=exif, quality=95)
    boxes = Drawing(task_page(template("crowd-bounding-box", src=jpeg(file))), turned.size)

    # The red rectangle, by where it is seen.
    boxes.drag_on_screen(*red_corners(boxes))

    answer: Any = boxes.submit()
    [box] = answer["boundingBoxes"]
    assert answer["inputImageProperties"] == {"height": 400, "width": 300}
    # Within 2 pixels, since a JPEG's edges are blurred.
    assert [box[side] for side in ("left", "top", "width", "height")] == [
        pytest.approx(pixels, abs=2) for pixels in (80, 200, 60, 80)
    ]


def jpeg(file: io.BytesIO) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
