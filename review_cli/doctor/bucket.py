"""S3: where a workflow's answers go, and what its pages show."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, counted, ok, problem, warning
from review_cli.doctor.role import allowed, input_buckets, object_arn

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client

SAMPLE = 5
"""How many open reviews' inputs are looked at."""


def results(s3: "S3Client", bucket: str) -> Iterator[Check]:
    """Whether the workflow's bucket is there."""
    if _exists(s3, bucket):
        yield ok("Bucket", f"{bucket} is there.")
        return
    yield problem(
        "Bucket",
        f"The bucket {bucket} is gone, so nothing can be recorded and no review can end.",
        "Make a bucket of that name again, in this Region.",
    )


def inputs(
    s3: "S3Client",
    iam: "IAMClient",
    role_arn: str,
    results_bucket: str | None,
    open_loops: Iterable[str],
) -> Iterator[Check]:
    """Whether task pages can show what reviews need.

    :param open_loops: the names of reviews whose inputs to look at, if anything was recorded.
    """
    buckets = input_buckets(iam, role_arn)
    mistakes = [it for bucket in sorted(buckets) for it in _bucket(s3, iam, role_arn, bucket)]
    shown: set[str] = set()
    if results_bucket:
        for loop in open_loops:
            shown |= _shown(s3, results_bucket, loop)
    yield from mistakes
    unreadable = sorted(uri for uri in shown if not _readable(iam, role_arn, uri))
    if unreadable:
        yield problem(
            "Role's input",
            f"Open reviews show {counted(len(unreadable), 'object')} that the role may not read, "
            f"{unreadable[0]} among them.",
            "Name the bucket in workflow.yaml's input_buckets, and deploy.",
        )
    elif not mistakes and buckets:
        yield ok("Role's input", f"Task pages may show objects of {', '.join(sorted(buckets))}.")
    elif not mistakes:
        yield ok("Role's input", "The role may read no bucket, and no open review needs one.")


def _bucket(s3: "S3Client", iam: "IAMClient", role_arn: str, bucket: str) -> Iterator[Check]:
    if not _exists(s3, bucket):
        yield problem(
            "Role's input",
            f"The input bucket {bucket} does not exist.",
            "Correct workflow.yaml's input_buckets, or make the bucket.",
        )
        return
    if not allowed(iam, role_arn, "s3:GetObject", object_arn(role_arn, bucket, "*")):
        yield problem(
            "Role's input",
            f"The role may not read objects of {bucket}, though a policy of its own allows it.",
            "Look for a permissions boundary or a policy that denies s3:GetObject.",
        )
    if not _lets_pages_load(s3, bucket):
        yield warning(
            "Role's input",
            f"{bucket} has no CORS rule that allows GET, so images of it fail in task pages.",
            "Add a CORS rule with the method GET and the origin * to the bucket.",
        )


def _exists(s3: "S3Client", bucket: str) -> bool:
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        return False
    return True


def _lets_pages_load(s3: "S3Client", bucket: str) -> bool:
    try:
        rules = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchCORSConfiguration":
            raise
        return False
    return any("GET" in rule["AllowedMethods"] for rule in rules)


def _shown(s3: "S3Client", bucket: str, human_loop_name: str) -> set[str]:
    """The S3 URIs in what a review asks; none when triage did not start it."""
    try:
        answer = s3.get_object(Bucket=bucket, Key=f"requests/{human_loop_name}.json")
        return set(_uris(json.loads(answer["Body"].read())))
    except (s3.exceptions.NoSuchKey, ValueError):
        return set()


def _uris(node: Any) -> Iterator[str]:
    match node:
        case dict():
            for value in node.values():
                yield from _uris(value)
        case list():
            for value in node:
                yield from _uris(value)
        case str() if node.startswith("s3://") and "/" in node.removeprefix("s3://"):
            yield node


def _readable(iam: "IAMClient", role_arn: str, uri: str) -> bool:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return allowed(iam, role_arn, "s3:GetObject", object_arn(role_arn, bucket, key))
