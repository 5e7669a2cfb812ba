"""What the provider framework sends to a custom resource and takes back from it.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework

What ``on_event`` answers beyond the physical id comes back to ``is_complete`` as part of its event.
"""

import time
from typing import Any, Literal, NotRequired, TypedDict

Properties = dict[str, Any]

# CloudFormation gives up after a custom resource's ServiceTimeout, fifteen minutes here, and the
# provider after ten. Neither can say more than that it did, so the handlers speak at nine.
SERVICE_TIMEOUT = 15 * 60
PATIENCE = 9 / 15


class Event(TypedDict):
    """One lifecycle event. Its ``ResponseURL`` is a credential: never log a whole event."""

    RequestType: Literal["Create", "Update", "Delete"]
    RequestId: str
    ResponseURL: str
    ResourceType: str
    LogicalResourceId: str
    StackId: str
    ResourceProperties: Properties
    PhysicalResourceId: NotRequired[str]
    OldResourceProperties: NotRequired[Properties]
    Since: NotRequired[float]
    Unanswered: NotRequired[str]
    Undoes: NotRequired[str]


class Response(TypedDict):
    """What ``on_event`` answers. Another physical id on Update means replacement.

    ``Since``: when it began, in seconds since 1970. ``Unanswered``: the error of a create that may
    have worked nevertheless. ``Undoes``: what a failed update, which this one undoes, had made.
    """

    PhysicalResourceId: str
    Data: NotRequired[dict[str, str]]
    Since: NotRequired[float]
    Unanswered: NotRequired[str]
    Undoes: NotRequired[str]


class Progress(TypedDict):
    """What ``is_complete`` answers. ``Data`` is allowed only when it is."""

    IsComplete: bool
    Data: NotRequired[dict[str, str]]


def is_overdue(event: Event) -> bool:
    """Say whether it has taken so long that it is time to say why, before the provider gives up."""
    return waited(event) > patience(event)


def waited(event: Event) -> float:
    """For how many seconds ``is_complete`` has been asked."""
    return time.time() - event.get("Since", float("inf"))


def patience(event: Event) -> float:
    """How many seconds it may take."""
    return PATIENCE * int(event["ResourceProperties"].get("ServiceTimeout", SERVICE_TIMEOUT))
