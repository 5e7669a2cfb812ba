"""Lists of human loops."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ARN, Clock, Later
from tests.localcloud.a2i.human_loops import HumanLoops

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


def test_lists_have_pages_orders_and_times(
    runtime: "AugmentedAIRuntimeClient",
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    clock: Clock,
) -> None:
    arn, other = create_flow_definition("sentiment"), create_flow_definition("sentiment-2")
    loops.start(other, "of-another-flow-definition")
    times = {}
    for name in ("c", "a", "e", "b", "d"):
        clock.forward(60)
        times[name] = clock.time
        loops.start(arn, name)

    def names(**request: Any) -> str:
        pages = runtime.get_paginator("list_human_loops").paginate(
            FlowDefinitionArn=arn, **request, PaginationConfig={"PageSize": 2}
        )
        return "".join(loop["HumanLoopName"] for p in pages for loop in p["HumanLoopSummaries"])

    assert names() == "caebd"
    assert names(SortOrder="Descending") == "dbeac"
    assert names(CreationTimeAfter=times["e"]) == "ebd"
    assert names(CreationTimeBefore=times["e"]) == "ca"
    between = {"CreationTimeAfter": times["a"], "CreationTimeBefore": times["d"]}
    assert names(**between) == "aeb"
    assert names(**between, SortOrder="Descending") == "bea"
    assert len(runtime.list_human_loops(FlowDefinitionArn=arn)["HumanLoopSummaries"]) == 5


def test_a_list_shows_how_each_loop_ended(
    runtime: "AugmentedAIRuntimeClient",
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    arn = create_flow_definition(TaskAvailabilityLifetimeInSeconds=60)
    loops.start(arn)
    later(60)

    [summary] = runtime.list_human_loops(FlowDefinitionArn=arn)["HumanLoopSummaries"]
    assert summary["HumanLoopStatus"] == "Failed"
    assert "lifetime" in summary["FailureReason"]


def test_a_list_needs_a_flow_definition_that_is_there(runtime: "AugmentedAIRuntimeClient") -> None:
    with pytest.raises(ClientError, match=r"'flowDefinitionArn'.*must not be null"):
        runtime.list_human_loops()  # type: ignore[call-arg] # what is tested
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.list_human_loops(FlowDefinitionArn=f"{ARN}:flow-definition/missing")


def test_a_token_of_another_list_leads_nowhere_else(
    runtime: "AugmentedAIRuntimeClient",
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
) -> None:
    one, two = create_flow_definition("one"), create_flow_definition("two")
    for arn in (one, two):
        loops.start(arn, f"{arn[-3:]}-1")
        loops.start(arn, f"{arn[-3:]}-2")
    token = runtime.list_human_loops(FlowDefinitionArn=one, MaxResults=1)["NextToken"]

    found = runtime.list_human_loops(FlowDefinitionArn=two, NextToken=token)

    assert {loop["HumanLoopName"][:3] for loop in found["HumanLoopSummaries"]} == {"two"}
    with pytest.raises(runtime.exceptions.ValidationException, match="Invalid NextToken"):
        runtime.list_human_loops(FlowDefinitionArn=one, NextToken="nonsense")


def test_hundreds_of_loops_are_quick(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
) -> None:
    began = time.monotonic()
    for number in range(500):
        loops.start_with(flow_definition, json.dumps({"text": number}), f"loop-{number}")
    a2i.advance()
    [job] = a2i.jobs(ana)
    pages = runtime.get_paginator("list_human_loops").paginate(
        FlowDefinitionArn=flow_definition, PaginationConfig={"PageSize": 100}
    )
    listed = sum(len(page["HumanLoopSummaries"]) for page in pages)
    for _ in range(20):
        loops.answer(ana, {})

    assert (listed, job.available) == (500, 500)
    assert time.monotonic() - began < 15
