"""How long triage goes by the flow definition it has read of."""

from collections.abc import Iterator

import pytest

from review_triage import flow_definition
from tests.handlers.fake_aws import FakeAws, RefusalError

PARAMETER = "/human-review/sentiment/flow-definition-arn"


class Clock:
    """A monotonic clock that is told the time."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock triage goes by."""
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    return clock


@pytest.fixture
def parameter(aws: FakeAws, clock: Clock) -> Iterator[dict[str, str]]:
    """SSM's parameters; none has been read."""
    values = {PARAMETER: "a"}
    aws.operations["GetParameter"] = lambda given: {"Parameter": {"Value": values[given["Name"]]}}
    flow_definition._arns.clear()
    with aws.behind(flow_definition.ssm):
        yield values
    flow_definition._arns.clear()


def test_parameter_is_read_once_a_minute(
    aws: FakeAws, clock: Clock, parameter: dict[str, str]
) -> None:
    assert flow_definition.current_arn(PARAMETER) == "a"
    parameter[PARAMETER] = "b"
    clock.time += 59.9
    assert flow_definition.current_arn(PARAMETER) == "a"
    clock.time += 0.1
    assert flow_definition.current_arn(PARAMETER) == "b"
    assert aws.names() == ["GetParameter"] * 2


def test_each_parameter_has_its_own_minute(clock: Clock, parameter: dict[str, str]) -> None:
    assert flow_definition.current_arn(PARAMETER) == "a"
    parameter["/human-review/moderation/flow-definition-arn"] = "m"

    assert flow_definition.current_arn("/human-review/moderation/flow-definition-arn") == "m"
    assert flow_definition.current_arn(PARAMETER) == "a"


def test_reading_anew_does_not_wait_for_the_minute(clock: Clock, parameter: dict[str, str]) -> None:
    flow_definition.current_arn(PARAMETER)
    parameter[PARAMETER] = "b"

    assert flow_definition.read_arn(PARAMETER) == "b"
    assert flow_definition.current_arn(PARAMETER) == "b"


def test_minute_begins_when_it_was_asked_for(
    aws: FakeAws, clock: Clock, parameter: dict[str, str]
) -> None:
    def slow(_given: dict[str, str]) -> dict[str, dict[str, str]]:
        clock.time += 30
        return {"Parameter": {"Value": "a"}}

    aws.operations["GetParameter"] = slow
    flow_definition.current_arn(PARAMETER)
    clock.time += 30
    flow_definition.current_arn(PARAMETER)

    assert aws.names() == ["GetParameter"] * 2


def test_read_that_fails_is_not_remembered(
    aws: FakeAws, clock: Clock, parameter: dict[str, str]
) -> None:
    answer = aws.operations["GetParameter"]

    def refuse(_given: dict[str, str]) -> dict[str, str]:
        raise RefusalError("ParameterNotFound")

    aws.operations["GetParameter"] = refuse
    with pytest.raises(flow_definition.ssm.exceptions.ParameterNotFound):
        flow_definition.current_arn(PARAMETER)

    aws.operations["GetParameter"] = answer
    assert flow_definition.current_arn(PARAMETER) == "a"
