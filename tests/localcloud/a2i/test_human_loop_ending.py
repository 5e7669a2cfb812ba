"""What becomes of loops by themselves: rendering, expiry, output.json, events."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ACCOUNT, REGION, ROLE, USER_POOL, Clock, FakeCloud

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient

ANSWER = {"sentiment": {"label": "positive"}}
OUTPUT = "a2i/sentiment/2026/11/14/17/37/38/loop/output.json"


def answer(a2i: A2I, worker: Worker, content: dict[str, Any] = ANSWER) -> None:
    task = a2i.take(worker, "sentiment")
    assert task is not None
    a2i.submit(worker, task.task_id, content)


def test_an_answered_loop_is_completed_and_writes_what_is_documented(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    clock: Clock,
    cloud: FakeCloud,
) -> None:
    start(flow_definition, taskObject="Größe passt", initialValue=0.5)
    clock.forward(10)
    task = a2i.take(ana, "sentiment")
    assert task is not None
    clock.forward(12.3)
    a2i.submit(ana, task.task_id, ANSWER)
    later()

    shown = runtime.describe_human_loop(HumanLoopName="loop")
    assert shown["HumanLoopStatus"] == "Completed"
    assert shown["HumanLoopOutput"]["OutputS3Uri"] == f"s3://results/{OUTPUT}"
    written = cloud.objects["results", OUTPUT].decode()
    assert written == json.dumps(
        {
            "flowDefinitionArn": flow_definition,
            "humanAnswers": [
                {
                    "acceptanceTime": "2026-11-14T17:37:48.740Z",
                    "answerContent": ANSWER,
                    "submissionTime": "2026-11-14T17:38:01.040Z",
                    "timeSpentInSeconds": 12.3,
                    "workerId": ana.worker_id,
                    "workerMetadata": {
                        "identityData": {
                            "identityProviderType": "Cognito",
                            "issuer": f"https://cognito-idp.us-west-2.amazonaws.com/{USER_POOL}",
                            "sub": "sub-of-ana",
                        }
                    },
                }
            ],
            "humanLoopName": "loop",
            "inputContent": {"taskObject": "Größe passt", "initialValue": 0.5},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def test_the_event_is_as_documented(
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(flow_definition)
    answer(a2i, ana)
    later()

    [event] = cloud.events
    arn = "arn:aws:sagemaker:us-west-2:111122223333:human-loop/loop"
    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "time": "2026-11-14T17:37:39Z",
        "region": REGION,
        "resources": [arn],
        "detail": {
            "creationTime": "2026-11-14T17:37:38.740Z",
            "failureCode": None,
            "failureReason": None,
            "flowDefinitionArn": flow_definition,
            "humanLoopArn": arn,
            "humanLoopName": "loop",
            "humanLoopOutput": {"outputS3Uri": f"s3://results/{OUTPUT}"},
            "humanLoopStatus": "Completed",
        },
    }
    later()
    assert len(cloud.events) == 1


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("s3://results", OUTPUT.removeprefix("a2i/")),
        ("s3://results/", OUTPUT.removeprefix("a2i/")),
        ("s3://results/a/b/", OUTPUT.replace("a2i", "a/b")),
        ("https://s3.us-west-2.amazonaws.com/results/a2i", OUTPUT),
        ("https://results.s3.us-west-2.amazonaws.com/a2i", OUTPUT),
    ],
)
def test_the_output_is_under_the_output_path(
    sagemaker: "SageMakerClient",
    a2i: A2I,
    ana: Worker,
    flow_definition_request: dict[str, Any],
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
    path: str,
    key: str,
) -> None:
    flow_definition_request["OutputConfig"] = {"S3OutputPath": path}
    arn = sagemaker.create_flow_definition(**flow_definition_request)["FlowDefinitionArn"]
    later()
    start(arn)
    answer(a2i, ana)
    later()

    assert list(cloud.objects) == [("results", key)]
    assert "x-amz-server-side-encryption" not in cloud.written[0]


def test_the_output_is_encrypted_with_the_key_that_is_given(
    sagemaker: "SageMakerClient",
    a2i: A2I,
    ana: Worker,
    flow_definition_request: dict[str, Any],
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    flow_definition_request["OutputConfig"]["KmsKeyId"] = "alias/reviews"
    arn = sagemaker.create_flow_definition(**flow_definition_request)["FlowDefinitionArn"]
    later()
    start(arn)
    answer(a2i, ana)
    later()

    headers = {name.lower(): str(value) for name, value in cloud.written[0].items()}
    assert "aws:kms" in headers["x-amz-server-side-encryption"]
    assert "alias/reviews" in headers["x-amz-server-side-encryption-aws-kms-key-id"]


def test_a_loop_is_completed_when_as_many_as_were_asked_have_answered(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(create_flow_definition(TaskCount=2))
    answer(a2i, ben, {"sentiment": "bad"})
    later()
    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "InProgress"
    assert cloud.objects == {}
    answer(a2i, ana, {"sentiment": "good"})
    later()

    assert runtime.describe_human_loop(HumanLoopName="loop")["HumanLoopStatus"] == "Completed"
    [written] = cloud.objects.values()
    answers = json.loads(written)["humanAnswers"]
    assert [item["answerContent"]["sentiment"] for item in answers] == ["bad", "good"]
    assert [item["workerId"] for item in answers] == [ben.worker_id, ana.worker_id]


def test_half_a_surrogate_pair_comes_back_as_it_was_given(
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    start(flow_definition, note="\ud83d broken")
    answer(a2i, ana, {"comment": "\udc00"})
    later()

    written = json.loads(cloud.objects["results", OUTPUT].decode())
    assert written["inputContent"] == {"note": "\ud83d broken"}
    assert written["humanAnswers"][0]["answerContent"] == {"comment": "\udc00"}


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


def test_an_event_waits_until_the_event_bus_takes_it(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    start: Callable[..., str],
    later: Callable[..., None],
    cloud: FakeCloud,
) -> None:
    cloud.event_bus_works = False
    for name in ("first", "second"):
        start(flow_definition, name)
        answer(a2i, ana)
        later()
    assert cloud.events == []
    cloud.event_bus_works = True
    later()
    later()

    assert [event["detail"]["humanLoopName"] for event in cloud.events] == ["first", "second"]


def test_a_restart_loses_nothing(
    tmp_path: Path,
    cloud: FakeCloud,
    clock: Clock,
    ana: Worker,
    members: list[Any],
    flow_definition_request: dict[str, Any],
) -> None:
    def restarted() -> A2I:
        return A2I(SqliteStore(tmp_path / "a2i.sqlite3"), cloud, ACCOUNT, REGION, clock)

    _set_up(restarted(), members)
    clock.forward(1)
    restarted().advance()
    arn = restarted().call("CreateFlowDefinition", flow_definition_request)["FlowDefinitionArn"]
    clock.forward(1)
    restarted().advance()
    loop = {
        "HumanLoopName": "loop",
        "FlowDefinitionArn": arn,
        "HumanLoopInput": {"InputContent": "{}"},
    }
    restarted().call("StartHumanLoop", loop, "sagemaker-a2i-runtime")
    restarted().advance()
    task = restarted().take(ana, "sentiment")
    assert task is not None
    restarted().submit(ana, task.task_id, ANSWER)
    cloud.event_bus_works = False
    restarted().advance()
    assert len(cloud.objects) == 1
    cloud.event_bus_works = True
    restarted().advance()
    restarted().advance()

    [event] = cloud.events
    assert event["detail"]["humanLoopStatus"] == "Completed"
    request = {"HumanLoopName": "loop"}
    shown = restarted().call("DescribeHumanLoop", request, "sagemaker-a2i-runtime")
    assert shown["HumanLoopStatus"] == "Completed"


def _set_up(a2i: A2I, members: list[Any]) -> None:
    """What the flow definition of the tests needs; the workteam makes its workforce."""
    a2i.call(
        "CreateWorkteam",
        {"WorkteamName": "team", "Description": "people", "MemberDefinitions": members},
    )
    a2i.call("CreateHumanTaskUi", {"HumanTaskUiName": "page", "UiTemplate": {"Content": "x"}})
