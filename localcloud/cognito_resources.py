"""AWS::Cognito::UserPoolUser and UserPoolUserToGroupAttachment for CloudFormation."""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import cognito
from ministack.services.cloudformation.provisioners import _physical_name

from localcloud.resource_type import Made, Properties, ResourceType

_GONE = ("ResourceNotFoundException", "UserNotFoundException")


class CognitoError(Exception):
    """Cognito refused a request.

    :param code: the error code.
    :param message: the reason, as it appears in the stack's events.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} (Service: CognitoIdentityProvider, Error Code: {code})")
        self.code = code


class UserPoolUser(ResourceType):
    """A user, invited with a temporary password. Any change makes another user."""

    name = "AWS::Cognito::UserPoolUser"
    properties = frozenset(
        [
            "UserPoolId",
            "Username",
            "UserAttributes",
            "ClientMetadata",
            "DesiredDeliveryMediums",
            "ForceAliasCreation",
            "MessageAction",
            "ValidationData",
        ]
    )
    required = frozenset({"UserPoolId"})
    create_only = tuple(sorted(properties))

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        request = {"Username": _physical_name(stack_name, logical_id), **properties}
        _call(cognito._admin_create_user, request)
        return Made(request["Username"], {})

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the user."""
        request = {"UserPoolId": properties["UserPoolId"], "Username": physical_id}
        _unless_gone(cognito._admin_delete_user, request)


class UserPoolUserToGroupAttachment(ResourceType):
    """A user's membership of a group."""

    name = "AWS::Cognito::UserPoolUserToGroupAttachment"
    properties = frozenset({"UserPoolId", "GroupName", "Username"})
    required = properties
    create_only = tuple(sorted(properties))

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        _call(cognito._admin_add_user_to_group, properties)
        return Made(
            "|".join(properties[name] for name in ("UserPoolId", "GroupName", "Username")), {}
        )

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Take the user out of the group."""
        _unless_gone(cognito._admin_remove_user_from_group, properties)


Operation = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]]


def _call(operation: Operation, request: dict[str, Any]) -> None:
    status, _, body = operation(request)
    if status >= 400:
        error = json.loads(body)
        raise CognitoError(error["__type"], error["message"])


def _unless_gone(operation: Operation, request: dict[str, Any]) -> None:
    try:
        _call(operation, request)
    except CognitoError as error:
        if error.code not in _GONE:
            raise
