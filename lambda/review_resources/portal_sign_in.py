"""Custom::A2IPortalSignIn: the worker portal's addresses in the user pool client.

The portal's address exists only after the workforce does, and the workforce needs the client, so
the client is completed afterwards. UpdateUserPoolClient resets whatever it is not given, and other
people may have settings there: every call writes back all that was read, changed in our part only.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3

from review_resources.events import Event, Response
from review_shared import report
from review_shared.aws import CONFIG

cognito_idp = boto3.client("cognito-idp", config=CONFIG)

Settings = dict[str, Any]

FLOWS = ["code"]
SCOPES = ["email", "openid", "profile"]
IDENTITY_PROVIDERS = ["COGNITO"]
FLOWS_WITH_CALLBACK = {"code", "implicit"}
# Cognito takes http addresses only for these.
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Two writers at a time: botocore does not retry this one, and only a new read can.
CONFLICT_PAUSES = (0.5, 1, 2, 4)


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    properties = event["ResourceProperties"]
    pool, client = properties["UserPoolId"], properties["ClientId"]
    url = portal_url(properties["SubDomain"])
    match event["RequestType"]:
        case "Create":
            return allow(pool, client, url)
        case "Update":
            old = event["OldResourceProperties"]
            same_client = (old["UserPoolId"], old["ClientId"]) == (pool, client)
            return allow(pool, client, url, portal_url(old["SubDomain"]) if same_client else None)
        case "Delete":
            forbid(pool, client, url)
            return {"PhysicalResourceId": event["PhysicalResourceId"]}


def allow(pool: str, client: str, url: str, old_url: str | None = None) -> Response:
    """Let the portal at ``url`` sign people in, and the one at ``old_url`` no longer."""

    def change(settings: Settings) -> Settings:
        return merged(settings if old_url in (None, url) else without(settings, old_url), url)

    rewrite(pool, client, change)
    return {"PhysicalResourceId": f"{pool}/{client}", "Data": {"PortalUrl": url}}


def forbid(pool: str, client: str, url: str) -> None:
    """Take the portal at ``url`` out of the client, if there still is a client."""
    try:
        rewrite(pool, client, lambda settings: without(settings, url))
    except cognito_idp.exceptions.ResourceNotFoundException:
        report.log("already gone", user_pool=pool, client=client)


def portal_url(sub_domain: str) -> str:
    """The portal's address; SageMaker gives its host without a scheme."""
    scheme = "http" if urlsplit(f"//{sub_domain}").hostname in LOOPBACK else "https"
    return f"{scheme}://{sub_domain}"


def callback_url(url: str) -> str:
    """Where Cognito sends a reviewer who has signed in."""
    return f"{url}/oauth2/idpresponse"


def sign_out_url(url: str) -> str:
    """Where Cognito sends a reviewer who has signed out."""
    return f"{url}/logout"


def merged(settings: Settings, url: str) -> Settings:
    """The settings with the portal at ``url`` allowed."""
    additions = {
        "CallbackURLs": [callback_url(url)],
        "LogoutURLs": [sign_out_url(url)],
        "AllowedOAuthFlows": FLOWS,
        "AllowedOAuthScopes": SCOPES,
        "SupportedIdentityProviders": IDENTITY_PROVIDERS,
    }
    return {
        **settings,
        **{key: _union(settings.get(key, []), values) for key, values in additions.items()},
        "AllowedOAuthFlowsUserPoolClient": True,
    }


def without(settings: Settings, url: str) -> Settings:
    """The settings without the portal at ``url``; empty lists, as a missing one is not written."""
    callbacks = [it for it in settings.get("CallbackURLs", []) if it != callback_url(url)]
    left = {
        **settings,
        "CallbackURLs": callbacks,
        "LogoutURLs": [it for it in settings.get("LogoutURLs", []) if it != sign_out_url(url)],
    }
    if left.get("DefaultRedirectURI") == callback_url(url):
        del left["DefaultRedirectURI"]
    if callbacks:
        return left

    # Cognito refuses these flows when there is no callback URL.
    flows = [it for it in settings.get("AllowedOAuthFlows", []) if it not in FLOWS_WITH_CALLBACK]
    left["AllowedOAuthFlows"] = flows
    if not flows:
        left["AllowedOAuthScopes"] = []
        left["AllowedOAuthFlowsUserPoolClient"] = False
    return left


def writable(client: Settings) -> Settings:
    """What UpdateUserPoolClient takes of what DescribeUserPoolClient gives.

    The list is the API's own, so that a setting Cognito adds is kept as well. An empty text is a
    setting that is not set: the API gives it back but does not take it.
    """
    shape = cognito_idp.meta.service_model.operation_model("UpdateUserPoolClient").input_shape
    assert shape is not None
    return {key: client[key] for key in shape.members if client.get(key, "") != ""}


def rewrite(pool: str, client: str, change: Callable[[Settings], Settings]) -> None:
    """Read the client's settings, change them, and write all of them back."""
    for pause in (*CONFLICT_PAUSES, None):
        described = cognito_idp.describe_user_pool_client(UserPoolId=pool, ClientId=client)
        settings = writable(dict(described["UserPoolClient"]))
        changed = change(settings)
        if changed == settings:
            return
        try:
            cognito_idp.update_user_pool_client(**changed)
            return
        except cognito_idp.exceptions.ConcurrentModificationException:
            if pause is None:
                raise
        time.sleep(pause)


def _union(values: list[str], additions: list[str]) -> list[str]:
    """The values, followed by those additions that are not among them."""
    return [*values, *(it for it in additions if it not in values)]
