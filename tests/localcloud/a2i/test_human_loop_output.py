"""What a loop that is answered writes, and the event it sends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I, RUNTIME
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import ACCOUNT, REGION, USER_POOL, Clock, FakeCloud, Later
from tests.localcloud.a2i.human_loops import ANSWER, OUTPUT, HumanLoops, loop_request

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


def test_an_answered_loop_is_completed_and_writes_what_is_documented(
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    clock: Clock,
    cloud: FakeCloud,
) -> None:
    loops.start(flow_definition, taskObject="Größe passt", initialValue=0.5)
    clock.forward(10)
    task = loops.take(ana)
    clock.forward(12.3)
    a2i.submit(ana, task.task_id, ANSWER)
    later()

    shown = loops.describe()
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
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    loops.start(flow_definition)
    loops.answer(ana)
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
    ana: Worker,
    flow_definition_request: dict[str, Any],
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
    path: str,
    key: str,
) -> None:
    flow_definition_request["OutputConfig"] = {"S3OutputPath": path}
    loops.start(create_flow_definition())
    loops.answer(ana)
    later()

    assert list(cloud.objects) == [("results", key)]
    assert "x-amz-server-side-encryption" not in cloud.written[0]


def test_the_output_is_encrypted_with_the_key_that_is_given(
    ana: Worker,
    flow_definition_request: dict[str, Any],
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    flow_definition_request["OutputConfig"]["KmsKeyId"] = "alias/reviews"
    loops.start(create_flow_definition())
    loops.answer(ana)
    later()

    headers = {name.lower(): str(value) for name, value in cloud.written[0].items()}
    assert "aws:kms" in headers["x-amz-server-side-encryption"]
    assert "alias/reviews" in headers["x-amz-server-side-encryption-aws-kms-key-id"]


def test_a_loop_is_completed_when_as_many_as_were_asked_have_answered(
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    loops.start(create_flow_definition(TaskCount=2))
    loops.answer(ben, {"sentiment": "bad"})
    later()
    assert loops.status() == "InProgress"
    assert cloud.objects == {}
    loops.answer(ana, {"sentiment": "good"})
    later()

    assert loops.status() == "Completed"
    [written] = cloud.objects.values()
    answers = json.loads(written)["humanAnswers"]
    assert [item["answerContent"]["sentiment"] for item in answers] == ["bad", "good"]
    assert [item["workerId"] for item in answers] == [ben.worker_id, ana.worker_id]


def test_half_a_surrogate_pair_comes_back_as_it_was_given(
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    loops.start(flow_definition, note="\ud83d broken")
    loops.answer(ana, {"comment": "\udc00"})
    later()

    written = json.loads(cloud.objects["results", OUTPUT].decode())
    assert written["inputContent"] == {"note": "\ud83d broken"}
    assert written["humanAnswers"][0]["answerContent"] == {"comment": "\udc00"}


def test_an_event_waits_until_the_event_bus_takes_it(
    ana: Worker, flow_definition: str, loops: HumanLoops, later: Later, cloud: FakeCloud
) -> None:
    cloud.event_bus_works = False
    for name in ("first", "second"):
        loops.start(flow_definition, name)
        loops.answer(ana)
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
    restarted().call("StartHumanLoop", loop_request(arn), RUNTIME)
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
    shown = restarted().call("DescribeHumanLoop", request, RUNTIME)
    assert shown["HumanLoopStatus"] == "Completed"


def _set_up(a2i: A2I, members: list[Any]) -> None:
    """What the flow definition of the tests needs; the workteam makes its workforce."""
    a2i.call(
        "CreateWorkteam",
        {"WorkteamName": "team", "Description": "people", "MemberDefinitions": members},
    )
    a2i.call("CreateHumanTaskUi", {"HumanTaskUiName": "page", "UiTemplate": {"Content": "x"}})


def test_an_event_that_is_refused_does_not_hold_up_the_others(
    runtime: "AugmentedAIRuntimeClient",
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
    cloud: FakeCloud,
) -> None:
    cloud.refused_events = {"first"}
    for name in ("first", "second"):
        runtime.stop_human_loop(HumanLoopName=loops.start(flow_definition, name))
        later()
    assert [event["detail"]["humanLoopName"] for event in cloud.events] == ["second"]
    cloud.refused_events.clear()
    later()

    assert [event["detail"]["humanLoopName"] for event in cloud.events] == ["second", "first"]
