"""Which flow definition asks the reviewers: its ARN changes with each new version of the page."""

import time
from collections.abc import Callable, Collection
from typing import TypeVar

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG

ssm = boto3.client("ssm", config=CONFIG)

Answer = TypeVar("Answer")

# A retired flow definition still starts loops: after this nobody here asks it to.
KEPT_SECONDS = 60

# By parameter: when it was read, and what it said.
_arns: dict[str, tuple[float, str]] = {}


def current_arn(parameter: str) -> str:
    """The ARN of the workflow's flow definition, as it was at most a minute ago."""
    read_at, arn = _arns.get(parameter, (float("-inf"), ""))
    return arn if time.monotonic() - read_at < KEPT_SECONDS else read_arn(parameter)


def read_arn(parameter: str) -> str:
    """Read the ARN anew."""
    asked_at = time.monotonic()
    arn = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    _arns[parameter] = asked_at, arn
    return arn


def with_current(parameter: str, gone: Collection[str], call: Callable[[str], Answer]) -> Answer:
    """Make a call with the ARN, and once more when that has changed since it was read.

    :param gone: the errors by which the call says that the flow definition is gone.
    """
    arn = current_arn(parameter)
    try:
        return call(arn)
    except ClientError as error:
        if error.response["Error"]["Code"] not in gone:
            raise
        current = read_arn(parameter)
        if current == arn:
            raise
        return call(current)
