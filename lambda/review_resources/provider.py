"""The one provider of all custom resources: routes an event by its resource type."""

import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from review_resources import (
    flow_definition,
    portal_sign_in,
    review_guard,
    workforce_guard,
    workteam_access,
)
from review_resources.events import Event, Progress, Response, is_overdue
from review_shared import report
from review_shared.aws import may_pass

ON_EVENT: dict[str, Callable[[Event], Response]] = {
    "Custom::A2IFlowDefinition": flow_definition.on_event,
    "Custom::A2IPortalSignIn": portal_sign_in.on_event,
    "Custom::A2IReviewGuard": review_guard.on_event,
    "Custom::A2IWorkforceGuard": workforce_guard.on_event,
    "Custom::A2IWorkteamAccess": workteam_access.on_event,
}
# Those that take a while; any other resource is complete when on_event returns.
IS_COMPLETE: dict[str, Callable[[Event], Progress]] = {
    "Custom::A2IFlowDefinition": flow_definition.is_complete,
    "Custom::A2IReviewGuard": review_guard.is_complete,
}


def on_event(event: Event, _context: object) -> Response:
    """Answer one CloudFormation lifecycle event."""
    resource_type = event["ResourceType"]
    if resource_type not in ON_EVENT:
        known = ", ".join(sorted(ON_EVENT))
        raise ValueError(f"the resource type must be one of {known}, got {resource_type}")
    response = ON_EVENT[resource_type](event)
    if resource_type in IS_COMPLETE:
        response["Since"] = time.time()
    report.log(
        event["RequestType"],
        resource_type=resource_type,
        logical_id=event["LogicalResourceId"],
        physical_id=response["PhysicalResourceId"],
    )
    return response


def is_complete(event: Event, _context: object) -> Progress:
    """Say whether what ``on_event`` began has come to its end."""
    resource_type = event["ResourceType"]
    if resource_type not in IS_COMPLETE:
        return {"IsComplete": True}
    try:
        return IS_COMPLETE[resource_type](event)
    except (ClientError, BotoCoreError) as error:
        if not may_pass(error) or is_overdue(event):
            raise
        # Every step may be taken again: the framework asks once more in a moment.
        report.log("no answer", resource_type=resource_type, error=str(error))
        return {"IsComplete": False}
