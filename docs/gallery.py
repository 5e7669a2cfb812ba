"""Takes the pictures of docs/gallery.md: each page of the library, and each element.

python docs/gallery.py [NAME ...]   # all, or those that are named
"""

import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page

from human_review import templates
from review_cli.template.picture import chromium, content_height, show_all
from review_cli.template.preview_server import served
from review_cli.template.source import PageSource, find_page

PICTURES = Path(__file__).parent / "gallery"
_ELEMENTS = PICTURES / "elements"
_WIDTH = 720
_LARGEST = 60_000
_COLOURS = (256, 128, 96, 64, 48, 32, 24)
_EXACT = 12
_OPENED = 480
_DRAWING = 640  # the width of elements/wine.png
_USUAL = "examples/usual.json"
_PREDICTED = {"aiServiceRequest", "initialValue", "prediction"}


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all."""
    pages = {source.name: source for source in _sources()}
    unknown = sorted(set(names) - set(pages))
    if unknown:
        raise SystemExit(f"neither pages nor elements: {', '.join(unknown)}")
    with chromium() as browser:
        for name in names or pages:
            _take(browser, pages[name])


def _sources() -> Iterator[PageSource]:
    yield from map(find_page, templates.names())
    for file in sorted(_ELEMENTS.glob("*.liquid")):
        given = file.with_suffix(".json")
        yield PageSource(file.stem, file, _ELEMENTS, given if given.exists() else None)


def _take(browser: Browser, source: PageSource) -> None:
    example = _usual(source)
    view = browser.new_page(
        viewport={"width": _WIDTH, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    with served(source, example) as url:
        view.goto(f"{url}page?{urlencode({'example': example})}", wait_until="networkidle")
        view.wait_for_function(_IS_COMPLETE)
        show_all(view)
        height = _ACTS.get(source.name, content_height)(view)
        area: FloatRect = {"x": 0, "y": 0, "width": _WIDTH, "height": height}
        shot = view.screenshot(animations="disabled", clip=area)
    view.close()
    (PICTURES / f"{source.name}.png").write_bytes(_small(shot))


_IS_COMPLETE = """
  customElements.get("crowd-form")
    && [...document.images].every((image) => image.complete)
    && ![...document.querySelectorAll("crowd-form *")].some((each) =>
      each.shadowRoot?.querySelector('.frame[aria-busy="true"]')
      || [...each.shadowRoot?.querySelectorAll("img") ?? []].some((image) => !image.complete))
"""


def _usual(source: PageSource) -> str:
    """The example of that name, else the first one with a prediction."""
    examples = source.examples()
    predicted = [
        name for name, text in examples.items() if _PREDICTED.intersection(json.loads(text))
    ]
    names = [name for name in examples if name == _USUAL] or predicted or list(examples)
    return names[0] if names else ""


def _small(shot: bytes) -> bytes:
    """A PNG of as many colours as fit."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in _COLOURS:
        file = io.BytesIO()
        image.quantize(palette=_palette(image, colours), dither=Image.Dither.NONE).save(
            file, "PNG", optimize=True
        )
        if file.tell() < _LARGEST:
            break
    return file.getvalue()


def _palette(image: Image.Image, colours: int) -> Image.Image:
    """The colours of what is written and framed as they are; for a photo, what comes near."""
    parts = image.tobytes()
    counted = Counter(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    exact = [part for colour, _ in counted.most_common(_EXACT) for part in colour]
    near = image.quantize(colours - _EXACT, Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(exact + near)
    return palette


def _opened(view: Page) -> int:
    view.set_viewport_size({"width": _WIDTH, "height": _OPENED})
    view.locator("crowd-modal, crowd-instructions").get_by_role("button").first.click()
    return _OPENED


def _at_the_foot(view: Page) -> int:
    height = content_height(view)
    view.set_viewport_size({"width": _WIDTH, "height": height})
    return height


def _painted(view: Page) -> int:
    surface = view.get_by_role("application")
    view.get_by_role("button", name="Fill").click()
    for label, corners in _THINGS:
        view.get_by_role("button", name=f"New {label}").click()
        box = surface.bounding_box()
        assert box
        scale = box["width"] / _DRAWING
        for x, y in corners:
            surface.click(position={"x": x * scale, "y": y * scale})
        surface.press("Enter")
    show_all(view)
    return content_height(view)


_THINGS = (
    ("Bottle", [(200, 82), (228, 82), (228, 155), (252, 200), (252, 350), (176, 350), (176, 200)]),
    ("Glass", [(306, 149), (394, 149), (390, 230), (350, 268), (310, 230)]),
    ("Glass", [(416, 149), (504, 149), (500, 230), (460, 268), (420, 230)]),
)
# What is done before some of the pictures, which then are as high as is said.
_ACTS: dict[str, Callable[[Page], int]] = {
    "crowd-instance-segmentation": _painted,
    "crowd-instructions": _opened,
    "crowd-modal": _opened,
    "crowd-toast": _at_the_foot,
}


if __name__ == "__main__":
    main(sys.argv[1:])
