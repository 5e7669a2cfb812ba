"""Amazon S3 as a flow definition's role sees it: reading for task pages, writing answers."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.config import Config

from localcloud.a2i.region import Region
from localcloud.a2i.s3_location import Location, location

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SESSION_NAME = "amazon-a2i"
_URL_SECONDS = 3600
_CLIENT_MILLISECONDS = 60_000  # a client takes a tenth of a second to make; loops come in hundreds


class RoleAccess:
    """What roles may do in Amazon S3, by clients that are kept for a minute each."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._clients: dict[str, tuple[int, S3Client]] = {}
        self._lock = threading.Lock()

    def check(self, role_arn: str) -> None:
        """Raise `RoleNotAssumable` unless SageMaker may assume the role now."""
        self._region.cloud.role_session(role_arn, _SESSION_NAME)

    def reader(self, role_arn: str) -> Callable[[str], str]:
        """Makes presigned addresses of ``s3://bucket/key`` URIs.

        The role is assumed when the first one is asked for: most task pages need none. Then
        `RoleNotAssumable` may be raised, and botocore's errors.
        """

        def presigned(uri: str) -> str:
            bucket, key = location(uri)
            return self._client(role_arn).generate_presigned_url(
                "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=_URL_SECONDS
            )

        return presigned

    def put_json(self, role_arn: str, place: Location, body: bytes, kms_key_id: str | None) -> None:
        """Write a JSON object. Raises `RoleNotAssumable` and botocore's errors."""
        client = self._client(role_arn)
        if kms_key_id:
            client.put_object(
                Bucket=place.bucket,
                Key=place.key,
                Body=body,
                ContentType="application/json",
                ServerSideEncryption="aws:kms",
                SSEKMSKeyId=kms_key_id,
            )
        else:
            client.put_object(
                Bucket=place.bucket, Key=place.key, Body=body, ContentType="application/json"
            )

    def _client(self, role_arn: str) -> "S3Client":
        with self._lock:
            until, client = self._clients.get(role_arn, (0, None))
        if client is None or until <= self._region.time():
            session = self._region.cloud.role_session(role_arn, _SESSION_NAME)
            client = session.client(
                "s3", region_name=self._region.name, config=Config(signature_version="s3v4")
            )
            with self._lock:
                until = self._region.time() + _CLIENT_MILLISECONDS
                self._clients[role_arn] = (until, client)
        return client
