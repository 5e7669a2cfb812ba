"""Deleting flow definitions, with the loops they have."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import FakeCloud, Later
from tests.localcloud.a2i.human_loops import HumanLoops

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


def status(sagemaker: "SageMakerClient", name: str = "sentiment") -> str:
    found = sagemaker.describe_flow_definition(FlowDefinitionName=name)
    return found["FlowDefinitionStatus"]


def is_gone(sagemaker: "SageMakerClient") -> bool:
    return sagemaker.list_flow_definitions()["FlowDefinitionSummaries"] == []


def test_only_a_ready_one_is_deleted(
    sagemaker: "SageMakerClient", flow_definition_request: dict[str, Any], later: Later
) -> None:
    sagemaker.create_flow_definition(**flow_definition_request)
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="is Initializing"):
        sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    later()
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="is Deleting"):
        sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")


def test_a_deleted_one_is_gone_after_a_moment_and_its_name_free(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    flow_definition: str,
    flow_definition_request: dict[str, Any],
    later: Later,
) -> None:
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")

    assert status(sagemaker) == "Deleting"
    later()
    assert is_gone(sagemaker)
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.list_human_loops(FlowDefinitionArn=flow_definition)
    sagemaker.create_flow_definition(**flow_definition_request)
    assert status(sagemaker) == "Initializing"


def test_deleting_stops_and_deletes_the_loops_nobody_has_started(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(flow_definition, "first")
    loops.start(flow_definition, "second")

    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")

    assert loops.statuses(flow_definition) == {}
    later()
    assert is_gone(sagemaker)
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.describe_human_loop(HumanLoopName="first")
    ended = [(e["detail"]["humanLoopName"], e["detail"]["humanLoopStatus"]) for e in cloud.events]
    assert sorted(ended) == [("first", "Stopped"), ("second", "Stopped")]


def test_a_started_loop_keeps_the_flow_definition_until_it_is_answered(
    sagemaker: "SageMakerClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(flow_definition, "started")
    task = loops.take(ana)
    loops.start(flow_definition, "waiting")

    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    later(60)

    assert status(sagemaker) == "Deleting"
    assert loops.statuses(flow_definition) == {"started": "InProgress"}
    assert [job.available for job in a2i.jobs(ana)] == [1]
    a2i.submit(ana, task.task_id, {"sentiment": {"label": "positive"}})
    later()
    assert is_gone(sagemaker)
    assert loops.status("started") == "Completed"


def test_a_started_loop_that_runs_out_of_time_ends_with_its_flow_definition(
    sagemaker: "SageMakerClient",
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(flow_definition)
    assert a2i.take(ana, "sentiment")
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    assert a2i.take(ben, "sentiment") is None

    later(3600)
    later()

    assert is_gone(sagemaker)


def test_a_second_answer_is_not_waited_for_when_it_is_being_deleted(
    sagemaker: "SageMakerClient",
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(create_flow_definition(TaskCount=2))
    loops.answer(ana, {"sentiment": "positive"})

    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    later()

    shown = loops.describe()
    assert shown["HumanLoopStatus"] == "Stopped"
    assert shown["HumanLoopOutput"]["OutputS3Uri"].endswith("/loop/output.json")
    [written] = cloud.objects.values()
    assert len(json.loads(written)["humanAnswers"]) == 1


def test_a_new_flow_definition_of_a_used_name_has_its_own_loops(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(create_flow_definition(), "of-the-first")
    loops.answer(ana, {})
    later()
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    later()

    arn = create_flow_definition()
    loops.start(arn, "of-the-second")

    assert loops.statuses(arn) == {"of-the-second": "InProgress"}
    found = runtime.list_human_loops(FlowDefinitionArn=arn, CreationTimeAfter="2020-02-24")
    assert len(found["HumanLoopSummaries"]) == 1
