"""S3: where a workflow's answers go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, ok, problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def results(s3: "S3Client", bucket: str) -> Iterator[Check]:
    """Whether the workflow's bucket is there."""
    if exists(s3, bucket):
        yield ok("Bucket", f"{bucket} is there.")
        return
    yield problem(
        "Bucket",
        f"The bucket {bucket} is gone, so nothing can be recorded and no review can end.",
        "Make a bucket of that name again, in this Region.",
    )


def exists(s3: "S3Client", bucket: str) -> bool:
    """Say whether there is such a bucket."""
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        return False
    return True
