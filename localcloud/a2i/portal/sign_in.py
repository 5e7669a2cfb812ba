"""Sign-in at the user pool's hosted page, by the authorization code flow."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from starlette.concurrency import run_in_threadpool

from localcloud.a2i.cloud import Cloud
from localcloud.a2i.portal.pages import Refusal
from localcloud.a2i.portal.session import Attempt
from localcloud.a2i.worker import Worker

CALLBACK = "/oauth2/idpresponse"
SIGNED_OUT = "/logout"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_CLOCK_SKEW = 60


@dataclass(frozen=True)
class AppClient:
    """The app client of the user pool that a workforce's workers sign in to."""

    user_pool_id: str
    client_id: str
    client_secret: str
    callback_urls: tuple[str, ...]
    portal_url: str

    @property
    def issuer(self) -> str:
        """Who the pool's tokens say they are from."""
        region = self.user_pool_id.partition("_")[0]
        return f"https://cognito-idp.{region}.amazonaws.com/{self.user_pool_id}"

    @property
    def callback_url(self) -> str:
        """Where the hosted page sends a worker who signed in."""
        return self.portal_url + CALLBACK


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is this machine itself."""
    return any(host == name or host.startswith(f"{name}:") for name in _LOOPBACK)


class SignIn:
    """The portal's side of signing in and out.

    :param cloud: where the user pool is.
    :param http_client: makes the client that calls the user pool.
    """

    def __init__(self, cloud: Cloud, http_client: Callable[[], httpx.AsyncClient]) -> None:
        self._cloud = cloud
        self._http_client = http_client

    async def app_client(self, workforce: Mapping[str, Any]) -> AppClient:
        """What workers of a workforce sign in with."""
        pool_id = workforce["CognitoConfig"]["UserPool"]
        client_id = workforce["CognitoConfig"]["ClientId"]
        found = await run_in_threadpool(self._cloud.user_pool_client, pool_id, client_id)
        if found is None:
            raise _failed(
                "The workforce's app client is gone.",
                f"No client {client_id} in user pool {pool_id}.",
            )
        host = workforce["SubDomain"]
        return AppClient(
            user_pool_id=pool_id,
            client_id=client_id,
            client_secret=found.get("ClientSecret", ""),
            callback_urls=tuple(found.get("CallbackURLs", ())),
            portal_url=f"{'http' if is_loopback(host) else 'https'}://{host}",
        )

    def authorize_url(self, client: AppClient, state: str, attempt: Attempt) -> str:
        """The hosted page, asked to send the worker back here."""
        if client.callback_url not in client.callback_urls:
            raise _failed(
                "The app client does not know this portal yet. Whoever set up the workforce has "
                "to add the callback URL to it.",
                f"{client.callback_url} is not among its callback URLs: "
                f"{', '.join(client.callback_urls) or 'it has none'}.",
            )
        query = {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": client.callback_url,
            "scope": "openid email profile",
            "state": state,
            "nonce": attempt.nonce,
        }
        return f"{self._cloud.sign_in_url()}/oauth2/authorize?{urlencode(query)}"

    def logout_url(self, client: AppClient) -> str:
        """Where the pool's own session ends."""
        query = {"client_id": client.client_id, "logout_uri": client.portal_url + SIGNED_OUT}
        return f"{self._cloud.sign_in_url()}/logout?{urlencode(query)}"

    async def worker(self, client: AppClient, code: str, nonce: str) -> Worker:
        """Who the code that the hosted page gave was given to."""
        try:
            async with self._http_client() as http:
                id_token = await self._id_token(http, client, code)
                keys = await self._keys(http, client)
        except httpx.HTTPError as error:
            raise _failed("The user pool cannot be reached.", str(error)) from error
        claims = _verified(id_token, keys, client, nonce)
        return Worker(
            sub=claims["sub"],
            issuer=claims["iss"],
            username=claims.get("email") or claims.get("cognito:username", claims["sub"]),
            groups=frozenset(claims.get("cognito:groups", ())),
        )

    async def _id_token(self, http: httpx.AsyncClient, client: AppClient, code: str) -> str:
        response = await http.post(
            f"{self._cloud.cognito_url()}/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": client.callback_url,
            },
            auth=(client.client_id, client.client_secret),
        )
        answer = _json_object(response)
        if response.status_code != httpx.codes.OK:
            raise _failed(
                "The user pool did not accept the sign-in.",
                str(answer.get("error_description") or answer.get("error") or response.status_code),
            )
        if not isinstance(answer.get("id_token"), str):
            raise _failed(
                "The user pool does not say who signed in.",
                "Its answer has no id_token: is the scope openid allowed for the app client?",
            )
        return str(answer["id_token"])

    async def _keys(self, http: httpx.AsyncClient, client: AppClient) -> jwt.PyJWKSet:
        url = f"{self._cloud.cognito_url()}/{client.user_pool_id}/.well-known/jwks.json"
        response = await http.get(url)
        try:
            return jwt.PyJWKSet.from_dict(_json_object(response))
        except jwt.PyJWTError as error:
            raise _failed("The user pool's signing keys cannot be read.", str(error)) from error


def _verified(id_token: str, keys: jwt.PyJWKSet, client: AppClient, nonce: str) -> dict[str, Any]:
    """The claims of an id token that this pool made, for this client and this sign-in."""
    try:
        key = keys[jwt.get_unverified_header(id_token).get("kid", "")]
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=["RS256"],
            audience=client.client_id,
            issuer=client.issuer,
            leeway=_CLOCK_SKEW,
            options={"require": ["aud", "exp", "iat", "iss", "sub", "token_use"]},
        )
    except KeyError as error:
        raise _failed("The sign-in is not valid.", "signed by an unknown key") from error
    except jwt.PyJWTError as error:
        raise _failed("The sign-in is not valid.", str(error)) from error
    # The kind of token, and the sign-in that it answers.
    for claim, expected in {"token_use": "id", "nonce": nonce}.items():
        if claims.get(claim) != expected:
            raise _failed("The sign-in is not valid.", f"{claim} is not what was asked for")
    return claims


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except json.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _failed(text: str, reason: str) -> Refusal:
    return Refusal(400, "Sign-in failed", text, reason, ("/", "Try again"))
