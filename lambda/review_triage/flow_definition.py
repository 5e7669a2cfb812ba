"""Which flow definition asks the reviewers: its ARN changes with each new version of the page."""

import boto3

from review_shared.aws import CONFIG

ssm = boto3.client("ssm", config=CONFIG)

# Kept for as long as the function stays warm.
_arns: dict[str, str] = {}


def current_arn(parameter: str) -> str:
    """The ARN of the workflow's flow definition, as last read."""
    return _arns[parameter] if parameter in _arns else read_arn(parameter)


def read_arn(parameter: str) -> str:
    """Read the ARN anew."""
    _arns[parameter] = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    return _arns[parameter]
