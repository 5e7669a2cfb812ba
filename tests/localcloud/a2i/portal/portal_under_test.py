"""The portal with a fake A2I and a fake user pool, served on ports of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from localcloud.a2i.cloud import Cloud
from localcloud.a2i.portal import create_app
from localcloud.a2i.service import A2I
from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL
from tests.localcloud.a2i.portal.fake_a2i import GROUP, FakeA2I
from tests.localcloud.a2i.portal.fake_cognito import FakeCognito
from tests.localcloud.a2i.portal.server import listening_socket, served


@dataclass
class FakeCloud:
    """The AWS around A2I, of which the portal needs the user pool only.

    :param url: where the user pool is.
    :param server_url: where a server is told that it is. Default: there.
    """

    cognito: FakeCognito
    url: str
    server_url: str = ""

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        known = (user_pool_id, client_id) == (USER_POOL, CLIENT)
        return self.cognito.client if known else None

    def cognito_url(self) -> str:
        return self.server_url or self.url

    def sign_in_url(self) -> str:
        return self.url


@dataclass
class FakeClock:
    """The time, and what is added to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class PortalUnderTest:
    """The portal, and what is behind it.

    :param url: where it is served.
    :param clock: what ends its sessions.
    """

    url: str
    a2i: FakeA2I
    cognito: FakeCognito
    clock: FakeClock
    cloud: FakeCloud

    @property
    def cognito_url(self) -> str:
        return self.cloud.url

    def sign_in(
        self, http: httpx.Client, username: str = "ana", path: str = "/", *, finish: bool = True
    ) -> httpx.Response:
        """Sign in at the hosted page as its form would; what comes of it.

        :param path: where the portal is entered.
        :param finish: whether to follow the hosted page back to the portal.
        """
        return self.cognito.sign_in(http, username, path, finish=finish)

    def is_signed_in(self, http: httpx.Client) -> bool:
        """Whether a browser gets to see the jobs."""
        return http.get("/", follow_redirects=False).status_code == httpx.codes.OK


@contextmanager
def portal_under_test(key: RSAPrivateKey) -> Iterator[PortalUnderTest]:
    """A portal with a workforce, one worker on a team and one on none, and no task."""
    here, pool = listening_socket(), listening_socket()
    sub_domain = f"localhost:{here.getsockname()[1]}"
    url = f"http://{sub_domain}"
    cognito = FakeCognito(key, groups={"ana": [GROUP], "ben": ["others"], "cleo": []})
    cognito.client |= {
        "CallbackURLs": [f"{url}/oauth2/idpresponse"],
        "LogoutURLs": [f"{url}/logout"],
    }
    a2i = FakeA2I(
        {
            "WorkforceName": "people",
            "SubDomain": sub_domain,
            "CognitoConfig": {"UserPool": USER_POOL, "ClientId": CLIENT},
        }
    )
    cloud = FakeCloud(cognito, f"http://localhost:{pool.getsockname()[1]}")
    clock = FakeClock()
    app = create_app(lambda: cast(A2I, a2i), cast(Cloud, cloud), now=clock)
    with served((app, here), (cognito.app(), pool)):
        yield PortalUnderTest(url, a2i, cognito, clock, cloud)
