"""Custom::A2IFlowDefinition: which workteam answers, on which page, where the answers go.

A flow definition cannot be changed, so its name carries a hash of all it is made of: other
properties are another name, another resource, and CloudFormation lets the old one go afterwards.
"""

import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from review_resources import flow_definition_end
from review_resources.events import Event, Progress, Response, is_overdue, waited
from review_resources.flow_definition_content import (
    all_tags,
    flow_definition_name,
    given_tags,
    is_of,
    parameters,
)
from review_resources.flow_definition_end import described
from review_resources.flow_definition_output import refuse_to_strand
from review_resources.propagation import may_arrive
from review_shared import report
from review_shared.aws import CONFIG, may_pass
from review_shared.flow_definition import RETIRED_AT, RETIRED_BECAUSE, tags_of

sagemaker = boto3.client("sagemaker", config=CONFIG)

PROPAGATION_PAUSES = (2, 4, 8, 16, 16)
# However slow SageMaker answers: under two minutes in all.
PROPAGATION_SECONDS = 90


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event."""
    match event["RequestType"]:
        case "Create":
            return create(event)
        case "Update":
            return update(event)
        case "Delete":
            # Left to is_complete, which is asked again when AWS does not answer.
            return {"PhysicalResourceId": event["PhysicalResourceId"]}


def is_complete(event: Event) -> Progress:
    """Say whether the flow definition is Active, or on Delete whether it is let go."""
    if event["RequestType"] == "Delete":
        return {"IsComplete": flow_definition_end.let_go(event)}
    progress = active(event)
    if progress["IsComplete"] and "Undoes" in event and not flow_definition_end.undone(event):
        return {"IsComplete": False}
    return progress


def create(event: Event) -> Response:
    """Make the flow definition, once; waiting for it is left to ``is_complete``."""
    wanted = parameters(event)
    name = wanted["FlowDefinitionName"]
    try:
        # A rollback wants back what is still there, even if it could not be made now.
        is_there = event["RequestType"] == "Update" and described(name) is not None
        if is_there or not created_when_propagated(wanted):
            take_back(event, name)
    except (ClientError, BotoCoreError) as error:
        if not may_pass(error):
            raise RuntimeError(f"{error}; correct what it names and deploy again") from error
        # It may have been made all the same. After an error CloudFormation would forget it.
        report.log("no answer", flow_definition=name, error=type(error).__name__)
        return {"PhysicalResourceId": name, "Unanswered": str(error)}
    return {"PhysicalResourceId": name}


def update(event: Event) -> Response:
    """Make a new flow definition for a new content, else change only the tags.

    One that somebody has deleted is made again.
    """
    refuse_to_strand(event)
    name = event["PhysicalResourceId"]
    description = described(name)
    wanted = flow_definition_name(event["StackId"], event["ResourceProperties"])
    if wanted != name or description is None:
        return create(event)

    arn = description["FlowDefinitionArn"]
    settle_tags(event, arn, tags_of(arn) or {})
    former = flow_definition_name(event["StackId"], event["OldResourceProperties"])
    if former != name:
        # This is the rollback of an update that got no further than to make the former.
        return {"PhysicalResourceId": name, "Undoes": former}
    return {"PhysicalResourceId": name}


def active(event: Event) -> Progress:
    """Say whether it is Active; fail with the service's reason when it never will be."""
    name = event["PhysicalResourceId"]
    description = described(name)
    if description is None:
        reason = event.get("Unanswered", "somebody has deleted it")
        raise RuntimeError(f"flow definition {name} does not exist: {reason}; deploy again")
    if "Unanswered" in event:
        take_back(event, name)
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
        case status:
            if is_overdue(event):
                raise RuntimeError(
                    f"flow definition {name} is still {status} after {waited(event):.0f} seconds; "
                    "deploy again"
                )
            return {"IsComplete": False}


def created_when_propagated(wanted: dict[str, Any]) -> bool:
    """Call CreateFlowDefinition until role and workteam have arrived; False when it exists."""
    started, pauses = time.monotonic(), iter(PROPAGATION_PAUSES)
    while True:
        try:
            sagemaker.create_flow_definition(**wanted)
            return True
        except sagemaker.exceptions.ResourceInUse:
            return False
        except ClientError as error:
            pause = next(pauses, None)
            if pause is None or time.monotonic() - started > PROPAGATION_SECONDS:
                raise
            if not may_arrive(error, wanted):
                raise
        report.log("waiting for propagation", seconds=pause)
        time.sleep(pause)


def take_back(event: Event, name: str) -> None:
    """Go on with the flow definition of that name: it is one that this resource has made.

    The answer to an earlier attempt was lost, or a change wants back what another had retired.
    """
    arn = sagemaker.describe_flow_definition(FlowDefinitionName=name)["FlowDefinitionArn"]
    tags = tags_of(arn)
    if tags is None or not is_of(event, tags):
        raise RuntimeError(
            f"flow definition {name} exists and is not of resource {event['LogicalResourceId']} "
            "of this stack: delete it, or give the workflow another name, and deploy again"
        )
    report.log("found its own flow definition", flow_definition=name)
    settle_tags(event, arn, tags)


def settle_tags(event: Event, arn: str, tags: dict[str, str]) -> None:
    """Bring the tags to what the template says, with no call when they are."""
    wanted = all_tags(event)
    # Only what this stack had set: an account's own tagging is not ours to remove.
    former = given_tags(event.get("OldResourceProperties", {})).keys()
    dropped = sorted(({*former, RETIRED_AT, RETIRED_BECAUSE} - wanted.keys()) & tags.keys())
    if dropped:
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=dropped)
    changed = [{"Key": k, "Value": wanted[k]} for k in wanted if tags.get(k) != wanted[k]]
    if changed:
        sagemaker.add_tags(ResourceArn=arn, Tags=changed)  # type: ignore[arg-type]  # TypedDict
