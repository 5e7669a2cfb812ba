"""What is happening to the stack whose resource is to be deleted."""

from enum import Enum, auto

import boto3
from botocore.exceptions import ClientError

from review_resources.events import Event
from review_shared.aws import CONFIG

cloudformation = boto3.client("cloudformation", config=CONFIG)

# CloudFormation deletes what an update replaced only after all of the update has worked. Some
# emulators of it do not announce that with a status of its own.
UPDATING = {"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"}


class Change(Enum):
    """Why CloudFormation deletes a resource."""

    UPDATED = auto()
    """An update has put another in its place, or has taken it out of the stack."""

    UNDONE = auto()
    """A create or an update failed, and what it had made goes again."""

    DESTROYED = auto()
    """The stack itself is deleted."""


def change(stack_id: str) -> Change:
    """Tell by the stack's status why one of its resources is deleted now."""
    current = status(stack_id)
    if current in UPDATING:
        return Change.UPDATED
    if current is None or current.startswith("DELETE_"):
        return Change.DESTROYED
    return Change.UNDONE


def status(stack_id: str) -> str | None:
    """The stack's status; None when there is no such stack any longer."""
    try:
        (described,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    except ClientError as error:
        if not is_missing(error):
            raise
        return None
    return described["StackStatus"]


def has_another(event: Event) -> bool:
    """Say whether the stack has another resource in the place of the one that is to be deleted."""
    try:
        found = cloudformation.describe_stack_resource(
            StackName=event["StackId"], LogicalResourceId=event["LogicalResourceId"]
        )
    except ClientError as error:
        if not is_missing(error):
            raise
        return False
    return found["StackResourceDetail"].get("PhysicalResourceId") != event["PhysicalResourceId"]


def is_missing(error: ClientError) -> bool:
    """Say whether there is no such stack or resource, for which there is no code of its own."""
    details = error.response["Error"]
    return details["Code"] == "ValidationError" and "does not exist" in details["Message"]
