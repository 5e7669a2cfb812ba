"""The label records of a workflow, read from its bucket."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from review_cli.clients import Clients
from review_cli.connection import CannotLookError, aws_can_be_asked, connect
from review_cli.found import deployed
from review_cli.wording import words

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Record = dict[str, Any]
_PREFIX = "labels/"
# As many as a client keeps connections open.
_AT_ONCE = 10


def label_records(workflow: str, profile: str | None, region: str | None) -> list[Record]:
    """All label records of ``workflow``, the oldest day first.

    :raises CannotLookError: when they cannot be found or read.
    """
    session = connect(profile, region)
    with aws_can_be_asked():
        clients = Clients.of(session)
        account = clients.sts.get_caller_identity()["Account"]
        [found] = deployed(clients, account, session.region_name).only([workflow]).workflows
        bucket = found.parameters.get("bucket-name")
        if bucket is None:
            raise CannotLookError(
                f"The SSM parameter {found.parameter_name('bucket-name')} is missing.",
                f"Deploy HumanReview-{workflow} again.",
            )
        try:
            return list(_read(clients.s3, bucket))
        except ClientError as error:
            raise CannotLookError(
                f"The labels in s3://{bucket}/{_PREFIX} cannot be read: {words(error)}.",
                "Allow s3:ListBucket and s3:GetObject on it, and kms:Decrypt if it has a key.",
            ) from error


def _read(s3: "S3Client", bucket: str) -> Iterator[Record]:
    """Read every record, ten at a time, and show how many; only a terminal sees that."""
    screen = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with (
        Progress(
            *columns, console=screen, transient=True, disable=not screen.is_terminal
        ) as progress,
        ThreadPoolExecutor(_AT_ONCE) as readers,
    ):
        task = progress.add_task("Labels", total=None)
        keys = _keys(s3, bucket)
        progress.update(task, total=len(keys))
        for record in readers.map(lambda key: _record(s3, bucket, key), keys):
            progress.advance(task)
            yield record


def _keys(s3: "S3Client", bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_PREFIX)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return sorted(key for key in keys if key.endswith(".json"))


def _record(s3: "S3Client", bucket: str, key: str) -> Record:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        record = json.loads(body)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise CannotLookError(
            f"s3://{bucket}/{key} is not a label record.", "Move it out of the labels."
        )
    return record
