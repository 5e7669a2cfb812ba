"""Custom::A2IReviewGuard: what a stack's delete meets first."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from review_resources import (
    flow_definition_end,
    last_labels,
    on_destroy,
    provider,
    review_guard,
    stack,
    triage_queue,
)
from review_resources.events import Event
from review_shared import flow_definition as listed
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError, streamed
from tests.handlers.fake_sagemaker import STACK_ID, FakeSageMaker, sagemaker_behind

PARAMETER = "/human-review/sentiment/on-destroy"
RECONCILER = "human-review-sentiment-reconcile"
QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/triage"
CURRENT, RETIRED = "sentiment--0123456789", "sentiment--abcdef0123"


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeSageMaker]:
    """SageMaker with a current and a retired flow definition, of a stack that is deleted."""
    with sagemaker_behind(
        aws,
        flow_definition_end.sagemaker,
        listed.sagemaker,
        listed.sagemaker_a2i_runtime,
        review_guard.sagemaker_a2i_runtime,
        on_destroy.ssm,
        last_labels.lambda_,
        stack.cloudformation,
        triage_queue.sqs,
    ) as fake:
        fake.stack = "DELETE_IN_PROGRESS"
        fake.flow_definition(CURRENT)
        fake.flow_definition(RETIRED, retired_at="2026-11-21T10:00:00+00:00")
        yield fake


class FakeReconciler:
    """A workflow's reconciler.

    :ivar missing: how many ended loops each next call finds without a record; then none.
    :ivar failure: the error it ends with, if it does.
    """

    def __init__(self, aws: FakeAws) -> None:
        self.missing: list[int] = []
        self.failure: dict[str, str] | None = None
        aws.operations["Invoke"] = self._invoke

    def _invoke(self, given: Parameters) -> dict[str, Any]:
        assert given["FunctionName"] == RECONCILER
        if self.failure is not None:
            return {"FunctionError": "Unhandled", "Payload": payload(self.failure)}
        count = self.missing.pop(0) if self.missing else 0
        found = [{"name": CURRENT, "replayed": count}, {"name": RETIRED, "replayed": 0}]
        return {"Payload": payload({"workflow": "sentiment", "flow_definitions": found})}


def payload(content: object) -> StreamingBody:
    """What a function answers."""
    return streamed(json.dumps(content).encode())


@pytest.fixture(autouse=True)
def reconciler(aws: FakeAws) -> FakeReconciler:
    """The workflow's reconciler."""
    return FakeReconciler(aws)


class FakeQueue:
    """The triage queue.

    :ivar visible: how many messages each next look finds; then none.
    """

    def __init__(self, aws: FakeAws) -> None:
        self.visible: list[int] = []
        self.delayed = self.in_hand = 0
        aws.operations["GetQueueAttributes"] = self._attributes

    def _attributes(self, given: Parameters) -> dict[str, Any]:
        assert given["QueueUrl"] == QUEUE
        counts = {
            "ApproximateNumberOfMessages": self.visible.pop(0) if self.visible else 0,
            "ApproximateNumberOfMessagesDelayed": self.delayed,
            "ApproximateNumberOfMessagesNotVisible": self.in_hand,
        }
        return {"Attributes": {name: str(counts[name]) for name in given["AttributeNames"]}}


@pytest.fixture(autouse=True)
def queue(aws: FakeAws) -> FakeQueue:
    """The workflow's triage queue."""
    return FakeQueue(aws)


@pytest.fixture(autouse=True)
def settings(aws: FakeAws) -> dict[str, str]:
    """The SSM parameters."""
    parameters = {PARAMETER: "refuse"}

    def get(given: Parameters) -> dict[str, Any]:
        if given["Name"] not in parameters:
            raise RefusalError("ParameterNotFound")
        return {"Parameter": {"Name": given["Name"], "Value": parameters[given["Name"]]}}

    aws.operations["GetParameter"] = get
    return parameters


def an_event(request_type: str, **changes: Any) -> Event:
    """One lifecycle event of the guard."""
    event = {
        "RequestType": request_type,
        "ResourceType": "Custom::A2IReviewGuard",
        "LogicalResourceId": "Guard",
        "PhysicalResourceId": "sentiment--review-guard",
        "StackId": STACK_ID,
        "ResourceProperties": {
            "Workflow": "sentiment",
            "FlowDefinitionNamePrefix": "sentiment",
            "OnDestroyParameter": PARAMETER,
            "ReconcileFunctionName": RECONCILER,
            "TriageQueueUrl": QUEUE,
        },
    }
    return cast(Event, event | changes)


