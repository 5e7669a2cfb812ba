"""What task pages show: whether the flow definition's role can read it, and browsers may."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from review_cli.doctor.bucket import exists
from review_cli.doctor.check import Check, ok, problem, warning
from review_cli.doctor.read_probe import NotTriedError, refusals
from review_cli.doctor.role import allowed, input_buckets, object_arn
from review_cli.wording import counted

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

SAMPLE = 5
"""How many open reviews' inputs are looked at."""

_NAME = "Role's input"
_OBJECTS = 20
# A key that ends with a slash stands for a folder, which no page shows.
_OBJECT = re.compile(r"s3://[a-z0-9][a-z0-9.-]+/(.*[^/])", re.DOTALL)


def task_input(
    s3: "S3Client",
    iam: "IAMClient",
    sagemaker: "SageMakerClient",
    role_arn: str,
    shown: Iterable[str],
) -> Iterator[Check]:
    """Whether task pages can show what reviews need.

    :param shown: the URIs of objects that open reviews show.
    """
    buckets = sorted(input_buckets(iam, role_arn))
    is_well = True
    for mistake in chain(
        *(_bucket(s3, iam, sagemaker, role_arn, bucket) for bucket in buckets),
        _shown(sagemaker, role_arn, shown),
    ):
        is_well = False
        yield mistake
    if is_well and buckets:
        yield ok(_NAME, f"Task pages may show objects of {', '.join(buckets)}.")
    elif is_well:
        yield ok(_NAME, "The role may read no bucket, and no open review needs one.")


def shown_by(s3: "S3Client", results_bucket: str, human_loops: Iterable[str]) -> Iterator[str]:
    """The S3 URIs in what reviews ask; none of one that triage did not start."""
    for name in human_loops:
        try:
            answer = s3.get_object(Bucket=results_bucket, Key=f"requests/{name}.json")
            yield from _uris(json.loads(answer["Body"].read()))
        except (s3.exceptions.NoSuchKey, ValueError):
            continue


def _bucket(
    s3: "S3Client", iam: "IAMClient", sagemaker: "SageMakerClient", role_arn: str, bucket: str
) -> Iterator[Check]:
    if not exists(s3, bucket):
        yield problem(
            _NAME,
            f"The input bucket {bucket} does not exist.",
            "Correct workflow.yaml's input_buckets, or make the bucket.",
        )
        return
    yield from _read(s3, iam, sagemaker, role_arn, bucket)
    if not _lets_pages_load(s3, bucket):
        yield warning(
            _NAME,
            f"{bucket} has no CORS rule that allows GET, so images of it fail in task pages.",
            "Add a CORS rule with the method GET and the origin * to the bucket.",
        )


def _read(
    s3: "S3Client", iam: "IAMClient", sagemaker: "SageMakerClient", role_arn: str, bucket: str
) -> Iterator[Check]:
    """Whether the role reads the bucket's first object; of an empty bucket, what IAM says."""
    first = s3.list_objects_v2(Bucket=bucket, MaxKeys=1).get("Contents", [])
    if not first:
        if not allowed(iam, role_arn, "s3:GetObject", object_arn(role_arn, bucket, "*")):
            yield problem(
                _NAME,
                f"The role may not read objects of {bucket}, though a policy of its own allows it.",
                "Look for a permissions boundary or a policy that denies s3:GetObject.",
            )
        return
    try:
        refused = refusals(sagemaker, role_arn, [f"s3://{bucket}/{first[0]['Key']}"])
    except NotTriedError as error:
        yield _not_tried(f"objects of {bucket}", error)
        return
    for uri, answer in refused.items():
        yield problem(
            _NAME,
            f"The role cannot read {uri}, though a policy of its own allows it: S3 answers "
            f"{answer}.",
            "Look for a policy of the bucket, of its key or of the organization, or a permissions "
            "boundary, that denies it.",
        )


def _shown(sagemaker: "SageMakerClient", role_arn: str, uris: Iterable[str]) -> Iterator[Check]:
    try:
        refused = refusals(sagemaker, role_arn, sorted(set(uris))[:_OBJECTS])
    except NotTriedError as error:
        yield _not_tried("what open reviews show", error)
        return
    if refused:
        uri, answer = next(iter(refused.items()))
        yield problem(
            _NAME,
            f"Open reviews show {counted(len(refused), 'object')} that the role cannot read, {uri} "
            f"among them: S3 answers {answer}.",
            "Name the bucket in workflow.yaml's input_buckets, and deploy; if it is named there, "
            "see whether the object exists, and whether a policy of the bucket or key denies it.",
        )


def _not_tried(what: str, error: NotTriedError) -> Check:
    return warning(
        _NAME,
        f"Whether the role reads {what} could not be tried: {error}.",
        "See what else was found, and look again.",
    )


def _lets_pages_load(s3: "S3Client", bucket: str) -> bool:
    try:
        rules = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchCORSConfiguration":
            raise
        return False
    return any("GET" in rule["AllowedMethods"] for rule in rules)


def _uris(node: Any) -> Iterator[str]:
    match node:
        case dict():
            for value in node.values():
                yield from _uris(value)
        case list():
            for value in node:
                yield from _uris(value)
        case str() if _OBJECT.fullmatch(node):
            yield node
