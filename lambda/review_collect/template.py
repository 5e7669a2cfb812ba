"""Which version of the page the reviewers saw."""

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)

TAG = "human-review:template-sha256"
GONE = {"ResourceNotFound", "ResourceNotFoundException", "ValidationException"}


def template_sha256(flow_definition_arn: str) -> str | None:
    """The hash of the flow definition's template; None when the flow definition is gone."""
    try:
        tags = sagemaker.list_tags(ResourceArn=flow_definition_arn)["Tags"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise
        return None
    return next((tag["Value"] for tag in tags if tag["Key"] == TAG), None)
