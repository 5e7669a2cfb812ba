"""Reconcile: lost ends of loops, and flow definitions that are no longer needed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from review_collect import bucket, template
from review_collect import handler as collect
from review_reconcile import labels, loop_event
from review_reconcile.handler import Result, handle
from review_reconcile.settings import Settings
from review_shared import flow_definition as listed
from tests.handlers.conftest import LogLines
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters
from tests.handlers.fake_sagemaker import ARN, LOOP_ARN, STACK_ID, FakeSageMaker, sagemaker_behind

QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/ends"
CURRENT, RETIRED = "sentiment--0123456789", "sentiment--abcdef0123"

pytestmark = pytest.mark.usefixtures("buckets")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The function's environment."""
    for name, value in {
        "WORKFLOW": "sentiment",
        "BUCKET": "results",
        "COLLECT_QUEUE_URL": QUEUE,
        "STACK_ID": STACK_ID,
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def sagemaker(aws: FakeAws, environment: pytest.MonkeyPatch) -> Iterator[FakeSageMaker]:
    """SageMaker with a current flow definition, and a queue beside it."""
    with sagemaker_behind(
        aws,
        listed.sagemaker,
        listed.sagemaker_a2i_runtime,
        loop_event.sagemaker_a2i_runtime,
        loop_event.sqs,
        labels.s3,
        bucket.s3,
        template.sagemaker,
    ) as fake:
        aws.operations["SendMessage"] = lambda _: {"MessageId": "1"}
        fake.flow_definition(CURRENT)
        yield fake


def retired(sagemaker: FakeSageMaker, age: timedelta = timedelta(hours=1)) -> str:
    """Have a flow definition that was retired so long ago."""
    retired_at = (datetime.now(UTC) - age).isoformat(timespec="seconds")
    return sagemaker.flow_definition(RETIRED, retired_at=retired_at)


def recorded(buckets: FakeBuckets, sagemaker: FakeSageMaker, loop: str) -> None:
    """Have a label record of a loop."""
    created = sagemaker.loops[loop]["CreationTime"].astimezone(UTC)
    buckets.objects["results", f"labels/{created:%Y/%m/%d}/{loop}.json"] = b"{}"


def reconciled() -> dict[str, Result]:
    """Reconcile; the results by flow definition."""
    answer = handle({}, None)
    assert answer["workflow"] == "sentiment"
    return {result["name"]: result for result in answer["flow_definitions"]}


def sent(sagemaker: FakeSageMaker) -> list[dict[str, Any]]:
    """The events that were put onto the queue."""
    given = sagemaker.aws.parameters("SendMessage")
    assert all(message["QueueUrl"] == QUEUE for message in given)
    return [json.loads(message["MessageBody"]) for message in given]


def test_workflow_without_flow_definitions_is_no_error(sagemaker: FakeSageMaker) -> None:
    sagemaker.statuses.clear()

    assert reconciled() == {}


def test_open_loops_are_counted_and_left_alone(sagemaker: FakeSageMaker) -> None:
    now = datetime.now(UTC)
    sagemaker.loop("young", of=CURRENT)
    sagemaker.loop("old", of=CURRENT, CreationTime=now - timedelta(hours=2))
    sagemaker.loop("stopping", of=CURRENT, status="Stopping")

    result = reconciled()[CURRENT]

    assert 7200 <= result["oldest_open_seconds"] <= 7201
    assert result == {
        "name": CURRENT,
        "retired": False,
        "open": 3,
        "oldest_open_seconds": result["oldest_open_seconds"],
        "replayed": 0,
        "deleted": False,
    }
    assert sagemaker.mutations() == []


@pytest.mark.parametrize(
    ("status", "more", "detail"),
    [
        (
            "Completed",
            {"HumanLoopOutput": {"OutputS3Uri": "s3://results/a2i/output.json"}},
            {"humanLoopOutput": {"outputS3Uri": "s3://results/a2i/output.json"}},
        ),
        (
            "Failed",
            {"FailureCode": "Expired", "FailureReason": "nobody came"},
            {"failureCode": "Expired", "failureReason": "nobody came"},
        ),
        ("Stopped", {}, {}),
    ],
)
def test_lost_end_is_replayed_as_eventbridge_would_have_sent_it(
    sagemaker: FakeSageMaker, status: str, more: dict[str, Any], detail: dict[str, Any]
) -> None:
    created = datetime.now(UTC).replace(microsecond=740_000) - timedelta(hours=1)
    sagemaker.loop("loop", of=CURRENT, status=status, CreationTime=created, **more)

    assert reconciled()[CURRENT]["replayed"] == 1

    (event,) = sent(sagemaker)
    assert datetime.fromisoformat(event.pop("time")).tzinfo == UTC
    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "account": "111122223333",
        "region": "eu-west-1",
        "resources": [LOOP_ARN + "loop"],
        "detail": {
            "creationTime": f"{created:%Y-%m-%dT%H:%M:%S}.740Z",
            "failureCode": None,
            "failureReason": None,
            "flowDefinitionArn": ARN + CURRENT,
            "humanLoopArn": LOOP_ARN + "loop",
            "humanLoopName": "loop",
            "humanLoopOutput": None,
            "humanLoopStatus": status,
            **detail,
        },
    }


