"""Cognito: what the app client and the user pool need so that reviewers can sign in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from review_cli.doctor.check import Check, ok, problem

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserPoolClientTypeTypeDef
    from mypy_boto3_sagemaker.type_defs import WorkforceTypeDef

_SCOPES = {"email", "openid", "profile"}
_WRITE_AGAIN = (
    "Add it to the app client in Cognito, or let the deployment write it: change the workforce's "
    "app client settings and deploy its stack."
)


def sign_in(
    cognito_idp: "CognitoIdentityProviderClient", workforce: "WorkforceTypeDef", portal_url: str
) -> Iterator[Check]:
    """Whether Cognito lets people sign in to the portal at ``portal_url``."""
    config = workforce.get("CognitoConfig")
    if config is None:
        yield ok("Sign-in", "Reviewers sign in with an OIDC provider, which is not looked into.")
        return
    pool, client_id = config["UserPool"], config["ClientId"]
    try:
        client = cognito_idp.describe_user_pool_client(UserPoolId=pool, ClientId=client_id)
        described = cognito_idp.describe_user_pool(UserPoolId=pool)["UserPool"]
    except cognito_idp.exceptions.ResourceNotFoundException:
        yield problem(
            "Sign-in",
            f"The workforce signs people in by the app client {client_id} of the user pool "
            f"{pool}, and one of the two is gone.",
            "A workforce cannot change its pool or client: make a new workforce with its "
            "workteams, or restore what was deleted with the help of AWS Support.",
        )
        return
    yield _domain(pool, described.get("Domain") or described.get("CustomDomain"))
    yield from app_client(client["UserPoolClient"], portal_url)


def app_client(client: "UserPoolClientTypeTypeDef", portal_url: str) -> Iterator[Check]:
    """Whether the app client has what the portal at ``portal_url`` needs."""
    yield _has("Callback URL", f"{portal_url}/oauth2/idpresponse", client.get("CallbackURLs", []))
    yield _has("Sign-out URL", f"{portal_url}/logout", client.get("LogoutURLs", []))
    yield _oauth(client)
    if client.get("ClientSecret"):
        return
    yield problem(
        "Client secret",
        "The app client has no secret, which the portal needs.",
        "A secret cannot be added: deploy a workforce with a client that has one.",
    )


def _domain(pool: str, domain: str | None) -> Check:
    if domain:
        return ok("Sign-in page", f"The user pool has the domain {domain}.")
    return problem(
        "Sign-in page",
        f"The user pool {pool} has no domain, so there is no page to sign in on.",
        "Give the pool a domain again; any free prefix does.",
    )


def _has(name: str, url: str, urls: list[str]) -> Check:
    if url in urls:
        return ok(name, f"The app client has {url}.")
    return problem(name, f"The app client lacks {url}.", _WRITE_AGAIN)


def _oauth(client: "UserPoolClientTypeTypeDef") -> Check:
    missing = list(_missing(client))
    if missing:
        return problem(
            "OAuth settings", f"The app client lacks: {', '.join(missing)}.", _WRITE_AGAIN
        )
    return ok("OAuth settings", "The app client has the flow, the scopes and the provider.")


def _missing(client: "UserPoolClientTypeTypeDef") -> Iterator[str]:
    if not client.get("AllowedOAuthFlowsUserPoolClient", False):
        yield "OAuth switched on"
    if "code" not in client.get("AllowedOAuthFlows", []):
        yield "the flow code"
    for scope in sorted(_SCOPES - set(client.get("AllowedOAuthScopes", []))):
        yield f"the scope {scope}"
    if "COGNITO" not in client.get("SupportedIdentityProviders", []):
        yield "the identity provider COGNITO"
