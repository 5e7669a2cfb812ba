"""What becomes of loops by themselves: rendering, expiry, output.json, events."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import NoCredentialsError

from localcloud.a2i.liquid import RenderError
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ACCOUNT, REGION, ROLE, Clock, FakeCloud, Later
from tests.localcloud.a2i.human_loops import ANSWER, OUTPUT, HumanLoops

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def failed(loops: HumanLoops, cloud: FakeCloud) -> tuple[str, str]:
    shown = loops.describe()
    [event] = cloud.events
    assert shown["HumanLoopStatus"] == "Failed"
    assert "HumanLoopOutput" not in shown
    assert event["detail"]["humanLoopStatus"] == "Failed"
    assert event["detail"]["failureCode"] == shown["FailureCode"]
    assert event["detail"]["failureReason"] == shown["FailureReason"]
    return shown["FailureCode"], shown["FailureReason"]


@pytest.fixture
def flow_definition_of_images(
    sagemaker: "SageMakerClient", create_flow_definition: Callable[..., str]
) -> str:
    """An Active flow definition's ARN, whose page shows an image in Amazon S3."""
    page = sagemaker.create_human_task_ui(
        HumanTaskUiName="image",
        UiTemplate={"Content": "{{ task.input.image | grant_read_access }}"},
    )["HumanTaskUiArn"]
    return create_flow_definition(HumanTaskUiArn=page)


def test_a_page_that_does_not_render_fails_the_loop(
    a2i: A2I, ana: Worker, flow_definition_of_images: str, loops: HumanLoops, cloud: FakeCloud
) -> None:
    loops.start(flow_definition_of_images, image=" ")

    assert failed(loops, cloud) == (
        "ValidationError",
        "Task failed to render: [ InvalidParameters:"
        ' \'"grant_read_access" input is not a valid S3 URI: " ".\' ]',
    )
    assert a2i.jobs(ana) == []
    assert a2i.take(ana, "sentiment") is None


def test_a_placeholder_for_a_bucket_fails_its_loop_and_no_other(
    a2i: A2I, ana: Worker, flow_definition_of_images: str, loops: HumanLoops, cloud: FakeCloud
) -> None:
    loops.start_with(flow_definition_of_images, '{"image": "s3://{bucket}/cat.png"}')
    loops.start(flow_definition_of_images, "other", image="s3://images/cat.png")

    code, reason = failed(loops, cloud)
    assert code == "ValidationError"
    assert 'not a valid S3 URI: "s3://{bucket}/cat.png"' in reason
    assert loops.take(ana).human_loop_name == "other"


def test_read_access_that_cannot_be_granted_fails_the_loop(
    flow_definition_of_images: str,
    loops: HumanLoops,
    cloud: FakeCloud,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise NoCredentialsError

    monkeypatch.setattr(cloud, "role_session", refuse)
    loops.start(flow_definition_of_images, image="s3://images/cat.png")

    code, reason = failed(loops, cloud)
    assert code == "ValidationError"
    assert "read access cannot be granted: Unable to locate credentials" in reason


def test_work_that_fails_keeps_no_other_from_being_done(
    store: SqliteStore,
    cloud: FakeCloud,
    clock: Clock,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
) -> None:
    works = False

    def render(_template: str, task_input: Any, _grant: object) -> str:
        if task_input == {"text": "broken"} and not works:
            raise AssertionError("a fault of the renderer")
        if task_input == {"text": "wrong"}:
            raise RenderError("wrong")
        return ""

    a2i = A2I(store, cloud, ACCOUNT, REGION, clock, render=render)
    for name in ("broken", "healthy", "wrong"):
        loops.start_with(flow_definition, json.dumps({"text": name}), name)

    with pytest.raises(ExceptionGroup, match="work that was due failed") as raised:
        a2i.advance()

    assert [str(error) for error in raised.value.exceptions] == ["a fault of the renderer"]
    assert [event["detail"]["humanLoopName"] for event in cloud.events] == ["wrong"]
    assert [job.available for job in a2i.jobs(ana)] == [1]
    works = True
    a2i.advance()
    assert [job.available for job in a2i.jobs(ana)] == [2]


def test_a_role_that_can_no_longer_be_assumed_fails_a_page_that_needs_it(
    flow_definition_of_images: str, loops: HumanLoops, cloud: FakeCloud
) -> None:
    cloud.roles.clear()
    loops.start(flow_definition_of_images, image="s3://images/cat.png")

    code, reason = failed(loops, cloud)
    assert code == "ValidationError"
    assert f"the role {ROLE} cannot be assumed" in reason


def test_a_loop_that_nobody_answers_expires(
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    later(59.9)
    assert loops.status() == "InProgress"
    later(0.1)

    assert failed(loops, cloud)[0] == "Expired"
    assert a2i.take(ana, "sentiment") is None


def test_a_loop_lives_ten_days_unless_it_is_said_otherwise(
    flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    loops.start(flow_definition)
    later(10 * 24 * 3600 - 1)
    assert loops.status() == "InProgress"
    later(1)

    assert failed(loops, cloud)[0] == "Expired"


def test_nothing_is_taken_between_the_end_of_the_lifetime_and_its_notice(
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    clock: Clock,
) -> None:
    loops.start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    clock.forward(60)

    assert a2i.take(ana, "sentiment") is None


def test_who_has_started_in_time_may_finish(
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    task = loops.take(ana)
    later(120)
    assert a2i.take(ben, "sentiment") is None
    a2i.submit(ana, task.task_id, ANSWER)
    later()

    assert loops.status() == "Completed"


def test_one_answer_of_two_is_not_enough_when_the_lifetime_ends(
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(create_flow_definition(TaskCount=2, TaskAvailabilityLifetimeInSeconds=60))
    loops.answer(ana)
    later(60)

    assert failed(loops, cloud)[0] == "Expired"
    assert cloud.objects == {}


@pytest.mark.parametrize("lost", ["permission", "role"])
def test_a_role_that_may_not_write_fails_the_loop(
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud, lost: str
) -> None:
    loops.start(flow_definition)
    loops.answer(ana)
    if lost == "permission":
        cloud.s3_answers = [403]
    else:
        cloud.roles.clear()
    later()

    code, reason = failed(loops, cloud)
    assert code == "ValidationError"
    expected = f"Could not write s3://results/{OUTPUT}" if lost == "permission" else ROLE
    assert expected in reason


def test_answers_outlive_a_bucket_that_does_not_answer_for_a_while(
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    loops.start(flow_definition)
    loops.answer(ana)
    cloud.s3_answers = [503, 500, 200]
    later()
    assert loops.status() == "InProgress"
    later(1)
    later(2)

    assert loops.status() == "Completed"


def test_a_bucket_that_never_answers_fails_the_loop(
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    loops.start(flow_definition)
    loops.answer(ana)
    cloud.s3_answers = [500]
    for _ in range(6):
        later(60)

    assert failed(loops, cloud)[0] == "InternalError"
