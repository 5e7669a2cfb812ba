"""Letting a flow definition go without losing a review.

DeleteFlowDefinition stops and deletes every human loop that no worker has started. So what an
update has replaced is only *retired*, by two tags, and the reconciler deletes it when its last
loop has ended. Every function here answers whether it is done, and is asked again until it is.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import boto3

from review_resources.events import Event, is_overdue
from review_resources.flow_definition_content import LOGICAL_ID
from review_resources.on_destroy import STOP, parameter_of, setting, way_out
from review_resources.stack import Change, change, has_another
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
ssm = boto3.client("ssm", config=CONFIG)

Description = dict[str, Any]

UNDONE = "a failed update was undone"
# How long a reviewer has for a task when the flow definition does not say.
TASK_TIME_LIMIT = 3600


def let_go(event: Event) -> bool:
    """Retire or delete it, by what is happening to the stack."""
    match change(event["StackId"]):
        case Change.DESTROYED:
            return destroyed(event)
        case Change.UPDATED if not has_another(event):
            return taken_out(event)
        case stack_change:
            description = its_own(event, event["PhysicalResourceId"])
    if description is None:
        return True
    if stack_change is Change.UPDATED:
        return retired(description, "replaced by an update")
    if was_current(event, description["FlowDefinitionArn"]):
        return retired(description, UNDONE)
    return deleted_or_retired(description)


def destroyed(event: Event) -> bool:
    """Delete it, and what earlier updates have retired."""
    left = left_of_workflow(event)
    if left and is_overdue(event):
        raise RuntimeError(still_deleting(left[0]))
    refuse_while_open(event, left)
    for description in left:
        deleted(description)
    return not left


def taken_out(event: Event) -> bool:
    """Delete it, and what earlier updates have retired, but for what has open reviews.

    The update has succeeded already, so that nothing can be refused.
    """
    done = [
        retired(it, "taken out of its stack") if open_loops([it]) else deleted(it)
        for it in left_of_workflow(event)
    ]
    return all(done)


def left_of_workflow(event: Event) -> list[Description]:
    """The flow definition and those that updates had put it in the place of, if still there."""
    prefix = event["ResourceProperties"]["FlowDefinitionNamePrefix"]
    former = [it.name for it in of_workflow(prefix, event["StackId"]) if it.retired]
    names = dict.fromkeys([event["PhysicalResourceId"], *former])
    return [it for it in (its_own(event, name) for name in names) if it is not None]


def refuse_while_open(event: Event, descriptions: list[Description]) -> None:
    """Fail while reviews are open, unless they are to be stopped.

    The guard has seen none; what waited in the queue may have become one since.
    """
    count = open_loops(it for it in descriptions if it["FlowDefinitionStatus"] == "Active")
    if count == 0:
        return
    workflow = event["ResourceProperties"]["FlowDefinitionNamePrefix"]
    parameter = parameter_of(workflow)
    if setting(parameter) == STOP:
        return
    raise RuntimeError(
        f"open reviews of workflow {workflow}: {count}; their flow definition was not deleted. "
        "Either wait until they are answered (the answers stay below a2i/ in the bucket) and "
        f"destroy again, or stop them: {way_out(parameter)}, then destroy again"
    )


def open_loops(descriptions: Iterable[Description]) -> int:
    """How many human loops of flow definitions have not ended."""
    return sum(loop.open for it in descriptions for loop in human_loops(it["FlowDefinitionArn"]))


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
        return retired(description, UNDONE)
    return deleted(description)


def was_current(event: Event, arn: str) -> bool:
    """Say whether callers were told to use it: triage keeps an ARN for a minute."""
    prefix = event["ResourceProperties"]["FlowDefinitionNamePrefix"]
    pages = ssm.get_paginator("get_parameter_history").paginate(
        Name=f"/human-review/{prefix}/flow-definition-arn"
    )
    try:
        return any(version["Value"] == arn for page in pages for version in page["Parameters"])
    except ssm.exceptions.ParameterNotFound:
        return False


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
