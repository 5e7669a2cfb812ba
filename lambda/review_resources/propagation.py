"""What SageMaker says of a role or a workteam made seconds ago that has not reached it yet.

Only that is worth waiting for: anything else CreateFlowDefinition refuses is a mistake.
"""

import re

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)

ROLE = re.compile(r"assume[ :]?(the )?role", re.I)
WORKTEAM = re.compile(r"work ?team.*(not exist|not found)", re.I | re.S)


def may_arrive(refusal: ClientError, workteam_arn: str) -> bool:
    """Say whether what SageMaker misses may only be on its way to it."""
    details = refusal.response["Error"]
    if details["Code"] != "ValidationException":
        return False
    if ROLE.search(details["Message"]):
        return True
    return bool(WORKTEAM.search(details["Message"])) and workteam_exists(workteam_arn)


def workteam_exists(arn: str) -> bool:
    """Say whether there is such a workteam of the account's own."""
    try:
        described = sagemaker.describe_workteam(WorkteamName=arn.rpartition("/")[2])
    except ClientError as error:
        # SageMaker has no code of its own for a missing workteam.
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        return False
    return described["Workteam"]["WorkteamArn"] == arn