def is_closed(**changes: Any) -> bool:
    """Delete the guard, or go on with it; say whether that is done."""
    event = an_event("Delete")
    event = cast(Event, {**event, **provider.on_event(event, None), **changes})
    return provider.is_complete(event, None)["IsComplete"]


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_guard_does_nothing_while_the_stack_lives(
    aws: FakeAws, sagemaker: FakeSageMaker, request_type: str
) -> None:
    event = an_event(request_type)

    assert provider.on_event(event, None)["PhysicalResourceId"] == "sentiment--review-guard"
    assert provider.is_complete(event, None) == {"IsComplete": True}
    assert aws.names() == []


@pytest.mark.parametrize(
    "status",
    [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    ],
)
def test_guard_does_nothing_when_the_stack_is_not_destroyed(
    aws: FakeAws, sagemaker: FakeSageMaker, status: str
) -> None:
    sagemaker.stack = status
    sagemaker.loop("loop", of=CURRENT)

    assert is_closed()
    assert aws.names() == ["DescribeStacks"]


@pytest.mark.parametrize("of", [CURRENT, RETIRED])
@pytest.mark.parametrize("status", ["InProgress", "Stopping"])
def test_open_review_refuses_the_destroy(sagemaker: FakeSageMaker, of: str, status: str) -> None:
    sagemaker.loop("loop", of=of, status=status)

    with pytest.raises(RuntimeError, match=r"^1 review of workflow sentiment is open: nothing was"):
        is_closed()
    assert sagemaker.mutations() == []


def test_refusal_counts_and_names_the_two_ways_out(sagemaker: FakeSageMaker) -> None:
    for number in range(250):
        sagemaker.loop(f"current-{number}", of=CURRENT)
        sagemaker.loop(f"retired-{number}", of=RETIRED)
        sagemaker.loop(f"ended-{number}", of=RETIRED, status="Completed")

    with pytest.raises(RuntimeError) as refusal:
        is_closed()
    assert str(refusal.value) == (
        "500 reviews of workflow sentiment are open: nothing was deleted. Either wait until they "
        "are answered and destroy again, or stop them: `aws ssm put-parameter --name "
        "/human-review/sentiment/on-destroy --type String --value stop --overwrite`, "
        "then destroy again. CloudFormation lets the stack only be destroyed now, not updated"
    )
    assert sagemaker.mutations() == []


@pytest.mark.parametrize(
    ("counts", "loops", "found"),
    [
        ({"visible": [1]}, 0, "1 item of workflow sentiment waits to be triaged"),
        (
            {"visible": [1], "delayed": 2, "in_hand": 4},
            0,
            "7 items of workflow sentiment wait to be triaged",
        ),
        (
            {"in_hand": 2},
            1,
            "1 review of workflow sentiment is open and "
            "2 items of workflow sentiment wait to be triaged",
        ),
    ],
    ids=["one", "in every state", "beside a review"],
)
def test_items_that_wait_to_be_triaged_refuse_the_destroy(
    sagemaker: FakeSageMaker, queue: FakeQueue, counts: dict[str, Any], loops: int, found: str
) -> None:
    vars(queue).update(counts)
    for number in range(loops):
        sagemaker.loop(f"loop-{number}", of=CURRENT)

    with pytest.raises(RuntimeError) as refusal:
        is_closed()
    assert str(refusal.value).startswith(f"{found}: nothing was deleted. ")
    assert "or stop them, and let go what waits to be triaged: `aws ssm" in str(refusal.value)
    assert sagemaker.mutations() == []


