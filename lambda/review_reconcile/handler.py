"""Reconcile: replays the ends of human loops that no event brought, and deletes what is retired.

It runs by the clock and may be invoked at any time: doing it again changes nothing.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

from review_reconcile.labels import Labels
from review_reconcile.loop_event import replay
from review_reconcile.settings import Settings
from review_shared import report
from review_shared.flow_definition import (
    RETIRED_AT,
    FlowDefinition,
    HumanLoop,
    delete,
    human_loops,
    of_workflow,
    tags_of,
)


class Result(TypedDict):
    """What was found of one flow definition, and what was done."""

    name: str
    retired: bool
    open: int
    oldest_open_seconds: int
    replayed: int
    deleted: bool


class Answer(TypedDict):
    """What was found of one workflow."""

    workflow: str
    flow_definitions: list[Result]


def handle(_event: object, _context: object) -> Answer:
    """Look at every flow definition of the workflow."""
    settings = Settings.from_environment(os.environ)
    now = datetime.now(UTC)
    # A retired one is deleted by what its list says, so that must be all of it.
    listed = [
        (it, list(human_loops(it.arn, None if it.retired else now - settings.lookback)))
        for it in of_workflow(settings.workflow, settings.stack_id)
    ]
    # Read after the loops: a loop that ended in between is not taken for one without a record.
    labels = Labels(settings.bucket)
    results = [reconcile(settings, labels, it, loops, now) for it, loops in listed]
    publish(settings.workflow, results)
    return {"workflow": settings.workflow, "flow_definitions": results}


def reconcile(
    settings: Settings,
    labels: Labels,
    flow_definition: FlowDefinition,
    loops: Sequence[HumanLoop],
    now: datetime,
) -> Result:
    """Replay what has no record; delete a retired flow definition that nobody needs any longer."""
    ages = [int((now - loop.created).total_seconds()) for loop in loops if loop.open]
    unrecorded = [
        loop.name
        for loop in loops
        if not loop.open
        and loop.created >= now - settings.lookback
        and not labels.has(loop.name, loop.created)
    ]
    replayed = [name for name in unrecorded if replay(settings.collect_queue_url, name, now)]
    for name in replayed:
        report.log("replayed", human_loop=name, flow_definition=flow_definition.name)
    is_needed = bool(ages or unrecorded)
    return {
        "name": flow_definition.name,
        "retired": flow_definition.retired,
        "open": len(ages),
        "oldest_open_seconds": max(ages, default=0),
        "replayed": len(replayed),
        "deleted": not is_needed and released(settings, flow_definition, now),
    }


def released(settings: Settings, flow_definition: FlowDefinition, now: datetime) -> bool:
    """Delete it when it is retired and its grace is over; say whether it was deleted."""
    if flow_definition.status not in ("Active", "Failed"):
        return False
    if not is_due(settings, flow_definition.tags, now):
        return False
    # A deployment may have taken it back since it was listed.
    if not is_due(settings, tags_of(flow_definition.arn) or {}, now):
        return False
    was_deleted = delete(flow_definition.name)
    report.log("deleted" if was_deleted else "not deleted", flow_definition=flow_definition.name)
    return was_deleted


def is_due(settings: Settings, tags: dict[str, str], now: datetime) -> bool:
    """Say whether the tags say that it was retired, and long enough ago."""
    if RETIRED_AT not in tags:
        return False
    try:
        retired_at = datetime.fromisoformat(tags[RETIRED_AT])
    except ValueError:
        report.log("tag cannot be read", tag=RETIRED_AT, value=tags[RETIRED_AT])
        return False
    # Somebody may have set it by hand.
    retired_at = retired_at if retired_at.tzinfo else retired_at.replace(tzinfo=UTC)
    return now - retired_at >= settings.grace


def publish(workflow: str, results: Sequence[Result]) -> None:
    """Publish what there is and what was done."""
    report.count(
        workflow,
        {
            "OpenLoops": sum(it["open"] for it in results),
            "LoopsReplayed": sum(it["replayed"] for it in results),
            "FlowDefinitionsRetired": sum(it["retired"] and not it["deleted"] for it in results),
            "FlowDefinitionsDeleted": sum(it["deleted"] for it in results),
        },
        seconds={
            "OldestOpenLoopAge": max((it["oldest_open_seconds"] for it in results), default=0)
        },
    )
