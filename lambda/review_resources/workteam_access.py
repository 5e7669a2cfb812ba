"""Custom::A2IWorkteamAccess: from where a workteam's members may open the objects they review.

AWS::SageMaker::Workteam has no WorkerAccessConfiguration. UpdateWorkteam leaves alone what it is
not given, so the workteam stays as CloudFormation made it.
"""

import boto3
from botocore.exceptions import ClientError

from review_resources.events import Event, Response
from review_shared import report
from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)

Constraints = dict[str, str]


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    properties = event["ResourceProperties"]
    workteam = properties["WorkteamName"]
    constraints = properties["S3Presign"]["IamPolicyConstraints"]
    match event["RequestType"]:
        case "Create" | "Update":
            constrain(workteam, constraints)
            return {"PhysicalResourceId": workteam}
        case "Delete":
            release(workteam, constraints)
            return {"PhysicalResourceId": event["PhysicalResourceId"]}


def constrain(workteam: str, constraints: Constraints) -> None:
    """Bind the links to reviewed objects to the address they are asked for from."""
    sagemaker.update_workteam(
        WorkteamName=workteam,
        WorkerAccessConfiguration={"S3Presign": {"IamPolicyConstraints": constraints}},  # type: ignore[typeddict-item]  # values come from the template, SageMaker checks them
    )


def release(workteam: str, constraints: Constraints) -> None:
    """Undo ``constrain``, if there still is a workteam."""
    try:
        constrain(workteam, dict.fromkeys(constraints, "Disabled"))
    except ClientError as error:
        # SageMaker has no code of its own for a missing workteam.
        details = error.response["Error"]
        if details["Code"] != "ValidationException" or "work team" not in details["Message"]:
            raise
        report.log("already gone", workteam=workteam)
