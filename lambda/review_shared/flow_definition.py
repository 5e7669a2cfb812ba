"""A workflow's flow definitions and their human loops, as the services list them.

What must outlive a deployment, such as which flow definition is retired, is in its tags.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3

from review_shared.aws import CONFIG

sagemaker = boto3.client("sagemaker", config=CONFIG)
sagemaker_a2i_runtime = boto3.client("sagemaker-a2i-runtime", config=CONFIG)

STACK_ID = "human-review:stack-id"
RETIRED_AT = "human-review:retired-at"
RETIRED_BECAUSE = "human-review:retired-because"
OPEN = {"InProgress", "Stopping"}
# As many as the services give: who asks for less asks more often.
PAGE_SIZE = 100


@dataclass(frozen=True)
class FlowDefinition:
    """One flow definition of a workflow."""

    name: str
    arn: str
    status: str
    tags: dict[str, str]

    @property
    def retired(self) -> bool:
        """Whether it only waits for its last loop to end."""
        return RETIRED_AT in self.tags


@dataclass(frozen=True)
class HumanLoop:
    """One human loop, as a list shows it."""

    name: str
    status: str
    created: datetime

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.status in OPEN


def of_workflow(workflow: str, stack_id: str | None) -> list[FlowDefinition]:
    """The workflow's flow definitions, current and retired.

    :param stack_id: the stack that made them; None for whichever it was.
    """
    paginator = sagemaker.get_paginator("list_flow_definitions")
    found = []
    for page in paginator.paginate(PaginationConfig={"PageSize": PAGE_SIZE}):
        for summary in page["FlowDefinitionSummaries"]:
            name, arn = summary["FlowDefinitionName"], summary["FlowDefinitionArn"]
            if not name.startswith(f"{workflow}--"):
                continue
            tags = tags_of(arn)
            # One that has lost its tags counts: the delete of its stack would take it all the same.
            if tags is not None and stack_id in (None, tags.get(STACK_ID, stack_id)):
                found.append(FlowDefinition(name, arn, summary["FlowDefinitionStatus"], tags))
    return found


def tags_of(arn: str) -> dict[str, str] | None:
    """A flow definition's tags; None when it is gone."""
    try:
        tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    except sagemaker.exceptions.ResourceNotFound:
        return None
    return {tag["Key"]: tag["Value"] for tag in tags}


def human_loops(arn: str, since: datetime | None = None) -> Iterator[HumanLoop]:
    """A flow definition's human loops, oldest first; none when it is gone.

    :param since: leaves out those made before.
    """
    bounds: dict[str, Any] = {"CreationTimeAfter": since} if since else {}
    pages = sagemaker_a2i_runtime.get_paginator("list_human_loops").paginate(
        FlowDefinitionArn=arn,
        SortOrder="Ascending",
        PaginationConfig={"PageSize": PAGE_SIZE},
        **bounds,
    )
    try:
        for page in pages:
            for loop in page["HumanLoopSummaries"]:
                yield HumanLoop(
                    loop["HumanLoopName"], loop["HumanLoopStatus"], loop["CreationTime"]
                )
    except sagemaker_a2i_runtime.exceptions.ResourceNotFoundException:
        return


def delete(name: str) -> bool:
    """Call DeleteFlowDefinition; say whether it was taken.

    The flow definition may be gone, or not yet in a state to be deleted.
    """
    try:
        sagemaker.delete_flow_definition(FlowDefinitionName=name)
    except (sagemaker.exceptions.ResourceNotFound, sagemaker.exceptions.ResourceInUse):
        return False
    return True
