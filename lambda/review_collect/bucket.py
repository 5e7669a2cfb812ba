"""The workflow's bucket: what is read from it and what is written to it."""

from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from review_collect.loop_end import UnusableError
from review_shared.aws import CONFIG
from review_shared.strict_json import JsonError, parse

s3 = boto3.client("s3", config=CONFIG)


def read_output(bucket: str, uri: str) -> bytes | None:
    """A loop's output, which must be in the workflow's own bucket; None when there is none."""
    parts = urlsplit(uri)
    if (parts.scheme, parts.netloc) != ("s3", bucket):
        raise UnusableError(f"the output must be in s3://{bucket}, got {uri}")
    return _read(bucket, parts.path.removeprefix("/"))


def read_request(bucket: str, human_loop_name: str) -> dict[str, Any] | None:
    """What triage asked; None for a loop that triage did not start."""
    key = f"requests/{human_loop_name}.json"
    body = _read(bucket, key)
    try:
        return None if body is None else json_object(body)
    except JsonError as error:
        raise UnusableError(f"s3://{bucket}/{key} cannot be read: {error}") from None


def json_object(body: bytes) -> dict[str, Any]:
    """What a file holds that has to be a JSON object."""
    value = parse(body)
    if not isinstance(value, dict):
        raise JsonError("it must be a JSON object")
    return value


def write_once(bucket: str, key: str, body: bytes) -> bool:
    """Write a record unless it is there; say whether it was written.

    The first record stands: by the time an event comes again, the flow definition and with it the
    template's hash may be gone.
    """
    try:
        s3.put_object(
            Bucket=bucket, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        return False
    return True


def _read(bucket: str, key: str) -> bytes | None:
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
    return body
