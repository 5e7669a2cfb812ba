"""Custom::A2IReviewGuard: what a stack's delete meets first."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from review_resources import flow_definition_end, last_labels, provider, review_guard, stack
from review_resources.events import Event
from review_shared import flow_definition as listed
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError, streamed
from tests.handlers.fake_sagemaker import STACK_ID, FakeSageMaker, sagemaker_behind

PARAMETER = "/human-review/sentiment/on-destroy"
RECONCILER = "human-review-sentiment-reconcile"
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
        review_guard.ssm,
        last_labels.lambda_,
        stack.cloudformation,
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


@pytest.fixture(autouse=True)
def on_destroy(aws: FakeAws) -> dict[str, str]:
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
        "then destroy again"
    )
    assert sagemaker.mutations() == []


def test_missing_parameter_refuses(sagemaker: FakeSageMaker, on_destroy: dict[str, str]) -> None:
    on_destroy.clear()
    sagemaker.loop("loop", of=CURRENT)

    with pytest.raises(RuntimeError, match="nothing was deleted"):
        is_closed()


def test_unknown_setting_is_an_error_and_stops_nothing(
    sagemaker: FakeSageMaker, on_destroy: dict[str, str]
) -> None:
    on_destroy[PARAMETER] = "Stop"
    sagemaker.loop("loop", of=CURRENT)

    with pytest.raises(ValueError, match=f"{PARAMETER} must be refuse or stop, got Stop"):
        is_closed()
    assert sagemaker.mutations() == []


@pytest.mark.parametrize("setting", ["refuse", "stop"])
def test_destroy_without_open_reviews_deletes_only_what_is_retired(
    sagemaker: FakeSageMaker, on_destroy: dict[str, str], setting: str
) -> None:
    on_destroy[PARAMETER] = setting
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
    untagged = sagemaker.flow_definition("sentiment--ffffffffff")
    sagemaker.tags[untagged].clear()
    for number, name in enumerate((other_stack, other_workflow, untagged)):
        sagemaker.loop(f"loop-{number}", of=name)

    assert is_closed()
    assert sagemaker.mutations() == []


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
    sagemaker: FakeSageMaker, on_destroy: dict[str, str]
) -> None:
    on_destroy[PARAMETER] = "stop"
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
    monkeypatch: pytest.MonkeyPatch, sagemaker: FakeSageMaker, on_destroy: dict[str, str]
) -> None:
    on_destroy[PARAMETER] = "stop"
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
    sagemaker: FakeSageMaker, on_destroy: dict[str, str], code: str
) -> None:
    on_destroy[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", code)

    assert not is_closed()


def test_loop_that_may_not_be_stopped_is_an_error(
    sagemaker: FakeSageMaker, on_destroy: dict[str, str]
) -> None:
    on_destroy[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", "AccessDeniedException", "not allowed", 403)

    with pytest.raises(ClientError, match="not allowed"):
        is_closed()


def test_throttled_stop_goes_on_at_the_next_poll(
    sagemaker: FakeSageMaker, on_destroy: dict[str, str]
) -> None:
    on_destroy[PARAMETER] = "stop"
    sagemaker.loop("loop", of=CURRENT)
    sagemaker.refuse("StopHumanLoop", "ThrottlingException", status=429)

    assert not is_closed()


@pytest.mark.parametrize(
    ("limits", "minutes"), [({}, 60), ({CURRENT: 7200, RETIRED: 90_000}, 120), ({CURRENT: 30}, 1)]
)
def test_what_takes_too_long_is_said_with_how_long_it_can_take(
    sagemaker: FakeSageMaker, on_destroy: dict[str, str], limits: dict[str, int], minutes: int
) -> None:
    on_destroy[PARAMETER] = "stop"
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
    on_destroy: dict[str, str],
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
    on_destroy[PARAMETER] = "stop"
    assert not is_closed(Since=time.time() - 10 * 60)
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


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
