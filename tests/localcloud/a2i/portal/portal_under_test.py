"""The portal with a fake A2I and a fake user pool, served on ports of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from localcloud.a2i.cloud import Cloud
from localcloud.a2i.portal import create_app
from localcloud.a2i.service import A2I
from tests.localcloud.a2i.portal.fake_a2i import GROUP, FakeA2I
from tests.localcloud.a2i.portal.fake_cognito import CLIENT, POOL, FakeCognito
from tests.localcloud.a2i.portal.server import listening_socket, served


@dataclass
class FakeCloud:
    """The AWS around A2I, of which the portal needs the user pool only."""

    cognito: FakeCognito
    url: str

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        known = (user_pool_id, client_id) == (POOL, CLIENT)
        return self.cognito.client if known else None

    def cognito_url(self) -> str:
        return self.url

    def sign_in_url(self) -> str:
        return self.url


@dataclass
class PortalUnderTest:
    """The portal, and what is behind it.

    :param url: where it is served.
    """

    url: str
    a2i: FakeA2I
    cognito: FakeCognito


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
            "CognitoConfig": {"UserPool": POOL, "ClientId": CLIENT},
        }
    )
    cloud = FakeCloud(cognito, f"http://localhost:{pool.getsockname()[1]}")
    app = create_app(lambda: cast(A2I, a2i), cast(Cloud, cloud))
    with served((app, here), (cognito.app(), pool)):
        yield PortalUnderTest(url, a2i, cognito)
