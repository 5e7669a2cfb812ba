"""What is happening to the stack whose resource is to be deleted."""

from enum import Enum, auto

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG

cloudformation = boto3.client("cloudformation", config=CONFIG)

# CloudFormation deletes what an update replaced only after all of the update has worked. Some
# emulators of it do not announce that with a status of its own.
UPDATING = {"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"}


class Change(Enum):
    """Why CloudFormation deletes a resource."""

    REPLACED = auto()
    """An update has put another in its place."""

    UNDONE = auto()
    """A create or an update failed, and what it had made goes again."""

    DESTROYED = auto()
    """The stack itself is deleted."""


def change(stack_id: str) -> Change:
    """Tell by the stack's status why one of its resources is deleted now."""
    current = status(stack_id)
    if current in UPDATING:
        return Change.REPLACED
    if current is None or current.startswith("DELETE_"):
        return Change.DESTROYED
    return Change.UNDONE


def status(stack_id: str) -> str | None:
    """The stack's status; None when there is no such stack any longer."""
    try:
        (described,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    except ClientError as error:
        # CloudFormation has no code of its own for a missing stack.
        details = error.response["Error"]
        if details["Code"] != "ValidationError" or "does not exist" not in details["Message"]:
            raise
        return None
    return described["StackStatus"]
