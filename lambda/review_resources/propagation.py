"""What SageMaker says of a role or a workteam made seconds ago that has not reached it yet.

Only that is worth waiting for: anything else CreateFlowDefinition refuses is a mistake.
"""

import json
import re
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_shared import report
from review_shared.aws import CONFIG

iam = boto3.client("iam", config=CONFIG)
sagemaker = boto3.client("sagemaker", config=CONFIG)

SAGEMAKER = "sagemaker.amazonaws.com"

ROLE = re.compile(r"assume[ :]?(the )?role", re.I)
WORKTEAM = re.compile(r"work ?team.*(not exist|not found)", re.I | re.S)


def may_arrive(refusal: ClientError, wanted: dict[str, Any]) -> bool:
    """Say whether what SageMaker misses may only be on its way to it.

    :param wanted: what CreateFlowDefinition was called with.
    :raises RuntimeError: it will not, and IAM tells why.
    """
    details = refusal.response["Error"]
    if details["Code"] != "ValidationException":
        return False
    if ROLE.search(details["Message"]):
        mistake = mistake_in_role(wanted["RoleArn"])
        if mistake is not None:
            raise RuntimeError(f"{refusal}: {mistake}; correct that and deploy again") from refusal
        return True
    workteam = wanted["HumanLoopConfig"]["WorkteamArn"]
    return bool(WORKTEAM.search(details["Message"])) and workteam_exists(workteam)


def mistake_in_role(arn: str) -> str | None:
    """Why SageMaker can never assume the role; None when nothing speaks against it."""
    try:
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except iam.exceptions.NoSuchEntityException:
        return f"there is no role {arn}"
    except ClientError as error:
        # A role that is not of this library may not be looked at.
        report.log("role not seen", role=arn, code=error.response["Error"]["Code"])
        return None
    if role["Arn"] != arn:
        return f"there is no role {arn}, but {role['Arn']}"
    if SAGEMAKER not in json.dumps(role["AssumeRolePolicyDocument"]):
        return f"the role's trust policy does not name {SAGEMAKER}"
    return None


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
