"""Custom::A2IWorkteamAccess: from where a workteam's members may open the objects they review.

AWS::SageMaker::Workteam has no WorkerAccessConfiguration. UpdateWorkteam leaves alone what it is
not given, so the workteam stays as CloudFormation made it.
"""

import boto3
from botocore.exceptions import ClientError

from review_resources.events import Event, Properties, Response
from review_shared import report
from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)

Constraints = dict[str, str]


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    properties = event["ResourceProperties"]
    workteam = properties["WorkteamName"]
    match event["RequestType"]:
        case "Create" | "Update":
            constrain(workteam, given(properties))
            return {"PhysicalResourceId": workteam}
        case "Delete":
            release(workteam)
            return {"PhysicalResourceId": event["PhysicalResourceId"]}


def given(properties: Properties) -> Constraints:
    """The constraints that the template sets; what it left out is to be cleared."""
    constraints: Constraints = properties.get("S3Presign", {}).get("IamPolicyConstraints", {})
    return constraints


def constrain(workteam: str, constraints: Constraints) -> None:
    """Bind the links to reviewed objects to these constraints, and to no others."""
    left = {it for it, is_on in update(workteam, constraints).items() if is_on == "Enabled"}
    stale = left - constraints.keys()
    if stale:
        # SageMaker took what it was not given for unchanged.
        update(workteam, {**constraints, **dict.fromkeys(sorted(stale), "Disabled")})


def release(workteam: str) -> None:
    """Remove the configuration, if there still is a workteam."""
    try:
        constrain(workteam, {})
    except ClientError as error:
        # SageMaker has no code of its own for a missing workteam.
        details = error.response["Error"]
        if details["Code"] != "ValidationException" or "work team" not in details["Message"]:
            raise
        report.log("already gone", workteam=workteam)


def update(workteam: str, constraints: Constraints) -> Constraints:
    """Write the configuration; the constraints the workteam has then."""
    configuration = {"S3Presign": {"IamPolicyConstraints": constraints}} if constraints else {}
    answer = sagemaker.update_workteam(
        WorkteamName=workteam,
        WorkerAccessConfiguration=configuration,  # type: ignore[arg-type]  # values come from the template, SageMaker checks them
    )
    presign = answer["Workteam"].get("WorkerAccessConfiguration", {}).get("S3Presign", {})
    return {key: str(value) for key, value in presign.get("IamPolicyConstraints", {}).items()}
