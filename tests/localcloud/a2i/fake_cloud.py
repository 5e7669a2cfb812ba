"""An AWS around the engine that keeps everything in memory, and a clock that tests set."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from localcloud.a2i.cloud import EventNotAccepted, RoleNotAssumable
from localcloud.a2i.service import A2I

ACCOUNT, REGION = "111122223333", "us-west-2"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
USER_POOL, CLIENT = "us-west-2_Reviewers", "portal-client"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reviews"

Later = Callable[..., None]
"""Lets seconds pass, one unless said otherwise, and has what is due done."""


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 14, 17, 37, 36, 740_000, UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


class FakeCloud:
    """Implements `localcloud.a2i.cloud.Cloud`.

    :param objects: what was written to Amazon S3, by bucket and key.
    :param s3_answers: the HTTP status Amazon S3 answers with next, and after that.
    """

    def __init__(self) -> None:
        self.pools = {USER_POOL: {"Id": USER_POOL, "Domain": "reviewers"}}
        self.clients = {(USER_POOL, CLIENT): {"ClientId": CLIENT, "ClientSecret": "secret"}}
        self.groups = {(USER_POOL, "reviewers"), (USER_POOL, "experts")}
        self.roles = {ROLE}
        self.buckets = {"results": REGION, "far-away": "eu-west-1"}
        self.events: list[dict[str, Any]] = []
        self.event_bus_works = True
        self.refused_events: set[str] = set()
        self.objects: dict[tuple[str, str], bytes] = {}
        self.written: list[dict[str, str]] = []
        self.s3_answers = [200]
        self.sessions: list[str] = []

    def sub_domain(self, region: str) -> str:
        return f"portal.labeling.{region}.sagemaker.aws"

    def role_session(self, role_arn: str, session_name: str) -> boto3.Session:
        if role_arn not in self.roles:
            raise RoleNotAssumable("User: sagemaker.amazonaws.com is not authorized")
        self.sessions.append(role_arn)
        core = botocore.session.Session()
        core.set_default_client_config(
            Config(
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",  # else the body is in chunks
            )
        )
        session = boto3.Session(
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            botocore_session=core,
        )
        events: Any = session.events  # whose stub knows no handler that answers
        events.register("before-send.s3", self._s3)
        return session

    def put_event(self, account: str, region: str, event: dict[str, Any]) -> None:
        if not self.event_bus_works or event["detail"]["humanLoopName"] in self.refused_events:
            raise EventNotAccepted("the event bus is down")
        self.events.append(event)

    def user_pool(self, user_pool_id: str) -> dict[str, Any] | None:
        return self.pools.get(user_pool_id)

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        return self.clients.get((user_pool_id, client_id))

    def user_group_exists(self, user_pool_id: str, group: str) -> bool:
        return (user_pool_id, group) in self.groups

    def cognito_url(self) -> str:
        return "https://cognito.example"

    def sign_in_url(self) -> str:
        return "https://sign-in.example"

    def bucket_region(self, bucket: str) -> str | None:
        return self.buckets.get(bucket)

    def _s3(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        status = self.s3_answers.pop(0) if len(self.s3_answers) > 1 else self.s3_answers[0]
        if status != 200:
            code = {403: "AccessDenied", 503: "SlowDown"}.get(status, "InternalError")
            error = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            return response(request, status, {"Content-Type": "application/xml"}, error)
        parts = urlsplit(request.url)
        bucket = parts.netloc.partition(".")[0]
        self.objects[bucket, parts.path.removeprefix("/")] = sent(request)
        self.written.append(dict(request.headers.items()))
        return response(request, 200, {}, b"")


class _Body(BytesIO):
    """A response's body, as urllib3 has it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


def sent(request: AWSPreparedRequest) -> bytes:
    """A request's body."""
    match request.body:
        case str() as text:
            return text.encode()
        case bytes() | bytearray() as body:
            return bytes(body)
        case None:
            return b""
        case file:
            content = file.read()
            return content if isinstance(content, bytes) else content.encode()


def response(
    request: AWSPreparedRequest, status: int, headers: Mapping[str, str], body: bytes
) -> AWSResponse:
    """What botocore reads an answer from."""
    lines: Any = dict(headers)
    return AWSResponse(request.url, status, lines, _Body(body))


def advance(a2i: A2I, clock: Clock, seconds: float = 1) -> None:
    """Let time pass, and have what is due then done."""
    clock.forward(seconds)
    a2i.advance()
