"""A workflow's stack: how its last deployment ended, and what it says it has made."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from review_cli.deployment import Workflow
from review_cli.doctor.check import Check, ok, problem, warning

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_PARAMETERS = {
    "FlowDefinitionArn": "flow-definition-arn",
    "TriageQueueUrl": "triage-queue-url",
    "BucketName": "bucket-name",
    "DeadLetterQueueUrl": "dead-letter-queue-url",
}


def stack(
    cloudformation: "CloudFormationClient", stack_id: str, workflow: Workflow
) -> Iterator[Check]:
    """Whether the stack is in order, and its outputs are what the SSM parameters say."""
    name = stack_id.split("/")[1]
    try:
        [found] = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        yield _gone(name)
        return
    yield _status(name, found["StackStatus"], workflow)
    outputs = {it["OutputKey"]: it["OutputValue"] for it in found.get("Outputs", [])}
    yield from _parameters(name, outputs, workflow)


def _status(name: str, status: str, workflow: Workflow) -> Check:
    if status == "DELETE_COMPLETE":
        return _gone(name)
    if status == "DELETE_FAILED":
        return _not_destroyed(name, workflow)
    if status.endswith("_FAILED"):
        return problem(
            "Stack",
            f"{name} is {status}.",
            "Read its events in the CloudFormation console, and deploy again.",
        )
    if "ROLLBACK" in status and status.endswith("_COMPLETE"):
        return warning(
            "Stack",
            f"The last deployment of {name} failed and was undone ({status}).",
            "Read its events in the CloudFormation console, and deploy again.",
        )
    if status.endswith("_IN_PROGRESS"):
        return warning(
            "Stack",
            f"A deployment of {name} is under way ({status}).",
            "Look again when it has ended.",
        )
    return ok("Stack", f"{name} is {status}.")


def _not_destroyed(name: str, workflow: Workflow) -> Check:
    """CloudFormation does nothing with such a stack but delete it."""
    return problem(
        "Stack",
        f"A destroy of {name} was refused or failed (DELETE_FAILED): what is left of it still "
        "works, but it can only be destroyed now, not deployed.",
        "Destroy it when no review is open, or have them stopped: "
        f"{workflow.put_parameter('on-destroy', 'stop')}. To keep the workflow, deploy it then.",
    )


def _gone(name: str) -> Check:
    return problem(
        "Stack",
        f"The stack {name} is gone, and what it made is still there.",
        "Deploy it again, or delete what is left by hand.",
    )


def _parameters(name: str, outputs: Mapping[str, str], workflow: Workflow) -> Iterator[Check]:
    for output, key in _PARAMETERS.items():
        made, told = outputs.get(output), workflow.parameters.get(key)
        if made is not None and told != made:
            yield problem(
                "SSM parameter",
                f"{workflow.parameter_name(key)} is {told or 'missing'}, and {name} made {made}.",
                f"Write it: {workflow.put_parameter(key, made)}.",
            )


def plain_id(logical_id: str) -> str:
    """A logical id without the hash that CDK puts at its end."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)
