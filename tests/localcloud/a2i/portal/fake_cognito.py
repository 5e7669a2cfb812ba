"""A user pool as far as the portal sees it: hosted sign-in, tokens, signing keys, sign-out."""

import html
import json
import re
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.localcloud.a2i.fake_cloud import CLIENT, REGION, USER_POOL

SECRET = "client-secret"
_PAGE = """<!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post" action="/login">
<input type="hidden" name="request" value='{request}'>
<label>Username <input name="username" autofocus></label><button>Sign in</button></form>"""


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class FakeCognito:
    """Anybody whose name is among the groups' members signs in, without a password.

    :param claims: what an id token says other than usual.
    :param signing_key: what tokens are signed with; ``key`` is the one that is published.
    """

    key: rsa.RSAPrivateKey
    groups: dict[str, list[str]]
    client: dict[str, Any] = field(default_factory=lambda: {"ClientSecret": SECRET})
    claims: dict[str, Any] = field(default_factory=dict)
    token_error: str = ""
    signing_key: rsa.RSAPrivateKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    signed_out: int = 0

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/oauth2/authorize", self.authorize),
                Route("/login", self.login, methods=["POST"]),
                Route("/oauth2/token", self.token, methods=["POST"]),
                Route("/logout", self.logout),
                Route(f"/{USER_POOL}/.well-known/jwks.json", self.jwks),
            ]
        )

    def sign_in(
        self, http: httpx.Client, username: str, path: str = "/", *, finish: bool = True
    ) -> httpx.Response:
        """Fill in the hosted page that a portal's page leads to."""
        hosted = http.get(path, follow_redirects=True)
        asked = html.unescape(re.findall("value='(.*?)'", hosted.text)[0])
        form = {"request": asked, "username": username}
        return http.post(hosted.url.join("/login"), data=form, follow_redirects=finish)

    async def authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert query["client_id"] == CLIENT
        assert query["redirect_uri"] in self.client["CallbackURLs"]
        return HTMLResponse(_PAGE.format(request=json.dumps(query).replace("'", "&#39;")))

    async def login(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        asked = json.loads(form["request"][0])
        username = form.get("username", [""])[0]
        if username not in self.groups:
            refusal = {"error": "access_denied", "error_description": f"{username} is not known"}
            query = refusal | {"state": asked["state"]}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(query)}", 303)
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked | {"username": username}
        query = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(query)}", 303)

    async def token(self, request: Request) -> Response:
        form = {name: value[0] for name, value in parse_qs((await request.body()).decode()).items()}
        client = b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert request.headers["authorization"] == f"Basic {client}"
        asked = self.codes.pop(form["code"], None)
        if self.token_error or asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": self.token_error or "invalid_grant"}, 400)
        return JSONResponse({"id_token": self.id_token(asked["username"], asked["nonce"])})

    async def logout(self, request: Request) -> Response:
        assert request.query_params["logout_uri"] in self.client["LogoutURLs"]
        self.signed_out += 1
        return RedirectResponse(request.query_params["logout_uri"], 302)

    async def jwks(self, _: Request) -> Response:
        key = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return JSONResponse({"keys": [key | {"kid": "key-1", "use": "sig", "alg": "RS256"}]})

    def id_token(self, username: str, nonce: str) -> str:
        claims = {
            "sub": f"sub-of-{username}",
            "iss": f"https://cognito-idp.{REGION}.amazonaws.com/{USER_POOL}",
            "aud": CLIENT,
            "token_use": "id",
            "iat": int(time.time()),
            "exp": int(time.time()) + 3600,
            "nonce": nonce,
            "cognito:username": username,
        }
        if self.groups[username]:
            claims["cognito:groups"] = self.groups[username]
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.signing_key or self.key, "RS256", headers={"kid": "key-1"})
