"""Custom::A2IFlowDefinition: which workteam answers, on which page, where the answers go.

A flow definition cannot be changed, so its name carries a hash of all it is made of: other
properties are another name, another resource, and CloudFormation lets the old one go afterwards.
"""

import re
import time
from hashlib import sha256
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_resources.events import Event, Progress, Properties, Response
from review_shared import report
from review_shared.aws import CONFIG
from review_shared.strict_json import canonical

sagemaker = boto3.client("sagemaker", config=CONFIG)

NAME_LIMIT = 63
HASH_LENGTH = 10
NOT_CONTENT = {"ServiceToken", "ServiceTimeout", "Tags"}
NOT_PARAMETERS = {*NOT_CONTENT, "FlowDefinitionNamePrefix", "TemplateSha256"}
NUMBERS = ("TaskCount", "TaskAvailabilityLifetimeInSeconds", "TaskTimeLimitInSeconds")

# What SageMaker says of a role or a workteam made seconds ago that has not reached it yet.
# Any other ValidationException is a mistake and fails at once.
PROPAGATION = re.compile(r"assume[ :]?(the )?role|work ?team.*(not exist|not found)", re.I | re.S)
PROPAGATION_PAUSES = (2, 4, 8, 16, 16)


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    match event["RequestType"]:
        case "Create":
            return create(event)
        case "Update":
            return update(event)
        case "Delete":
            return delete(event["PhysicalResourceId"])


def is_complete(event: Event) -> Progress:
    """Say whether the flow definition is Active, or on Delete whether it is gone."""
    name = event["PhysicalResourceId"]
    if event["RequestType"] == "Delete":
        return {"IsComplete": is_gone(name)}
    return active(name)


def create(event: Event) -> Response:
    """Make the flow definition, once; waiting for it is left to ``is_complete``."""
    properties = typed(event["ResourceProperties"])
    name = flow_definition_name(event["StackId"], properties)
    tags = all_tags(event)
    try:
        _create_when_propagated(
            FlowDefinitionName=name,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **{key: properties[key] for key in properties.keys() - NOT_PARAMETERS},
        )
    except sagemaker.exceptions.ResourceInUse:
        # The answer to an earlier attempt was lost, or a rollback asks for what is still there.
        if not _is_of(event, name):
            raise
        report.log("found its own flow definition", flow_definition=name)
    return {"PhysicalResourceId": name}


def update(event: Event) -> Response:
    """Make a new flow definition for a new content, else change only the tags."""
    name = event["PhysicalResourceId"]
    properties = typed(event["ResourceProperties"])
    if flow_definition_name(event["StackId"], properties) != name:
        return create(event)

    arn = sagemaker.describe_flow_definition(FlowDefinitionName=name)["FlowDefinitionArn"]
    tags = all_tags(event)
    sagemaker.add_tags(
        ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
    )
    # Only what this stack had set: an account's own tagging is not ours to remove.
    dropped = sorted(given_tags(event["OldResourceProperties"]).keys() - tags.keys())
    if dropped:
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=dropped)
    return {"PhysicalResourceId": name}


def delete(name: str) -> Response:
    """Begin to delete the flow definition."""
    _delete_if_possible(name)
    return {"PhysicalResourceId": name}


def active(name: str) -> Progress:
    """Say whether ``name`` is Active; fail with the service's reason when it never will be."""
    description = sagemaker.describe_flow_definition(FlowDefinitionName=name)
    match description["FlowDefinitionStatus"]:
        case "Active":
            arn = description["FlowDefinitionArn"]
            return {
                "IsComplete": True,
                "Data": {"FlowDefinitionArn": arn, "FlowDefinitionName": name},
            }
        case "Failed":
            reason = description.get("FailureReason", "SageMaker gave no reason")
            raise RuntimeError(
                f"flow definition {name} failed: {reason}; correct what the reason names "
                "(most often the role, the bucket or the workteam) and deploy again"
            )
        case "Deleting":
            raise RuntimeError(
                f"flow definition {name} is still being deleted, as a reviewer has one of its "
                "tasks open; deploy again when that task is submitted or its time is over"
            )
        case _:
            return {"IsComplete": False}


def is_gone(name: str) -> bool:
    """Say whether ``name`` no longer exists, and see to it when it could not be deleted before."""
    try:
        description = sagemaker.describe_flow_definition(FlowDefinitionName=name)
    except sagemaker.exceptions.ResourceNotFound:
        return True
    # It was Initializing when its deletion was asked for, which SageMaker refuses.
    if description["FlowDefinitionStatus"] in ("Active", "Failed"):
        _delete_if_possible(name)
    return False


def typed(properties: Properties) -> Properties:
    """The properties with numbers where the API wants numbers: CloudFormation sends strings."""
    config: dict[str, Any] = dict(properties["HumanLoopConfig"])
    config.update({key: int(config[key]) for key in NUMBERS if key in config})
    return {**properties, "HumanLoopConfig": config}


def flow_definition_name(stack_id: str, properties: Properties) -> str:
    """The prefix and a hash of the content, the same for the same content in the same stack."""
    content = {key: properties[key] for key in properties.keys() - NOT_CONTENT}
    digest = sha256(canonical({**content, "StackId": stack_id}).encode()).hexdigest()
    name = f"{properties['FlowDefinitionNamePrefix']}--{digest[:HASH_LENGTH]}"
    if len(name) > NAME_LIMIT:
        allowed = NAME_LIMIT - HASH_LENGTH - len("--")
        prefix = properties["FlowDefinitionNamePrefix"]
        raise ValueError(
            f"FlowDefinitionNamePrefix must be at most {allowed} characters, "
            f"got {len(prefix)}: {prefix}"
        )
    return name


def given_tags(properties: Properties) -> dict[str, str]:
    """The tags that the template gives the flow definition."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def all_tags(event: Event) -> dict[str, str]:
    """The template's tags, and those by which its own flow definition is known again."""
    properties = event["ResourceProperties"]
    return {
        **given_tags(properties),
        "human-review:workflow": properties["FlowDefinitionNamePrefix"],
        "human-review:template-sha256": properties["TemplateSha256"],
        "human-review:stack-id": event["StackId"],
        "human-review:logical-id": event["LogicalResourceId"],
    }


def _create_when_propagated(**parameters: Any) -> None:
    """Call CreateFlowDefinition until the role and the workteam have reached SageMaker."""
    for pause in (*PROPAGATION_PAUSES, None):
        try:
            sagemaker.create_flow_definition(**parameters)
            return
        except ClientError as error:
            message = error.response["Error"]["Message"]
            is_validation = error.response["Error"]["Code"] == "ValidationException"
            if pause is None or not is_validation or not PROPAGATION.search(message):
                raise
        report.log("waiting for propagation", seconds=pause)
        time.sleep(pause)


def _is_of(event: Event, name: str) -> bool:
    """Say whether the flow definition of that name was made by this resource of this stack."""
    arn = sagemaker.describe_flow_definition(FlowDefinitionName=name)["FlowDefinitionArn"]
    tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}
    owner = (tags.get("human-review:stack-id"), tags.get("human-review:logical-id"))
    return owner == (event["StackId"], event["LogicalResourceId"])


def _delete_if_possible(name: str) -> None:
    """Call DeleteFlowDefinition; it may be gone, or not yet in a state to be deleted."""
    try:
        sagemaker.delete_flow_definition(FlowDefinitionName=name)
    except sagemaker.exceptions.ResourceNotFound:
        report.log("already gone", flow_definition=name)
    except sagemaker.exceptions.ResourceInUse:
        report.log("not to be deleted yet", flow_definition=name)