def test_destroy_that_stops_lets_the_queue_go(
    sagemaker: FakeSageMaker, queue: FakeQueue, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "stop"
    del sagemaker.statuses[RETIRED]
    queue.visible = [5000]

    assert is_closed(Since=time.time() - 10 * 60)


def test_queue_is_counted_before_the_loops_that_its_items_become(
    aws: FakeAws, sagemaker: FakeSageMaker
) -> None:
    is_closed()

    assert aws.names().index("GetQueueAttributes") < aws.names().index("ListHumanLoops")


def test_queue_that_somebody_deleted_is_no_error(sagemaker: FakeSageMaker) -> None:
    del sagemaker.statuses[RETIRED]
    sagemaker.refuse("GetQueueAttributes", "QueueDoesNotExist")

    assert is_closed()


def test_guard_that_knows_no_queue_counts_none(aws: FakeAws, sagemaker: FakeSageMaker) -> None:
    del sagemaker.statuses[RETIRED]
    event = an_event("Delete")
    del event["ResourceProperties"]["TriageQueueUrl"]

    assert provider.is_complete(event, None)["IsComplete"]
    assert "GetQueueAttributes" not in aws.names()


def test_missing_parameter_refuses(sagemaker: FakeSageMaker, settings: dict[str, str]) -> None:
    settings.clear()
    sagemaker.loop("loop", of=CURRENT)

    with pytest.raises(RuntimeError, match="nothing was deleted"):
        is_closed()


def test_unknown_setting_is_an_error_and_stops_nothing(
    sagemaker: FakeSageMaker, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "Stop"
    sagemaker.loop("loop", of=CURRENT)

    with pytest.raises(ValueError, match=f"{PARAMETER} must be refuse or stop, got Stop"):
        is_closed()
    assert sagemaker.mutations() == []


@pytest.mark.parametrize("setting", ["refuse", "stop"])
def test_destroy_without_open_reviews_deletes_only_what_is_retired(
    sagemaker: FakeSageMaker, settings: dict[str, str], setting: str
) -> None:
    settings[PARAMETER] = setting
    sagemaker.loop("answered", of=CURRENT, status="Completed")
    sagemaker.loop("expired", of=RETIRED, status="Failed")

    assert not is_closed()
    assert sagemaker.statuses == {CURRENT: "Active", RETIRED: "Deleting"}
    assert not is_closed()
    del sagemaker.statuses[RETIRED]
    assert is_closed()
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


@pytest.mark.parametrize("stack_status", ["DELETE_IN_PROGRESS", None])
def test_nothing_left_is_no_error(sagemaker: FakeSageMaker, stack_status: str | None) -> None:
    sagemaker.stack = stack_status
    sagemaker.statuses.clear()

    assert is_closed()
    assert is_closed()
    assert sagemaker.mutations() == []


def test_other_stacks_and_workflows_do_not_count(sagemaker: FakeSageMaker) -> None:
    del sagemaker.statuses[RETIRED]
    other_stack = sagemaker.flow_definition("sentiment--another000", retired_at="2026-11-21")
    sagemaker.tags[other_stack]["human-review:stack-id"] = STACK_ID + "c"
    other_workflow = sagemaker.flow_definition("sentiment-v2--0123456789")
    for number, name in enumerate((other_stack, other_workflow)):
        sagemaker.loop(f"loop-{number}", of=name)

    assert is_closed()
    assert sagemaker.mutations() == []


def test_one_that_lost_its_tags_counts(sagemaker: FakeSageMaker) -> None:
    sagemaker.tags[CURRENT].clear()
    sagemaker.loop("loop", of=CURRENT)

    with pytest.raises(RuntimeError, match=r"^1 review of workflow sentiment is open"):
        is_closed()


def test_flow_definition_that_goes_while_it_is_looked_at_is_no_error(
    sagemaker: FakeSageMaker,
) -> None:
    sagemaker.refuse("ListTags", "ResourceNotFound")

    assert is_closed()


def test_loops_of_one_that_goes_meanwhile_are_none(sagemaker: FakeSageMaker) -> None:
    sagemaker.refuse("ListHumanLoops", "ResourceNotFoundException", status=404)

    assert not is_closed()
    assert sagemaker.statuses[RETIRED] == "Deleting"


def test_more_than_a_page_of_flow_definitions_is_looked_at(sagemaker: FakeSageMaker) -> None:
    for number in range(150):
        name = sagemaker.flow_definition(f"sentiment--{number:010}")
    sagemaker.loop("loop", of=name)

    with pytest.raises(RuntimeError, match="1 review of"):
        is_closed()


def test_stop_stops_what_is_open_and_waits_for_what_was_started(
    sagemaker: FakeSageMaker, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "stop"
    for number in range(120):
        sagemaker.loop(f"loop-{number}", of=CURRENT)
    started = sagemaker.loop("started", of=RETIRED, status="Stopping")

    assert not is_closed()
    stopped = [given["HumanLoopName"] for given in sagemaker.aws.parameters("StopHumanLoop")]
    assert sorted(stopped) == sorted(f"loop-{number}" for number in range(120))
    assert sagemaker.statuses == {CURRENT: "Active", RETIRED: "Active"}

    assert not is_closed()
    sagemaker.loops[started]["HumanLoopStatus"] = "Stopped"
    assert not is_closed()
    assert sagemaker.statuses == {CURRENT: "Active", RETIRED: "Deleting"}
    del sagemaker.statuses[RETIRED]
    assert is_closed()
    assert len(sagemaker.aws.parameters("StopHumanLoop")) == 120


def test_stopping_goes_on_at_the_next_poll(
    monkeypatch: pytest.MonkeyPatch, sagemaker: FakeSageMaker, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "stop"
    for number in range(10):
        sagemaker.loop(f"loop-{number}", of=CURRENT)
    monkeypatch.setattr("time.monotonic", count(step=20).__next__)

    assert not is_closed()
    assert 0 < sagemaker.mutations().count("StopHumanLoop") < 10
    for _ in range(10):
        is_closed()
    assert {loop["HumanLoopStatus"] for loop in sagemaker.loops.values()} == {"Stopped"}


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException"])
def test_loop_that_ends_while_it_is_stopped_is_no_error(
    sagemaker: FakeSageMaker, settings: dict[str, str], code: str
) -> None:
    settings[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", code)

    assert not is_closed()


def test_loop_that_may_not_be_stopped_is_an_error(
    sagemaker: FakeSageMaker, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", "AccessDeniedException", "not allowed", 403)

    with pytest.raises(ClientError, match="not allowed"):
        is_closed()


def test_throttled_stop_goes_on_at_the_next_poll(
    sagemaker: FakeSageMaker, settings: dict[str, str]
) -> None:
    settings[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", "ThrottlingException", status=429)

    assert not is_closed()


@pytest.mark.parametrize(
    ("limits", "minutes"), [({}, 60), ({CURRENT: 7200, RETIRED: 90_000}, 120), ({CURRENT: 30}, 1)]
)
def test_what_takes_too_long_is_said_with_how_long_it_can_take(
    sagemaker: FakeSageMaker, settings: dict[str, str], limits: dict[str, int], minutes: int
) -> None:
    settings[PARAMETER] = "stop"
    sagemaker.loop("started", of=CURRENT, status="Stopping")
    sagemaker.configs = {name: {"TaskTimeLimitInSeconds": limit} for name, limit in limits.items()}

    assert not is_closed(Since=time.time() - 8 * 60)
    words = f"1 review of .* is open, though they were stopped: a reviewer has {minutes} minutes"
    with pytest.raises(RuntimeError, match=words):
        is_closed(Since=time.time() - 10 * 60)


def test_destroy_waits_until_the_last_answers_have_their_records(
    sagemaker: FakeSageMaker, reconciler: FakeReconciler
) -> None:
    sagemaker.loop("just answered", of=CURRENT, status="Completed")
    reconciler.missing = [2, 1]

    assert not is_closed()
    assert not is_closed()
    assert sagemaker.mutations() == []
    assert not is_closed()
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


@pytest.mark.parametrize(
    ("missing", "failure", "found"),
    [
        ([3], None, "3 have ended without a label record"),
        ([], {"errorType": "KeyError", "errorMessage": "'BUCKET'"}, "unknown: .* failed: 'BUCKET'"),
    ],
)
def test_records_that_do_not_come_refuse_the_destroy_unless_reviews_may_be_lost(
    sagemaker: FakeSageMaker,
    reconciler: FakeReconciler,
    settings: dict[str, str],
    missing: list[int],
    failure: dict[str, str] | None,
    found: str,
) -> None:
    reconciler.failure = failure
    reconciler.missing = missing * 3

    assert not is_closed(Since=time.time() - 8 * 60)
    with pytest.raises(RuntimeError, match=f"sentiment, .*{found}: nothing was deleted"):
        is_closed(Since=time.time() - 10 * 60)
    assert sagemaker.mutations() == []
    settings[PARAMETER] = "stop"
    assert not is_closed(Since=time.time() - 10 * 60)
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


@pytest.mark.parametrize(
    ("code", "status"), [("AccessDeniedException", 403), ("TooManyRequestsException", 429)]
)
def test_a_reconciler_that_does_not_answer_is_not_waited_for_when_reviews_may_be_lost(
    sagemaker: FakeSageMaker, settings: dict[str, str], code: str, status: int
) -> None:
    del sagemaker.statuses[RETIRED]
    sagemaker.refuse("Invoke", code, "not now", status)

    assert not is_closed(Since=time.time() - 8 * 60)
    with pytest.raises(RuntimeError, match=r"unknown: .*does not answer.*not now: nothing was"):
        is_closed(Since=time.time() - 10 * 60)
    settings[PARAMETER] = "stop"
    assert is_closed(Since=time.time() - 10 * 60)


def test_a_reconciler_that_somebody_deleted_is_no_error(
    sagemaker: FakeSageMaker,
) -> None:
    del sagemaker.statuses[RETIRED]
    sagemaker.refuse("Invoke", "ResourceNotFoundException", status=404)

    assert is_closed()


def test_a_bucket_that_somebody_deleted_is_no_error(
    sagemaker: FakeSageMaker, reconciler: FakeReconciler
) -> None:
    del sagemaker.statuses[RETIRED]
    reconciler.failure = {"errorType": "NoSuchBucket", "errorMessage": "it does not exist"}

    assert is_closed()
