"""A reviewer's account in the deployed user pool."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3

_WORKTEAM = "reviewers"
# For a user pool on this machine alone; on AWS, Cognito mails an invitation.
_TEMPORARY_PASSWORD = "Review-me-1st!"


@dataclass(frozen=True)
class Account:
    """What a reviewer signs in with the first time."""

    username: str
    temporary_password: str


def create_reviewer(session: "boto3.Session", username: str) -> Account:
    """Invite a reviewer to the ``reviewers`` workteam; an invited one is kept as it is.

    :param username: a mail address.
    """
    cognito = session.client("cognito-idp")
    ssm = session.client("ssm")

    def parameter(name: str) -> str:
        return ssm.get_parameter(Name=f"/human-review/{name}")["Parameter"]["Value"]

    user_pool_id = parameter("user-pool-id")
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=user_pool_id,
            Username=username,
            TemporaryPassword=_TEMPORARY_PASSWORD,
            UserAttributes=[
                {"Name": "email", "Value": username},
                {"Name": "email_verified", "Value": "true"},
            ],
            MessageAction="SUPPRESS",
        )
    cognito.admin_add_user_to_group(
        UserPoolId=user_pool_id,
        Username=username,
        GroupName=parameter(f"workteams/{_WORKTEAM}/user-group"),
    )
    return Account(username, _TEMPORARY_PASSWORD)
