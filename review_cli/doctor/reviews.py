"""Open reviews, those of replaced flow definitions among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from review_cli.doctor.check import Check, counted, ok, warning
from review_cli.doctor.flow_definition import FlowDefinition

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient
    from mypy_boto3_sagemaker_a2i_runtime.type_defs import HumanLoopSummaryTypeDef

_LOOKBACK = timedelta(days=30)
_OPEN = {"InProgress", "Stopping"}
# The reconciler comes every 15 minutes, and lets 15 minutes pass after a replacement.
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
    """The open reviews of a flow definition that were started in the last 30 days."""
    pages = runtime.get_paginator("list_human_loops").paginate(
        FlowDefinitionArn=flow_definition.arn,
        CreationTimeAfter=now - _LOOKBACK,
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
    """What is left of replaced flow definitions: they stay until their last review has ended."""
    if not reviews:
        yield ok("Replaced flow definitions", "There is none.")
    for left in reviews:
        name, since = left.flow_definition.name, left.flow_definition.retired_at
        assert since is not None
        if left.loops:
            yield ok(
                "Replaced flow definition",
                f"{name} was replaced {lasted(now - since)} ago and has "
                f"{counted(len(left.loops), 'open review')}, the oldest for {left.age(now)}.",
            )
        elif now - since > _GONE_WITHIN:
            yield warning(
                "Replaced flow definition",
                f"{name} was replaced {lasted(now - since)} ago, has no open review, and is still "
                "there.",
                "Look into the log of the workflow's reconcile function, which deletes it when "
                "every ended review has its record.",
            )
        else:
            yield ok(
                "Replaced flow definition",
                f"{name} was replaced {lasted(now - since)} ago, has no open review, and goes "
                "soon.",
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
