"""Custom::A2IReviewGuard: a stack is not destroyed while people review for it.

The guard depends on everything else of its workflow, so that a stack's delete touches it first:
what it refuses has left the workflow whole.
"""

import time
from collections.abc import Iterable

import boto3
from botocore.exceptions import ClientError

from review_resources.events import Event, Progress, Response, is_overdue
from review_resources.flow_definition_end import TASK_TIME_LIMIT, described, task_time_limit
from review_resources.last_labels import UncountedError, missing
from review_resources.on_destroy import REFUSE, STOP, UPDATE_IS_CLOSED, setting, way_out
from review_resources.stack import Change, change
from review_resources.triage_queue import waiting
from review_shared import report
from review_shared.aws import CONFIG
from review_shared.flow_definition import (
    HumanLoop,
    delete,
    human_loops,
    of_workflow,
)

sagemaker_a2i_runtime = boto3.client("sagemaker-a2i-runtime", config=CONFIG)

# One poll stops as many loops as it can in this time, the next one goes on.
STOPPING_SECONDS = 60


def on_event(event: Event) -> Response:
    """Answer one CloudFormation lifecycle event: nothing happens before ``is_complete``."""
    if event["RequestType"] == "Create":
        return {"PhysicalResourceId": f"{event['ResourceProperties']['Workflow']}--review-guard"}
    return {"PhysicalResourceId": event["PhysicalResourceId"]}


def is_complete(event: Event) -> Progress:
    """Say whether nothing stands against the delete of the stack any longer."""
    if event["RequestType"] != "Delete" or change(event["StackId"]) is not Change.DESTROYED:
        return {"IsComplete": True}
    return {"IsComplete": closed(event)}


def closed(event: Event) -> bool:
    """See to it that nothing waits, is open or uncollected, and nothing retired is left."""
    properties = event["ResourceProperties"]
    # Before the loops are listed: what has left the queue by then is one of them.
    queued = waiting(properties["TriageQueueUrl"]) if "TriageQueueUrl" in properties else 0
    kept = of_workflow(properties["FlowDefinitionNamePrefix"], event["StackId"])
    open_loops = {it.name: [loop for loop in human_loops(it.arn) if loop.open] for it in kept}
    if queued or any(open_loops.values()):
        close(event, open_loops, queued)
    if any(open_loops.values()) or not collected(event):
        return False

    left = [it for it in kept if it.retired]
    for it in left:
        # One that is being deleted, or not yet Active, has to be waited for.
        if it.status in ("Active", "Failed"):
            delete(it.name)
    return not left


def close(event: Event, open_loops: dict[str, list[HumanLoop]], queued: int) -> None:
    """Refuse the delete, or stop what is open, as the parameter says."""
    workflow = event["ResourceProperties"]["Workflow"]
    parameter = event["ResourceProperties"]["OnDestroyParameter"]
    loops = [loop for loops in open_loops.values() for loop in loops]
    found = outstanding(workflow, len(loops), queued)
    match setting(parameter):
        case "refuse":
            also = ", and let go what waits to be triaged" if queued else ""
            raise RuntimeError(
                f"{found}: nothing was deleted. Either wait until they are answered and destroy "
                f"again, or stop them{also}: {way_out(parameter)}, then destroy again. "
                f"{UPDATE_IS_CLOSED}"
            )
        case "stop":
            if queued:
                report.log("not waited for", workflow=workflow, items=queued)
            if loops and is_overdue(event):
                minutes = -(-longest_task(name for name in open_loops if open_loops[name]) // 60)
                raise RuntimeError(
                    f"{found}, though they were stopped: a reviewer has {minutes} minutes for a "
                    "task that was started; destroy again when they are submitted or that time "
                    "is over"
                )
            stop(loops)
        case other:
            raise ValueError(
                f"parameter {parameter} must be {REFUSE} or {STOP}, got {other}; "
                f"{found}: nothing was deleted"
            )


def outstanding(workflow: str, open_loops: int, queued: int) -> str:
    """What nobody has answered yet, in words."""
    reviews = (
        f"1 review of workflow {workflow} is open"
        if open_loops == 1
        else f"{open_loops} reviews of workflow {workflow} are open"
    )
    items = (
        f"1 item of workflow {workflow} waits to be triaged"
        if queued == 1
        else f"{queued} items of workflow {workflow} wait to be triaged"
    )
    return " and ".join([reviews] * bool(open_loops) + [items] * bool(queued))


def collected(event: Event) -> bool:
    """Say whether what people answered last has become records, which nobody could write later."""
    properties = event["ResourceProperties"]
    try:
        count = missing(properties["ReconcileFunctionName"])
    except UncountedError as error:
        return without_records(event, f"whether all have their label records is unknown: {error}")
    if count == 0:
        return True
    return without_records(event, f"{count} have ended without a label record")


def without_records(event: Event, found: str) -> bool:
    """Have the delete wait for records; when none come, refuse it unless reviews may be lost."""
    if not is_overdue(event):
        return False
    workflow = event["ResourceProperties"]["Workflow"]
    parameter = event["ResourceProperties"]["OnDestroyParameter"]
    if setting(parameter) == STOP:
        report.log("destroyed all the same", workflow=workflow, found=found)
        return True
    raise RuntimeError(
        f"of the reviews of workflow {workflow}, {found}: nothing was deleted. The collecting "
        "function's log and dead-letter queue say why. To destroy all the same (the answers stay "
        f"below a2i/ in the bucket): {way_out(parameter)}, then destroy again. {UPDATE_IS_CLOSED}"
    )


def stop(loops: Iterable[HumanLoop]) -> None:
    """Stop loops, as many as time allows; one that was just answered or deleted is no error."""
    until = time.monotonic() + STOPPING_SECONDS
    for loop in loops:
        if loop.status != "InProgress":
            continue
        if time.monotonic() > until:
            return
        try:
            sagemaker_a2i_runtime.stop_human_loop(HumanLoopName=loop.name)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in ("ResourceNotFoundException", "ValidationException"):
                raise
            report.log("not to be stopped", human_loop=loop.name, code=code)


def longest_task(names: Iterable[str]) -> int:
    """How many seconds a reviewer may take at most for a task of these flow definitions."""
    limits = [task_time_limit(it) for it in map(described, names) if it is not None]
    return max(limits, default=TASK_TIME_LIMIT)
