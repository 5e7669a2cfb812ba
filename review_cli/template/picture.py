"""A picture of a task page, taken by Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from review_cli.connection import CannotLookError
from review_cli.template.preview_server import served
from review_cli.template.source import PageSource

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_INSTALL = (
    "Install it with `pip install playwright`, and Chromium with `playwright install chromium`."
)
_HEIGHT = 800
_TIMES = 4


def write(page: PageSource, example: str | None, path: Path, width: int) -> None:
    """Write a picture of the whole page with an example, ``width`` pixels wide.

    :raises CannotLookError: no picture can be taken, or not be written there.
    """
    with served(page, example) as url, chromium() as browser:
        view = browser.new_page(viewport={"width": width, "height": _HEIGHT})
        view.goto(f"{url}page?{urlencode({'example': example or ''})}", wait_until="networkidle")
        show_all(view)
        # Given a path, Playwright would choose the kind of picture by its ending.
        taken = view.screenshot(type="png")
        view.close()
    try:
        path.write_bytes(taken)
    except OSError as error:
        raise CannotLookError(
            f"{path} cannot be written: {error.strerror}.", "Name another file with --png."
        ) from error


def show_all(view: "Page") -> None:
    """Make the window as high as its page: what sticks to its foot hides nothing then."""
    size = view.viewport_size
    assert size
    # What is as high as a part of the window changes with it, less each time.
    for _ in range(_TIMES):
        view.set_viewport_size(
            {"width": size["width"], "height": max(size["height"], content_height(view))}
        )


def content_height(view: "Page") -> int:
    """How high the page is, which may be less than its window."""
    script = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
    return int(view.evaluate(script))


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser of Playwright's, or the machine's own Chromium."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError as error:
        raise CannotLookError("A picture needs Playwright.", _INSTALL) from error
    own = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=own)
        except Error as error:
            raise CannotLookError("A picture needs Chromium.", _INSTALL) from error
        yield browser
        browser.close()
