"""Custom::A2IWorkforceGuard: the Region's one workforce is never replaced by accident.

A Region has one private workforce, which Ground Truth and others use too. CloudFormation replaces
one by deleting it first. The workforce depends on this guard, so that what it refuses has touched
nothing yet.
"""

from typing import Any

import boto3

from review_resources.events import Event, Properties, Response
from review_resources.stack import status
from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)

Workforce = dict[str, Any]

ADOPT = (
    "set human-review.workforce.existing to {name} in cdk.json (Workforce.from_workforce_name) "
    "to use it"
)


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    properties = event["ResourceProperties"]
    match event["RequestType"]:
        case "Create":
            refuse_a_second(event["StackId"], properties)
            return {"PhysicalResourceId": f"{properties['WorkforceName']}--workforce-guard"}
        case "Update":
            refuse_a_replacement(properties)
        case "Delete":
            pass
    return {"PhysicalResourceId": event["PhysicalResourceId"]}


def refuse_a_second(stack_id: str, properties: Properties) -> None:
    """Fail when the Region has a workforce, unless it is the stack's own.

    That can only be when an update adds the guard to a stack that had none.
    """
    existing = current()
    if existing is None:
        return
    if not differences(existing, properties) and (status(stack_id) or "").startswith("UPDATE_"):
        return
    name = existing["WorkforceName"]
    raise RuntimeError(
        f"this Region already has the workforce {name}{_identity(existing)}, and it can have only "
        f"one: {ADOPT.format(name=name)}. Nothing was created"
    )


def refuse_a_replacement(properties: Properties) -> None:
    """Fail when the workforce that there is could only become the wanted one by replacing it."""
    existing = current()
    if existing is None:
        return
    changed = differences(existing, properties)
    if not changed:
        return
    name = existing["WorkforceName"]
    shown = " and ".join(f"{what} from {old} to {new}" for what, (old, new) in changed.items())
    raise RuntimeError(
        f"a change of the {shown} would replace the workforce {name}, which deletes it first, with "
        "all its workteams' sign-ins: nothing was changed. Put the former value back, or "
        f"{ADOPT.format(name=name)} as it is; to move to another one, delete the workteams and the "
        "workforce yourself, then deploy again"
    )


def current() -> Workforce | None:
    """The Region's private workforce: vendors' are listed as well, without an identity provider."""
    pages = sagemaker.get_paginator("list_workforces").paginate()
    listed = (dict(workforce) for page in pages for workforce in page["Workforces"])
    return next((it for it in listed if "CognitoConfig" in it or "OidcConfig" in it), None)


def differences(existing: Workforce, properties: Properties) -> dict[str, tuple[str, str]]:
    """What CloudFormation cannot change in place: what it is and what it is to be.

    The settings of an OpenID Connect provider can be changed. A guard that is told the name alone
    looks at the name alone.
    """
    cognito = existing.get("CognitoConfig")
    old = {
        "name": existing["WorkforceName"],
        "user pool": cognito["UserPool"] if cognito else "none",
        "user pool client": cognito["ClientId"] if cognito else "none",
    }
    new = {
        "name": properties["WorkforceName"],
        "user pool": properties.get("UserPoolId", "none"),
        "user pool client": properties.get("ClientId", "none"),
    }
    compared = old if properties.keys() & {"UserPoolId", "OidcIssuer"} else ["name"]
    return {what: (old[what], new[what]) for what in compared if old[what] != new[what]}


def _identity(workforce: Workforce) -> str:
    cognito = workforce.get("CognitoConfig")
    return f" (user pool {cognito['UserPool']}, client {cognito['ClientId']})" if cognito else ""
