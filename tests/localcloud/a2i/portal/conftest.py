from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.localcloud.a2i.portal.elements.task_pages import (
    TaskPage,
    TaskPages,
    rendered_page,
    served_task_pages,
)
from tests.localcloud.a2i.portal.fake_cognito import new_key
from tests.localcloud.a2i.portal.portal_under_test import PortalUnderTest, portal_under_test

_SIZE: ViewportSize = {"width": 1000, "height": 800}
_PORTAL = Path(__file__).parents[4] / "localcloud/a2i/portal"


@pytest.fixture(scope="session")
def signing_key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
def portal(signing_key: RSAPrivateKey) -> Iterator[PortalUnderTest]:
    with portal_under_test(signing_key) as portal:
        yield portal


@pytest.fixture
def http(portal: PortalUnderTest) -> Iterator[httpx.Client]:
    """A browser without a screen: it keeps cookies and follows redirects."""
    with httpx.Client(base_url=portal.url, follow_redirects=True, timeout=20) as http:
        yield http


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


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
    context = chromium.new_context(viewport=_SIZE)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def spare_windows(task_browser: BrowserContext) -> list[Page]:
    """Windows that a test is done with: one takes a third of a second to open."""
    return []


@pytest.fixture
def window(task_browser: BrowserContext, spare_windows: list[Page]) -> Iterator[Callable[[], Page]]:
    """Gives a window for a task page."""
    given: list[Page] = []

    def give() -> Page:
        given.append(spare_windows.pop() if spare_windows else task_browser.new_page())
        return given[-1]

    yield give
    for each in given:
        if spare_windows:
            each.close()
        else:
            each.set_viewport_size(_SIZE)
            spare_windows.append(each)


@pytest.fixture
def task_page(task_pages: TaskPages, window: Callable[[], Page]) -> Callable[..., TaskPage]:
    """Opens a template, rendered with a task's input, as the page of a task."""

    def open_page(template: str, task_input: dict[str, Any] | None = None) -> TaskPage:
        return task_pages.open(window(), rendered_page(template, task_input or {}))

    return open_page
