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
_LONGEST = (
    "lifecycle/faults/test_faults.py",
    "lifecycle/test_change_at_noon.py",
    "lifecycle/test_table.py",
    "e2e/test_scenarios.py",
    "lifecycle/test_slow_change.py",
    "lifecycle/test_lost_events.py",
    "lifecycle",
    "e2e",
)
# A busy machine with two cores starts a process for each sandboxed frame.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the longest files begin first; several processes take file after file."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    file = item.path.relative_to(Path(__file__).parent)
    named = [name for name in (file.as_posix(), file.parts[0]) if name in _LONGEST]
    return _LONGEST.index(named[0]) if named else len(_LONGEST)


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
