"""Only somebody whom the workforce's user pool vouches for gets in."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.localcloud.a2i.portal.fake_cognito import new_key
from tests.localcloud.a2i.portal.portal_under_test import PortalUnderTest


def test_a_worker_signs_in(portal: PortalUnderTest, http: httpx.Client) -> None:
    page = portal.sign_in(http)

    assert str(page.url) == f"{portal.url}/"
    assert "ana" in page.text
    assert "Sign out" in page.text


def test_the_hosted_page_is_asked_for_a_code(portal: PortalUnderTest) -> None:
    asked = httpx.get(portal.url).headers["location"]

    query = parse_qs(urlsplit(asked).query)
    assert asked.startswith(f"{portal.cognito_url}/oauth2/authorize?")
    assert query["response_type"] == ["code"]
    assert query["client_id"] == ["portal-client"]
    assert query["redirect_uri"] == [f"{portal.url}/oauth2/idpresponse"]
    assert query["scope"] == ["openid email profile"]
    assert query["state"] != query["nonce"]


def test_the_cookie_is_for_the_portal_alone_and_changes_at_sign_in(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    before = http.get("/", follow_redirects=False).headers["set-cookie"]
    callback = portal.sign_in(http).history[-1]

    after = callback.headers["set-cookie"]
    for cookie in (before, after):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert before.split(";")[0] != after.split(";")[0]


def test_a_worker_returns_to_the_task_they_asked_for(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    page = portal.sign_in(http, path="/tasks/task-7")

    assert page.url.path == "/tasks/task-7"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another-client"}, "Audience"),
        ({"iss": "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_Other"}, "issuer"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"token_use": "access"}, "token_use"),
        ({"nonce": "another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": None}, "exp"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    portal: PortalUnderTest, http: httpx.Client, claims: dict[str, Any], reason: str
) -> None:
    portal.cognito.claims = claims

    page = portal.sign_in(http)

    assert page.status_code == 400
    assert "Sign-in failed" in page.text
    assert reason in page.text
    assert not portal.is_signed_in(http)


def test_a_token_that_another_key_signed_is_refused(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    portal.cognito.signing_key = new_key()

    page = portal.sign_in(http)

    assert "Signature verification failed" in page.text
    assert not portal.is_signed_in(http)


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=unknown"])
def test_a_callback_nobody_asked_for_is_refused(http: httpx.Client, query: str) -> None:
    page = http.get(f"/oauth2/idpresponse{query}")

    assert page.status_code == 400
    assert "not begun in this browser" in page.text


def test_another_browser_cannot_finish_a_sign_in(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    http.get("/")
    with httpx.Client(base_url=portal.url) as other:
        callback = portal.sign_in(other, finish=False).headers["location"]

    assert "not begun in this browser" in http.get(callback).text


def test_a_callback_counts_once(portal: PortalUnderTest, http: httpx.Client) -> None:
    callback = portal.sign_in(http).history[-1].url

    assert http.get(callback).status_code == 400


def test_two_tabs_may_sign_in_at_once(portal: PortalUnderTest, http: httpx.Client) -> None:
    http.get("/")
    http.get("/")

    assert portal.sign_in(http).status_code == 200


def test_what_the_hosted_page_refuses_is_told(portal: PortalUnderTest, http: httpx.Client) -> None:
    page = portal.sign_in(http, "nobody")

    assert page.status_code == 400
    assert "nobody is not known" in page.text


def test_what_the_token_endpoint_refuses_is_told(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    portal.cognito.token_error = "invalid_client"

    assert "invalid_client" in portal.sign_in(http).text


def test_an_unreachable_user_pool_is_told(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.cloud.server_url = "http://localhost:1"

    page = portal.sign_in(http)

    assert "cannot be reached" in page.text


def test_a_client_without_the_callback_is_told(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.cognito.client["CallbackURLs"] = ["https://elsewhere"]

    page = http.get("/")

    assert page.status_code == 400
    assert f"{portal.url}/oauth2/idpresponse is not among" in page.text


def test_a_client_that_is_gone_is_told(portal: PortalUnderTest, http: httpx.Client) -> None:
    assert portal.a2i.workforce
    portal.a2i.workforce["CognitoConfig"]["ClientId"] = "gone"

    assert "app client is gone" in http.get("/").text


def test_no_workforce_is_told(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.a2i.workforce = None

    page = http.get("/")

    assert page.status_code == 503
    assert "No workforce yet" in page.text


def test_a_workforce_with_its_own_identity_provider_is_told(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    portal.a2i.workforce = {"SubDomain": urlsplit(portal.url).netloc, "OidcConfig": {}}

    page = http.get("/")

    assert page.status_code == 501
    assert "OpenID Connect" in page.text


def test_a_name_of_this_machine_leads_to_the_portals_own(portal: PortalUnderTest) -> None:
    here = portal.url.replace("localhost", "127.0.0.1")

    for path in ("/", "/tasks/task-7"):
        assert httpx.get(f"{here}{path}").headers["location"] == f"{portal.url}{path}"


def test_a_session_ends_a_working_day_after_its_last_use(
    portal: PortalUnderTest, http: httpx.Client
) -> None:
    portal.sign_in(http)

    portal.clock.ahead = timedelta(hours=9, minutes=1)

    assert not portal.is_signed_in(http)


def test_a_session_that_is_used_goes_on(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.sign_in(http)

    for hours in (8, 16, 24):
        portal.clock.ahead = timedelta(hours=hours)
        assert portal.is_signed_in(http)
    portal.clock.ahead = timedelta(hours=34)
    assert not portal.is_signed_in(http)


def test_signing_out_ends_both_sessions(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.sign_in(http)
    cookies = dict(http.cookies)

    page = http.get("/logout")

    assert "You are signed out" in page.text
    assert portal.cognito.signed_out == 1
    assert not portal.is_signed_in(http)
    http.cookies.update(cookies)
    assert not portal.is_signed_in(http), "the session is gone on the server too"
