"""The Region and the account: whether Amazon A2I is there for them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, ok, problem
from review_cli.wording import words

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

# https://docs.aws.amazon.com/general/latest/gr/a2i.html
REGIONS = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-west-2",
)

# What AWS's services say to accounts that may not use them; A2I's own words are not published.
_NOT_ENROLLED = re.compile(
    r"new customers|no longer (open|available)|not (enrolled|onboarded|subscribed|opted)"
    r"|needs a subscription|OptInRequired|SubscriptionRequired",
    re.I,
)


def region(name: str) -> Check:
    """Whether Amazon A2I is offered in the Region."""
    if name in REGIONS:
        return ok("Region", f"Amazon A2I is offered in {name}.")
    return problem(
        "Region", f"Amazon A2I is not offered in {name}.", f"Deploy to one of {', '.join(REGIONS)}."
    )


def enrolment(sagemaker: "SageMakerClient") -> Iterator[Check]:
    """Whether the account may use Amazon A2I, which takes no new customers."""
    try:
        sagemaker.list_flow_definitions(MaxResults=1)
    except ClientError as error:
        if not _NOT_ENROLLED.search(f"{error.response['Error']['Code']} {words(error)}"):
            raise
        yield problem(
            "Amazon A2I",
            "This account cannot use Amazon A2I, which is closed to new customers: AWS says "
            f'"{words(error)}".',
            "Use an account that has used Amazon A2I before, or ask AWS Support.",
        )
        return
    yield ok("Amazon A2I", "Amazon A2I answers this account.")
