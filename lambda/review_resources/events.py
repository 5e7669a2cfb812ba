"""What the provider framework sends to a custom resource and takes back from it.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework
"""

from typing import Any, Literal, NotRequired, TypedDict

Properties = dict[str, Any]


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


class Response(TypedDict):
    """What ``on_event`` answers. Another physical id on Update means replacement."""

    PhysicalResourceId: str
    Data: NotRequired[dict[str, str]]


class Progress(TypedDict):
    """What ``is_complete`` answers. ``Data`` is allowed only when it is."""

    IsComplete: bool
    Data: NotRequired[dict[str, str]]