def test_time_is_written_in_utc() -> None:
    zone = datetime.fromisoformat("2026-11-22T00:30:00.5+02:00")
    loop = {
        "HumanLoopName": "loop",
        "HumanLoopArn": LOOP_ARN + "loop",
        "HumanLoopStatus": "Stopped",
        "CreationTime": zone,
        "FlowDefinitionArn": ARN + CURRENT,
    }

    event = loop_event.event(loop, zone)

    assert event["detail"]["creationTime"] == "2026-11-21T22:30:00.500Z"
    assert event["time"] == "2026-11-21T22:30:00Z"


def collected(sagemaker: FakeSageMaker) -> None:
    """Have collect take what was put onto the queue."""
    bodies = [given["MessageBody"] for given in sagemaker.aws.parameters("SendMessage")]
    messages = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
    assert collect.handle({"Records": messages}, None) == {"batchItemFailures": []}


def test_lost_end_is_replayed_until_it_is_recorded_and_no_longer(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    sagemaker.loop("loop", of=CURRENT, status="Stopped")

    assert reconciled()[CURRENT]["replayed"] == 1
    assert reconciled()[CURRENT]["replayed"] == 1
    collected(sagemaker)
    ((place, body),) = buckets.objects.items()
    assert place[1].startswith("labels/")
    assert json.loads(body)["human_loop_name"] == "loop"

    assert reconciled()[CURRENT]["replayed"] == 0
    collected(sagemaker)
    assert buckets.objects == {place: body}
    assert len(sent(sagemaker)) == 2


def test_output_that_cannot_be_used_is_replayed_until_it_has_its_record(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    output = {"OutputS3Uri": "s3://results/a2i/output.json"}
    sagemaker.loop("loop", of=CURRENT, status="Completed", HumanLoopOutput=output)
    buckets.objects["results", "a2i/output.json"] = b'{"humanAnswers": "\\ud800"}'

    assert reconciled()[CURRENT]["replayed"] == 1
    collected(sagemaker)

    assert reconciled()[CURRENT]["replayed"] == 0


def test_loop_made_before_midnight_is_found_by_its_day(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    yesterday = datetime.now(UTC).replace(hour=0, minute=0, second=0) - timedelta(seconds=1)
    sagemaker.loop("loop", of=CURRENT, status="Completed", CreationTime=yesterday)
    sagemaker.loop("today", of=CURRENT, status="Completed", CreationTime=datetime.now(UTC))
    recorded(buckets, sagemaker, "loop")
    recorded(buckets, sagemaker, "today")

    assert reconciled()[CURRENT]["replayed"] == 0


def test_pages_of_loops_and_records_are_all_read(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    for number in range(1250):
        sagemaker.loop(f"loop-{number}", of=CURRENT, status="Completed")
        recorded(buckets, sagemaker, f"loop-{number}")
    del buckets.objects[next(key for key in buckets.objects if key[1].endswith("/loop-1249.json"))]
    sagemaker.loop("open", of=CURRENT)

    result = reconciled()[CURRENT]

    assert (result["open"], result["replayed"]) == (1, 1)
    assert [event["detail"]["humanLoopName"] for event in sent(sagemaker)] == ["loop-1249"]
    assert all(given["MaxResults"] == 100 for given in sagemaker.aws.parameters("ListHumanLoops"))
    assert len(sagemaker.aws.parameters("ListObjectsV2")) <= 4


def test_loops_of_long_ago_are_not_replayed(
    sagemaker: FakeSageMaker, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("LOOKBACK_DAYS", "2")
    now = datetime.now(UTC)
    for name in (CURRENT, retired(sagemaker)):
        sagemaker.loop(f"old-{name}", name, "Completed", CreationTime=now - timedelta(days=3))
        sagemaker.loop(f"new-{name}", name, "Completed", CreationTime=now - timedelta(days=1))

    results = reconciled()

    assert [results[name]["replayed"] for name in (CURRENT, RETIRED)] == [1, 1]
    replayed = {event["detail"]["humanLoopName"] for event in sent(sagemaker)}
    assert replayed == {f"new-{CURRENT}", f"new-{RETIRED}"}


def test_loop_that_was_deleted_meanwhile_is_not_replayed(sagemaker: FakeSageMaker) -> None:
    sagemaker.loop("loop", of=CURRENT, status="Completed")
    sagemaker.refuse("DescribeHumanLoop", "ResourceNotFoundException", status=404)

    assert reconciled()[CURRENT]["replayed"] == 0
    assert not sent(sagemaker)


def test_retired_is_deleted_when_nothing_of_it_is_left(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    retired(sagemaker)
    sagemaker.loop("loop", of=RETIRED, status="Completed")
    recorded(buckets, sagemaker, "loop")

    results = reconciled()

    assert results[RETIRED]["deleted"]
    assert not results[CURRENT]["deleted"]
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]
    assert sagemaker.statuses == {CURRENT: "Active", RETIRED: "Deleting"}
    assert not reconciled()[RETIRED]["deleted"]


def test_retired_lives_until_its_last_loop_is_recorded_and_its_grace_is_over(
    sagemaker: FakeSageMaker, buckets: FakeBuckets
) -> None:
    retired(sagemaker, age=timedelta(minutes=14))
    sagemaker.loop("loop", of=RETIRED)
    assert not reconciled()[RETIRED]["deleted"]

    sagemaker.loops["loop"]["HumanLoopStatus"] = "Stopping"
    assert not reconciled()[RETIRED]["deleted"]

    sagemaker.loops["loop"]["HumanLoopStatus"] = "Stopped"
    result = reconciled()[RETIRED]
    assert (result["replayed"], result["deleted"]) == (1, False)

    recorded(buckets, sagemaker, "loop")
    assert not reconciled()[RETIRED]["deleted"]

    retired(sagemaker, age=timedelta(minutes=15, seconds=1))
    assert reconciled()[RETIRED]["deleted"]


@pytest.mark.parametrize(("grace", "is_deleted"), [("0", True), ("7200", False), ("", True)])
def test_grace_can_be_set(
    sagemaker: FakeSageMaker, environment: pytest.MonkeyPatch, grace: str, is_deleted: bool
) -> None:
    environment.setenv("GRACE_SECONDS", grace)
    retired(sagemaker, age=timedelta(hours=1))

    assert reconciled()[RETIRED]["deleted"] is is_deleted


def test_open_loop_older_than_the_look_back_keeps_what_is_retired(
    sagemaker: FakeSageMaker,
) -> None:
    retired(sagemaker)
    sagemaker.loop("loop", of=RETIRED, CreationTime=datetime.now(UTC) - timedelta(days=60))

    result = reconciled()[RETIRED]

    assert (result["open"], result["deleted"]) == (1, False)


def test_current_is_never_deleted(sagemaker: FakeSageMaker) -> None:
    assert not reconciled()[CURRENT]["deleted"]
    assert sagemaker.mutations() == []


def test_one_that_a_deployment_takes_back_meanwhile_is_kept(sagemaker: FakeSageMaker) -> None:
    retired(sagemaker)
    listing = sagemaker.aws.operations["ListHumanLoops"]

    def take_back(given: Parameters) -> dict[str, Any]:
        sagemaker.tags[RETIRED].pop("human-review:retired-at", None)
        return listing(given)

    sagemaker.aws.operations["ListHumanLoops"] = take_back

    assert not reconciled()[RETIRED]["deleted"]
    assert sagemaker.mutations() == []


@pytest.mark.parametrize("status", ["Deleting", "Initializing"])
def test_one_that_cannot_be_deleted_is_not_tried(sagemaker: FakeSageMaker, status: str) -> None:
    retired(sagemaker)
    sagemaker.statuses[RETIRED] = status

    assert not reconciled()[RETIRED]["deleted"]
    assert sagemaker.mutations() == []


@pytest.mark.parametrize("code", ["ResourceNotFound", "ResourceInUse"])
def test_one_that_somebody_else_deletes_is_no_error(sagemaker: FakeSageMaker, code: str) -> None:
    retired(sagemaker)
    sagemaker.refuse("DeleteFlowDefinition", code)

    assert not reconciled()[RETIRED]["deleted"]


def test_tag_that_cannot_be_read_deletes_nothing(
    sagemaker: FakeSageMaker, log_lines: LogLines
) -> None:
    sagemaker.flow_definition(RETIRED, retired_at="yesterday")

    assert not reconciled()[RETIRED]["deleted"]
    assert log_lines()[0]["value"] == "yesterday"


def test_time_without_a_zone_is_utc(sagemaker: FakeSageMaker) -> None:
    sagemaker.flow_definition(RETIRED, retired_at="2026-11-21T10:00:00")

    assert reconciled()[RETIRED]["deleted"]


@pytest.mark.parametrize(("stack_id", "is_seen"), [(STACK_ID, False), ("", True)])
def test_only_its_own_stack_is_looked_at(
    sagemaker: FakeSageMaker, environment: pytest.MonkeyPatch, stack_id: str, is_seen: bool
) -> None:
    environment.setenv("STACK_ID", stack_id)
    retired(sagemaker)
    sagemaker.tags[RETIRED]["human-review:stack-id"] = STACK_ID + "c"
    sagemaker.flow_definition("sentiment-v2--0123456789")

    assert set(reconciled()) == ({CURRENT, RETIRED} if is_seen else {CURRENT})


def test_metrics_say_what_there_is_and_what_was_done(
    sagemaker: FakeSageMaker, log_lines: LogLines
) -> None:
    retired(sagemaker)
    sagemaker.flow_definition("sentiment--1111111111", retired_at=datetime.now(UTC).isoformat())
    sagemaker.loop("open", of=CURRENT, CreationTime=datetime.now(UTC) - timedelta(hours=1))
    sagemaker.loop("young", of="sentiment--1111111111")
    sagemaker.loop("lost", of=CURRENT, status="Failed")

    handle({}, None)

    metrics = log_lines()[-1]
    assert metrics["Workflow"] == "sentiment"
    assert 3600 <= metrics["OldestOpenLoopAge"] <= 3601
    assert {
        name: metrics[name]
        for name in (
            "OpenLoops",
            "LoopsReplayed",
            "FlowDefinitionsRetired",
            "FlowDefinitionsDeleted",
        )
    } == {
        "OpenLoops": 2,
        "LoopsReplayed": 1,
        "FlowDefinitionsRetired": 1,
        "FlowDefinitionsDeleted": 1,
    }


@pytest.mark.parametrize(
    "operation", ["ListFlowDefinitions", "ListTags", "ListHumanLoops", "ListObjectsV2"]
)
def test_what_cannot_be_read_fails_and_deletes_nothing(
    sagemaker: FakeSageMaker, operation: str
) -> None:
    retired(sagemaker)
    sagemaker.loop("loop", of=RETIRED, status="Completed")
    sagemaker.refuse(operation, "AccessDeniedException", status=403)

    with pytest.raises(ClientError, match="AccessDenied"):
        handle({}, None)
    assert sagemaker.mutations() == []


def test_event_that_cannot_be_sent_deletes_nothing(sagemaker: FakeSageMaker) -> None:
    retired(sagemaker)
    sagemaker.loop("loop", of=RETIRED, status="Completed")
    sagemaker.refuse("SendMessage", "ServiceUnavailable", status=503)

    with pytest.raises(ClientError, match="ServiceUnavailable"):
        handle({}, None)
    assert sagemaker.statuses[RETIRED] == "Active"


@pytest.mark.parametrize("given", ["-1", "1.5", "soon"])
@pytest.mark.parametrize("name", ["GRACE_SECONDS", "LOOKBACK_DAYS"])
def test_numbers_of_the_environment_are_checked(name: str, given: str) -> None:
    environment = {"WORKFLOW": "sentiment", "BUCKET": "b", "COLLECT_QUEUE_URL": "q", name: given}

    with pytest.raises(ValueError, match=f"{name} must be a whole number.*got '{given}'"):
        Settings.from_environment(environment)
