from collections.abc import Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from playwright.sync_api import Browser, Page

from tests.localcloud.a2i.portal.fake_cognito import new_key
from tests.localcloud.a2i.portal.portal_under_test import PortalUnderTest, portal_under_test


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
