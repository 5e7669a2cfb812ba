"""What becomes of loops by themselves: rendering, expiry, output.json, events."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ROLE, Clock, FakeCloud

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


ANSWER = {"sentiment": {"label": "positive"}}


OUTPUT = "a2i/sentiment/2026/11/14/17/37/38/loop/output.json"


def answer(a2i: A2I, worker: Worker, content: dict[str, Any] = ANSWER) -> None:
    task = a2i.take(worker, "sentiment")
    assert task is not None
    a2i.submit(worker, task.task_id, content)


def failed(runtime: "AugmentedAIRuntimeClient", cloud: FakeCloud) -> tuple[str, str]:
    shown = runtime.describe_human_loop(HumanLoopName="loop")
    [event] = cloud.events
    assert shown["HumanLoopStatus"] == "Failed"
    assert "HumanLoopOutput" not in shown
    assert event["detail"]["humanLoopStatus"] == "Failed"
    assert event["detail"]["failureCode"] == shown["FailureCode"]
    assert event["detail"]["failureReason"] == shown["FailureReason"]
    return shown["FailureCode"], shown["FailureReason"]


def test_a_page_that_does_not_render_fails_the_loop(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    cloud: FakeCloud,
) -> None:
    page = sagemaker.create_human_task_ui(
        HumanTaskUiName="image",
        UiTemplate={"Content": "{{ task.input.image | grant_read_access }}"},
    )["HumanTaskUiArn"]
    arn = create_flow_definition(HumanTaskUiArn=page)
    start(arn, image=" ")

    assert failed(runtime, cloud) == (
        "ValidationError",
        "Task failed to render: [ InvalidParameters:"
        ' \'"grant_read_access" input is not a valid S3 URI: " ".\' ]',
    )
    assert a2i.jobs(ana) == []
    assert a2i.take(ana, "sentiment") is None


def test_a_role_that_can_no_longer_be_assumed_fails_a_page_that_needs_it(
    sagemaker: "SageMakerClient",
    runtime: "AugmentedAIRuntimeClient",
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    cloud: FakeCloud,
) -> None:
    page = sagemaker.create_human_task_ui(
        HumanTaskUiName="image",
        UiTemplate={"Content": "{{ task.input.image | grant_read_access }}"},
    )["HumanTaskUiArn"]
    arn = create_flow_definition(HumanTaskUiArn=page)
    cloud.roles.clear()
    start(arn, image="s3://images/cat.png")

    code, reason = failed(runtime, cloud)
    assert code == "ValidationError"
    assert f"the role {ROLE} cannot be assumed" in reason


def test_a_loop_that_nobody_answers_expires(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    later(59.9)
    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "InProgress"
    later(0.1)

    assert failed(runtime, cloud)[0] == "Expired"
    assert a2i.take(ana, "sentiment") is None


def test_a_loop_lives_ten_days_unless_it_is_said_otherwise(
    runtime: "AugmentedAIRuntimeClient",
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(flow_definition)
    later(10 * 24 * 3600 - 1)
    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "InProgress"
    later(1)

    assert failed(runtime, cloud)[0] == "Expired"


def test_nothing_is_taken_between_the_end_of_the_lifetime_and_its_notice(
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    clock: Clock,
) -> None:
    start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    clock.forward(60)

    assert a2i.take(ana, "sentiment") is None


def test_who_has_started_in_time_may_finish(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    later: Callable[..., None],
) -> None:
    start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    task = a2i.take(ana, "sentiment")
    assert task is not None
    later(120)
    assert a2i.take(ben, "sentiment") is None
    a2i.submit(ana, task.task_id, ANSWER)
    later()

    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "Completed"


def test_one_answer_of_two_is_not_enough_when_the_lifetime_ends(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(create_flow_definition(TaskCount=2, TaskAvailabilityLifetimeInSeconds=60))
    answer(a2i, ana)
    later(60)

    assert failed(runtime, cloud)[0] == "Expired"
    assert cloud.objects == {}


@pytest.mark.parametrize("lost", ["permission", "role"])
def test_a_role_that_may_not_write_fails_the_loop(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
    lost: str,
) -> None:
    start(flow_definition)
    answer(a2i, ana)
    if lost == "permission":
        cloud.s3_answers = [403]
    else:
        cloud.roles.clear()
    later()

    code, reason = failed(runtime, cloud)
    assert code == "ValidationError"
    expected = f"Could not write s3://results/{OUTPUT}" if lost == "permission" else ROLE
    assert expected in reason


def test_answers_outlive_a_bucket_that_does_not_answer_for_a_while(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(flow_definition)
    answer(a2i, ana)
    cloud.s3_answers = [503, 500, 200]
    later()
    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "InProgress"
    later(1)
    later(2)

    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "Completed"


def test_a_bucket_that_never_answers_fails_the_loop(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(flow_definition)
    answer(a2i, ana)
    cloud.s3_answers = [500]
    for _ in range(6):
        later(60)

    assert failed(runtime, cloud)[0] == "InternalError"
