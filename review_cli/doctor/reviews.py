"""Open reviews, those of retired flow definitions among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from review_cli.doctor.check import Check, ok, warning
from review_cli.doctor.flow_definition import FlowDefinition
from review_cli.wording import counted

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient
    from mypy_boto3_sagemaker_a2i_runtime.type_defs import HumanLoopSummaryTypeDef

_LOOKBACK = timedelta(days=30)
_OPEN = {"InProgress", "Stopping"}
# The reconciler comes every 15 minutes, and lets 15 minutes pass before it deletes one.
_GONE_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class OpenReviews:
    """The reviews of one flow definition that have not ended, the oldest first."""

    flow_definition: FlowDefinition
    loops: "Sequence[HumanLoopSummaryTypeDef]"

    def names(self) -> list[str]:
        """Their human loops' names."""
        return [loop["HumanLoopName"] for loop in self.loops]

    def age(self, now: datetime) -> str:
        """How old the oldest is."""
        return lasted(now - self.loops[0]["CreationTime"])


def find(
    runtime: "AugmentedAIRuntimeClient", flow_definition: FlowDefinition, now: datetime
) -> OpenReviews:
    """The open reviews of a flow definition; of a current one, those of the last 30 days."""
    is_retired = flow_definition.retired_at is not None
    pages = runtime.get_paginator("list_human_loops").paginate(
        FlowDefinitionArn=flow_definition.arn,
        CreationTimeAfter=flow_definition.description["CreationTime"]
        if is_retired
        else now - _LOOKBACK,
        SortOrder="Ascending",
        PaginationConfig={"PageSize": 100},
    )
    try:
        loops = [loop for page in pages for loop in page["HumanLoopSummaries"]]
    except runtime.exceptions.ResourceNotFoundException:
        loops = []  # it has been deleted meanwhile
    return OpenReviews(
        flow_definition, [loop for loop in loops if loop["HumanLoopStatus"] in _OPEN]
    )


def current(reviews: OpenReviews, now: datetime) -> Check:
    """How many reviews wait, and for how long."""
    if not reviews.loops:
        return ok("Open reviews", "None is open.")
    return ok(
        "Open reviews",
        f"{counted(len(reviews.loops), 'review')} open, the oldest for {reviews.age(now)}.",
    )


def retired(reviews: Sequence[OpenReviews], now: datetime) -> Iterator[Check]:
    """What is left of retired flow definitions: they stay until their last review has ended."""
    if not reviews:
        yield ok("Retired flow definitions", "There is none.")
    for left in reviews:
        yield _left(left, now)


def _left(left: OpenReviews, now: datetime) -> Check:
    name, retired_at = "Retired flow definition", left.flow_definition.retired_at
    assert retired_at is not None
    since = now - retired_at
    said = (
        f"{left.flow_definition.name} was retired {lasted(since)} ago "
        f"({left.flow_definition.retired_because})"
    )
    if left.loops:
        count = counted(len(left.loops), "open review")
        return ok(name, f"{said} and has {count}, the oldest for {left.age(now)}.")
    if since < _GONE_WITHIN:
        return ok(name, f"{said}, has no open review, and goes soon.")
    return warning(
        name,
        f"{said}, has no open review, and is still there.",
        "Look into the log of the workflow's reconcile function, which deletes it when every "
        "ended review has its record.",
    )


def lasted(time: timedelta) -> str:
    """A length of time in its greatest unit."""
    seconds = max(0, int(time.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return counted(seconds // length, unit)
    return counted(seconds, "second")


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)
