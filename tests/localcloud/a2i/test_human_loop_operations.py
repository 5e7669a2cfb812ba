"""The A2I runtime API."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ARN, Clock, FakeCloud, Later
from tests.localcloud.a2i.human_loops import HumanLoops, loop_request

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


def test_a_loop_is_in_progress_as_soon_as_it_is_started(
    flow_definition: str, clock: Clock, loops: HumanLoops
) -> None:
    arn = loops.start_with(flow_definition, '{"text": "fine"}')

    shown = loops.describe()
    assert arn == shown["HumanLoopArn"] == f"{ARN}:human-loop/loop"
    assert shown["HumanLoopStatus"] == "InProgress"
    assert shown["CreationTime"] == clock.time
    assert shown["FlowDefinitionArn"] == flow_definition
    assert "HumanLoopOutput" not in shown
    assert "FailureCode" not in shown


def test_starting_it_again_with_the_same_input_is_the_same_loop(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, loops: HumanLoops
) -> None:
    first = loops.start_with(flow_definition, '{"text": "fine"}')
    second = loops.start_with(flow_definition, '{"text": "fine"}')

    assert first == second
    found = runtime.list_human_loops(FlowDefinitionArn=flow_definition)
    assert len(found["HumanLoopSummaries"]) == 1


def test_starting_it_again_with_other_input_is_a_conflict(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, loops: HumanLoops
) -> None:
    loops.start_with(flow_definition, '{"text": "fine"}')

    with pytest.raises(runtime.exceptions.ConflictException, match="different input") as refused:
        loops.start_with(flow_definition, '{"text": "bad"}')
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_starting_it_again_in_another_flow_definition_is_a_conflict(
    runtime: "AugmentedAIRuntimeClient",
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
) -> None:
    one, two = create_flow_definition("one"), create_flow_definition("two")
    loops.start_with(one, '{"text": "fine"}')

    with pytest.raises(runtime.exceptions.ConflictException, match="flow-definition/one"):
        loops.start_with(two, '{"text": "fine"}')


def test_a_name_is_not_used_again_until_its_loop_is_deleted(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, loops: HumanLoops
) -> None:
    loops.start_with(flow_definition, '{"text": "fine"}')
    runtime.stop_human_loop(HumanLoopName="loop")

    with pytest.raises(runtime.exceptions.ConflictException, match="status Stopped"):
        loops.start_with(flow_definition, '{"text": "fine"}')
    runtime.delete_human_loop(HumanLoopName="loop")
    loops.start_with(flow_definition, '{"text": "bad"}')
    assert loops.status() == "InProgress"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("Loop", "{}", "'humanLoopName'.*regular expression", id="upper case"),
        pytest.param("loop-", "{}", "'humanLoopName'.*regular expression", id="ends in a dash"),
        pytest.param("l" * 64, "{}", "'humanLoopName'.*equal to 63", id="too long a name"),
        pytest.param("loop", "{", "InputContent is not valid JSON", id="no JSON"),
        pytest.param("loop", '{"p": NaN}', "not valid JSON: NaN is not a JSON value", id="NaN"),
        pytest.param("loop", '{"p": -1e400}', "-1e400 is not a JSON value", id="beyond a double"),
        pytest.param("loop", "[" * 201 + "]" * 201, "more than 200 levels", id="deep"),
        pytest.param("loop", "[" * 100_000, "more than 200 levels", id="deeper than Python"),
        pytest.param(
            "loop", json.dumps("x" * 3_145_727), "less than or equal to 3145728", id="over 3 MiB"
        ),
        pytest.param(
            "loop",
            json.dumps("é" * 1_600_000, ensure_ascii=False),
            "InputContent has 3200002 bytes; at most 3145728",
            id="over 3 MiB in bytes",
        ),
    ],
)
def test_start_refuses(
    runtime: "AugmentedAIRuntimeClient",
    flow_definition: str,
    name: str,
    content: str,
    message: str,
    loops: HumanLoops,
) -> None:
    with pytest.raises(runtime.exceptions.ValidationException, match=message):
        loops.start_with(flow_definition, content, name)


def test_input_may_have_3_mib(flow_definition: str, loops: HumanLoops) -> None:
    loops.start_with(flow_definition, json.dumps("x" * 3_145_726))

    assert loops.status() == "InProgress"


def test_a_flow_definition_has_to_be_there_and_active(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    flow_definition_request: dict[str, Any],
    later: Later,
    loops: HumanLoops,
) -> None:
    arn = f"{ARN}:flow-definition/sentiment"
    with pytest.raises(runtime.exceptions.ValidationException, match="does not exist"):
        loops.start_with(arn, "{}")
    sagemaker.create_flow_definition(**flow_definition_request)
    with pytest.raises(runtime.exceptions.ValidationException, match="is Initializing"):
        loops.start_with(arn, "{}")
    later()
    loops.start_with(arn, "{}")
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    with pytest.raises(runtime.exceptions.ValidationException, match="is Deleting"):
        loops.start_with(arn, "{}", "another")


def test_a_flow_definition_of_another_account_or_region_is_not_there(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, loops: HumanLoops
) -> None:
    for arn in (
        flow_definition.replace("111122223333", "999999999999"),
        flow_definition.replace("us-west-2", "eu-west-1"),
    ):
        with pytest.raises(runtime.exceptions.ValidationException, match="does not exist"):
            loops.start_with(arn, "{}")


def test_no_loop_starts_without_its_page_and_those_that_have_it_go_on(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(flow_definition, "before", text="fine")
    sagemaker.delete_human_task_ui(HumanTaskUiName="page")
    later()

    with pytest.raises(runtime.exceptions.ValidationException, match="human-task-ui/page"):
        loops.start_with(flow_definition, "{}", "after")
    task = loops.take(ana)
    assert a2i.render(task) == "<p>fine</p>"


@pytest.mark.parametrize("classifier", ["FreeOfAdultContent", "Anything"])
def test_content_classifiers_are_among_those_there_are(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, classifier: str
) -> None:
    attributes = {"ContentClassifiers": [classifier]}
    request = loop_request(flow_definition) | {"DataAttributes": attributes}

    if classifier == "Anything":
        with pytest.raises(runtime.exceptions.ValidationException, match="enum value set"):
            runtime.start_human_loop(**request)
    else:
        runtime.start_human_loop(**request)


def test_a_missing_loop_is_not_found(runtime: "AugmentedAIRuntimeClient") -> None:
    for operation in (
        runtime.describe_human_loop,
        runtime.stop_human_loop,
        runtime.delete_human_loop,
    ):
        with pytest.raises(runtime.exceptions.ResourceNotFoundException) as refused:
            operation(HumanLoopName="missing")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_loop_nobody_has_started_stops_at_once(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(flow_definition)

    runtime.stop_human_loop(HumanLoopName="loop")

    assert loops.status() == "Stopped"
    assert a2i.take(ana, "sentiment") is None
    later()
    [event] = cloud.events
    assert event["detail"]["humanLoopStatus"] == "Stopped"
    assert event["detail"]["humanLoopOutput"] is None
    runtime.stop_human_loop(HumanLoopName="loop")


@pytest.mark.parametrize("end", ["submit", "decline", "leave", "run out of time"])
def test_a_started_loop_is_stopping_until_its_worker_is_done(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
    end: str,
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    runtime.stop_human_loop(HumanLoopName="loop")
    later()
    assert loops.status() == "Stopping"
    assert cloud.events == []

    match end:
        case "submit":
            a2i.submit(ana, task.task_id, {"sentiment": "positive"})
        case "decline":
            a2i.decline(ana, task.task_id)
        case "leave":
            a2i.leave(ana, task.task_id)
        case _:
            later(3600)
    assert a2i.take(ben, "sentiment") is None
    later()

    shown = loops.describe()
    assert shown["HumanLoopStatus"] == "Stopped"
    assert ("HumanLoopOutput" in shown) is (end == "submit")
    assert len(cloud.objects) == (end == "submit")
    assert [event["detail"]["humanLoopStatus"] for event in cloud.events] == ["Stopped"]


def test_what_has_ended_is_not_stopped(
    runtime: "AugmentedAIRuntimeClient",
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(flow_definition)
    loops.answer(ana, {})
    runtime.stop_human_loop(HumanLoopName="loop")
    later()

    assert loops.status() == "Completed"
    with pytest.raises(runtime.exceptions.ValidationException, match="is Completed"):
        runtime.stop_human_loop(HumanLoopName="loop")


def test_a_loop_in_progress_is_not_deleted(
    runtime: "AugmentedAIRuntimeClient", flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)

    with pytest.raises(runtime.exceptions.ValidationException, match="is InProgress"):
        runtime.delete_human_loop(HumanLoopName="loop")


def test_a_deleted_loop_is_forgotten_and_its_output_stays(
    runtime: "AugmentedAIRuntimeClient",
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(flow_definition)
    loops.answer(ana, {})
    later()

    runtime.delete_human_loop(HumanLoopName="loop")

    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        loops.describe()
    found = runtime.list_human_loops(FlowDefinitionArn=flow_definition)
    assert found["HumanLoopSummaries"] == []
    assert len(cloud.objects) == 1
