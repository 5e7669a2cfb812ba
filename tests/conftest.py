"""What the tests of any folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

_EXECUTABLE = "/usr/bin/chromium"
# Root in a container needs the first two; with the others nothing of Chromium calls home.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What takes longest begins first, so that no process is left with it at the end.
_LONGEST = ("lifecycle", "e2e", "lifecycle/faults")
# A busy machine with two cores starts a process for each sandboxed frame.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a folder's tests in one process when several run: they share its local cloud."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_folder(item)))
    items.sort(key=lambda item: _rank(_folder(item)))


def _folder(item: pytest.Item) -> str:
    return item.path.parent.relative_to(Path(__file__).parent).as_posix()


def _rank(folder: str) -> int:
    return _LONGEST.index(folder) if folder in _LONGEST else len(_LONGEST)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Playwright runs once in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_EXECUTABLE, args=list(_ARGUMENTS))
        yield browser
        browser.close()
