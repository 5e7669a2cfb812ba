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
    from playwright.sync_api import Browser

_INSTALL = (
    "Install it with `pip install playwright`, and Chromium with `playwright install chromium`."
)
_HEIGHT = 800


def write(page: PageSource, example: str | None, path: Path, width: int) -> None:
    """Write a picture of the whole page with an example, ``width`` pixels wide."""
    with served(page, example) as url, chromium() as browser:
        view = browser.new_page(viewport={"width": width, "height": _HEIGHT})
        view.goto(f"{url}page?{urlencode({'example': example or ''})}", wait_until="networkidle")
        view.screenshot(path=path, full_page=True)
        view.close()


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
