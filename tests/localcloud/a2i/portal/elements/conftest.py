from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.localcloud.a2i.portal.elements.task_pages import (
    TaskPage,
    TaskPages,
    rendered_page,
    served_task_pages,
)


_PORTAL = Path(__file__).parents[5] / "localcloud/a2i/portal"


@pytest.fixture(scope="session")
def task_pages() -> Iterator[TaskPages]:
    sources = [*_PORTAL.glob("vendor/*.js"), *_PORTAL.glob("static/elements/**/*.js")]
    built = (_PORTAL / "static/built/registry.js").stat().st_mtime
    newer = [source.name for source in sources if source.stat().st_mtime > built]
    assert not newer, f"run `npm run build`: the page elements were built before {newer}"
    with served_task_pages() as pages:
        yield pages


@pytest.fixture(scope="session")
def task_browser(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def task_page(
    task_pages: TaskPages, task_browser: BrowserContext
) -> Iterator[Callable[..., TaskPage]]:
    """Opens a template, rendered with a task's input, as the page of a task."""
    opened: list[TaskPage] = []

    def open_page(template: str, task_input: dict[str, Any] | None = None) -> TaskPage:
        opened.append(task_pages.open(task_browser, rendered_page(template, task_input or {})))
        return opened[-1]

    yield open_page
    for task in opened:
        task.window.close()
