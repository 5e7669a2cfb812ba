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
# What several folders' tests share, each folder its own: a local cloud that runs for a session.
_SHARED = {"cloud", "local_cloud"}
# What takes longest begins first, so that no process is left with it at the end.
_LONGEST = ("lifecycle", "lifecycle/faults/test_faults.py", "e2e", "lifecycle/test_table.py")
# A busy machine with two cores starts a process for each sandboxed frame.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """When several processes run: keep in one what shares a local cloud, else each file."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: _rank(_group(item)))


def _group(item: pytest.Function) -> str:
    file = item.path.relative_to(Path(__file__).parent)
    return file.parts[0] if _SHARED & set(item.fixturenames) else file.as_posix()


def _rank(group: str) -> int:
    return _LONGEST.index(group) if group in _LONGEST else len(_LONGEST)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Playwright runs once in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_EXECUTABLE, args=list(_ARGUMENTS))
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have counted, also when they passed: their property ``summary``."""
    ended = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [value for it in ended for key, value in it.user_properties if key == "summary"]
    if lines:
        terminalreporter.section("counted")
        for line in lines:
            terminalreporter.write_line(line)
