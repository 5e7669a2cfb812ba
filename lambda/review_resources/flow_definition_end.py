"""Letting a flow definition go without losing a review.

DeleteFlowDefinition stops and deletes every human loop that no worker has started. So what an
update has replaced is only *retired*, by two tags, and the reconciler deletes it when its last
loop has ended. Every function here answers whether it is done, and is asked again until it is.
"""

from datetime import UTC, datetime
from typing import Any

import boto3

from review_resources.events import Event, is_overdue
from review_resources.flow_definition_content import LOGICAL_ID
from review_resources.stack import Change, change
from review_shared import report
from review_shared.aws import CONFIG
from review_shared.flow_definition import (
    RETIRED_AT,
    RETIRED_BECAUSE,
    STACK_ID,
    delete,
    human_loops,
    of_workflow,
    tags_of,
)

sagemaker = boto3.client("sagemaker", config=CONFIG)

Description = dict[str, Any]

# How long a reviewer has for a task when the flow definition does not say.
TASK_TIME_LIMIT = 3600


def let_go(event: Event) -> bool:
    """Retire or delete it, by what is happening to the stack."""
    stack_change = change(event["StackId"])
    if stack_change is Change.DESTROYED:
        return destroyed(event)
    description = its_own(event, event["PhysicalResourceId"])
    if description is None:
        return True
    if stack_change is Change.REPLACED:
        return retired(description, "replaced by an update")
    return deleted_or_retired(description)


def destroyed(event: Event) -> bool:
    """Delete it, and what earlier updates have retired; a guard has seen that none is in use."""
    prefix = event["ResourceProperties"]["FlowDefinitionNamePrefix"]
    former = [it.name for it in of_workflow(prefix, event["StackId"]) if it.retired]
    named = (its_own(event, name) for name in (event["PhysicalResourceId"], *former))
    left = [description for description in named if description is not None]
    if left and is_overdue(event):
        raise RuntimeError(still_deleting(left[0]))
    for description in left:
        deleted(description)
    return not left


def undone(event: Event) -> bool:
    """Let go what the failed update had made."""
    description = its_own(event, event["Undoes"])
    return description is None or deleted_or_retired(description)


def retired(description: Description, because: str) -> bool:
    """Mark it as one that gets no new loops and keeps those it has."""
    arn = description["FlowDefinitionArn"]
    if description["FlowDefinitionStatus"] == "Failed":
        return deleted(description)  # no loop was ever started by it
    tags = tags_of(arn)
    if tags is not None and RETIRED_AT not in tags:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        marks = {RETIRED_AT: now, RETIRED_BECAUSE: because}
        sagemaker.add_tags(
            ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in marks.items()]
        )
        report.log("retired", flow_definition=description["FlowDefinitionName"], because=because)
    return True


def deleted_or_retired(description: Description) -> bool:
    """Delete it unless it was used: what it has asked, the reconciler sees to its end."""
    if any(True for _ in human_loops(description["FlowDefinitionArn"])):
        return retired(description, "a failed update was undone")
    return deleted(description)


def deleted(description: Description) -> bool:
    """Have it deleted; False, as it takes a moment until it is gone."""
    # While it is Initializing, SageMaker refuses to.
    if description["FlowDefinitionStatus"] in ("Active", "Failed"):
        delete(description["FlowDefinitionName"])
    return False


def described(name: str) -> Description | None:
    """The flow definition; None when it is gone."""
    try:
        return dict(sagemaker.describe_flow_definition(FlowDefinitionName=name))
    except sagemaker.exceptions.ResourceNotFound:
        return None


def its_own(event: Event, name: str) -> Description | None:
    """The flow definition of that name; None when it is gone, or not this resource's."""
    description = described(name)
    if description is None or not may_be_of(event, description["FlowDefinitionArn"]):
        report.log("already gone", flow_definition=name)
        return None
    return description


def may_be_of(event: Event, arn: str) -> bool:
    """Say whether nothing speaks against its being this resource's: tags may have been lost."""
    tags = tags_of(arn) or {}
    mine = {STACK_ID: event["StackId"], LOGICAL_ID: event["LogicalResourceId"]}
    return all(tags.get(key, value) == value for key, value in mine.items())


def still_deleting(description: Description) -> str:
    """Why a deletion takes so long, and what to do."""
    minutes = -(-task_time_limit(description) // 60)
    return (
        f"flow definition {description['FlowDefinitionName']} is "
        f"{description['FlowDefinitionStatus']} since nine minutes, as a reviewer has one of its "
        f"tasks open; that takes at most {minutes} minutes: delete the stack again then"
    )


def task_time_limit(description: Description) -> int:
    """How many seconds a reviewer may take for one task."""
    config: dict[str, int] = description.get("HumanLoopConfig", {})
    return config.get("TaskTimeLimitInSeconds", TASK_TIME_LIMIT)
