"""The AWS around the A2I engine, as the handlers' tests need it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import boto3
from botocore.client import BaseClient

from localcloud.a2i.cloud import RoleNotAssumable

ACCOUNT, REGION = "111122223333", "eu-west-1"
USER_POOL, CLIENT, GROUP = "eu-west-1_abc", "client", "reviewers"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/flow-definition"


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


class FakeCloud:
    """One user pool, one role, one bucket; events are kept.

    :param s3: the client that the role writes with.
    """

    def __init__(self, s3: BaseClient) -> None:
        self.s3 = s3
        self.roles = {ROLE}
        self.events: list[dict[str, Any]] = []

    def sub_domain(self, region: str) -> str:
        return f"x1.labeling.{region}.sagemaker.aws"

    def role_session(self, role_arn: str, session_name: str) -> boto3.Session:
        if role_arn not in self.roles:
            raise RoleNotAssumable("it is not there yet")
        return cast(boto3.Session, SimpleNamespace(client=lambda *_, **__: self.s3))

    def put_event(self, account: str, region: str, event: dict[str, Any]) -> None:
        self.events.append(event)

    def user_pool(self, user_pool_id: str) -> dict[str, Any] | None:
        return {"Id": user_pool_id, "Domain": "reviewers"}

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        return {"ClientId": client_id, "ClientSecret": "secret"}

    def user_group_exists(self, user_pool_id: str, group: str) -> bool:
        return group == GROUP

    def cognito_url(self) -> str:
        return "https://cognito.example"

    def sign_in_url(self) -> str:
        return "https://sign-in.example"

    def bucket_region(self, bucket: str) -> str | None:
        return REGION if bucket == "results" else None
