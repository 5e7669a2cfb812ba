"""What the engine asks of the AWS around it."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from boto3 import Session


class RoleNotAssumable(Exception):  # noqa: N818 - it says what happened
    """SageMaker may not assume a role, or the role is not there.

    :param message: what the token service said.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EventNotAccepted(Exception):  # noqa: N818 - it says what happened
    """The event bus did not take an event; it is offered again later."""


class Cloud(Protocol):
    """The AWS services next to Amazon A2I, as far as it needs them."""

    def sub_domain(self, region: str) -> str:
        """The worker portal's host and port, without a scheme."""
        ...

    def role_session(self, role_arn: str, session_name: str) -> "Session":
        """A session of a role, assumed by sagemaker.amazonaws.com.

        Raises `RoleNotAssumable`.
        """
        ...

    def put_event(self, account: str, region: str, event: dict[str, Any]) -> None:
        """Hand an event, complete as a rule's target receives it, to the default event bus.

        Raises `EventNotAccepted`, or botocore's own errors, when it should be offered again.
        """
        ...

    def user_pool(self, user_pool_id: str) -> dict[str, Any] | None:
        """The pool as DescribeUserPool shows it, ``Domain`` included."""
        ...

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        """The client as DescribeUserPoolClient shows it, ``ClientSecret`` included."""
        ...

    def user_group_exists(self, user_pool_id: str, group: str) -> bool:
        """Whether the pool has the group."""
        ...

    def cognito_url(self) -> str:
        """Where a server finds ``/oauth2/token`` and ``/<pool>/.well-known/jwks.json``."""
        ...

    def sign_in_url(self) -> str:
        """Where a browser finds ``/oauth2/authorize``."""
        ...

    def bucket_region(self, bucket: str) -> str | None:
        """The Region a bucket is in; None when there is no such bucket."""
        ...
