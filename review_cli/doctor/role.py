"""The flow definition's role: what Amazon A2I reads inputs and writes answers with.

Only SageMaker can assume the role, so its rights are asked for: of SageMaker by rendering a page
with it, of IAM by simulating its policies. Neither leaves anything behind.
What it reads is tried in `read_probe`.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, ok, problem
from review_cli.doctor.flow_definition import FlowDefinition
from review_cli.wording import words

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_sagemaker import SageMakerClient

_PAGE = "<crowd-form></crowd-form>"


def assumable(sagemaker: "SageMakerClient", flow_definition: FlowDefinition) -> Iterator[Check]:
    """Whether SageMaker can work as the role."""
    arn = flow_definition.description["RoleArn"]
    try:
        sagemaker.render_ui_template(
            UiTemplate={"Content": _PAGE}, Task={"Input": "{}"}, RoleArn=arn
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        yield problem(
            "Role",
            f"SageMaker cannot work as the role {_name(arn)}: {words(error)}.",
            "Let sagemaker.amazonaws.com assume it again; if it is gone, deploy a change of the "
            "workflow.",
        )
        return
    yield ok("Role", f"SageMaker can work as {_name(arn)}.")


def writes_output(iam: "IAMClient", flow_definition: FlowDefinition) -> Iterator[Check]:
    """Whether the role may write answers where the flow definition says."""
    description = flow_definition.description
    arn, output = description["RoleArn"], description["OutputConfig"]
    path = output["S3OutputPath"].removeprefix("s3://").rstrip("/")
    needed = {"s3:PutObject": f"{_arn_prefix(arn)}:s3:::{path}/{flow_definition.name}/output.json"}
    if key := output.get("KmsKeyId"):
        needed["kms:GenerateDataKey"] = key
    denied = [action for action, on in needed.items() if not allowed(iam, arn, action, on)]
    if denied:
        yield problem(
            "Role's output",
            f"The role {_name(arn)} lacks {' and '.join(denied)} on s3://{path}, so finished "
            "reviews fail.",
            "Give it the permission back, or deploy a change of the workflow's role.",
        )
        return
    yield ok("Role's output", f"The role's policies let it write to s3://{path}.")


def input_buckets(iam: "IAMClient", role_arn: str) -> set[str]:
    """The buckets whose objects the role's own policies let task pages show."""
    role = _name(role_arn)
    buckets: set[str] = set()
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            found = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            # boto3 parses the document; its types do not say so.
            document: Any = json.loads(found) if isinstance(found, str) else found
            buckets |= set(_readable(document["Statement"]))
    return buckets


def allowed(iam: "IAMClient", role_arn: str, action: str, resource: str) -> bool:
    """Say whether the role's policies, its boundary and the organization's allow an action."""
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=role_arn, ActionNames=[action], ResourceArns=[resource]
    )["EvaluationResults"]
    return result["EvalDecision"] == "allowed"


def object_arn(role_arn: str, bucket: str, key: str) -> str:
    """The ARN of an object, in the role's partition."""
    return f"{_arn_prefix(role_arn)}:s3:::{bucket}/{key}"


def _readable(statements: Any) -> Iterator[str]:
    for statement in _as_list(statements):
        actions = _as_list(statement.get("Action", []))
        if statement["Effect"] == "Allow" and "s3:GetObject" in actions:
            for resource in _as_list(statement.get("Resource", [])):
                bucket = resource.partition(":::")[2].partition("/")[0]
                if bucket and "*" not in bucket:
                    yield bucket


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _arn_prefix(role_arn: str) -> str:
    return ":".join(role_arn.split(":")[:2])


def _name(role_arn: str) -> str:
    return role_arn.rpartition("/")[2]
