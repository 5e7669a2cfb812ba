"""Asking people: names, what is recorded first, and retries."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from review_triage import flow_definition, human_loop, record
from review_triage.item import Item, Prediction, RefusedError
from review_triage.route import Route
from review_triage.settings import Settings
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters, RefusalError
from tests.handlers.request_record import REQUEST

SETTINGS = Settings(
    workflow="sentiment",
    flow_definition_parameter="/human-review/sentiment/flow-definition-arn",
    bucket="results",
    dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/111122223333/refused",
    threshold=0.9,
    audit_percentage=0,
    model=None,
)
ITEM = Item("review-17", "not bad", None)
PREDICTION = Prediction(0, 0.5, "m-1")
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/sentiment--"
HUMAN_LOOP_NAME = re.compile(r"[a-z0-9](-*[a-z0-9])*")


class FakeHumanLoops:
    """A2I's runtime, and the parameter that names the current flow definition."""

    def __init__(self, aws: FakeAws) -> None:
        self.current = ARN + "1"
        self.contents: dict[str, str] = {}
        aws.operations |= {
            "GetParameter": lambda _: {"Parameter": {"Value": self.current}},
            "StartHumanLoop": self._start,
            "DescribeHumanLoop": self._describe,
        }

    def _start(self, given: Parameters) -> dict[str, str]:
        if given["FlowDefinitionArn"] != self.current:
            raise RefusalError("ValidationException", "the flow definition does not exist")
        name, content = given["HumanLoopName"], given["HumanLoopInput"]["InputContent"]
        if self.contents.setdefault(name, content) != content:
            raise RefusalError("ConflictException", status=409)
        return {"HumanLoopArn": f"arn:…:human-loop/{name}"}

    def _describe(self, given: Parameters) -> dict[str, str]:
        if given["HumanLoopName"] not in self.contents:
            raise RefusalError("ResourceNotFoundException", status=404)
        return {"HumanLoopStatus": "Completed"}


@pytest.fixture
def loops(aws: FakeAws, buckets: FakeBuckets) -> Iterator[FakeHumanLoops]:
    """A2I with no loop, asked by a function that has just started."""
    flow_definition._arns.clear()
    with (
        aws.behind(human_loop.sagemaker_a2i_runtime),
        aws.behind(flow_definition.ssm),
        aws.behind(record.s3),
    ):
        yield FakeHumanLoops(aws)


def ask(item: Item = ITEM, prediction: Prediction = PREDICTION) -> str:
    return human_loop.ask(SETTINGS, item, prediction, Route.CONFIDENCE)[0]


@pytest.mark.parametrize(
    "workflow", ["s", "a" * 30, "a" * 40, "a" * 29 + "-b", "a" * 28 + "-" + "b" * 11]
)
@pytest.mark.parametrize("item_id", ["1", "Ž/🐎 ", "x" * 10_000])
def test_name_keeps_to_a2is_pattern_and_length(workflow: str, item_id: str) -> None:
    name = human_loop.human_loop_name(workflow, "results", item_id)

    assert HUMAN_LOOP_NAME.fullmatch(name)
    assert len(name) <= 63
    assert name.endswith("-1")


def test_name_is_the_same_for_the_same_item_and_no_other() -> None:
    name = human_loop.human_loop_name

    assert name("sentiment", "results", "a") == name("sentiment", "results", "a")
    assert name("sentiment", "results", "a") != name("sentiment", "results", "b")


def test_workflows_that_begin_alike_do_not_share_names() -> None:
    english, german = (
        "customer-support-tickets-in-the-english",
        "customer-support-tickets-in-the-ge",
    )
    assert english[:30] == german[:30]

    name = human_loop.human_loop_name
    assert name(english, "english", "a") != name(german, "german", "a")


def test_workflow_that_is_deployed_anew_asks_anew(aws: FakeAws, loops: FakeHumanLoops) -> None:
    before = ask()

    # The loops of the stack before this one have ended, and keep their names.
    anew = replace(SETTINGS, bucket="new-results")
    now, _ = human_loop.ask(anew, ITEM, PREDICTION, Route.CONFIDENCE)

    assert now != before
    assert [it["HumanLoopName"] for it in aws.parameters("StartHumanLoop")] == [before, now]


def test_request_is_recorded_before_the_loop_is_started(
    aws: FakeAws, buckets: FakeBuckets, loops: FakeHumanLoops
) -> None:
    name = ask()

    assert aws.names() == ["PutObject", "GetParameter", "StartHumanLoop"]
    recorded = buckets.objects["results", f"requests/{name}.json"].decode()
    assert recorded == loops.contents[name]
    assert json.loads(recorded) == REQUEST


def test_page_is_given_the_labels_of_a_workflow_that_has_some(loops: FakeHumanLoops) -> None:
    settings = replace(SETTINGS, labels=("good", "bad"))

    _, content = human_loop.ask(settings, ITEM, PREDICTION, Route.CONFIDENCE)

    assert content["labels"] == ["good", "bad"]


def test_flow_definition_is_looked_up_once(aws: FakeAws, loops: FakeHumanLoops) -> None:
    ask()
    ask(replace(ITEM, id="review-18"))

    assert aws.names().count("GetParameter") == 1


def test_flow_definition_is_looked_up_again_when_it_is_gone(
    aws: FakeAws, loops: FakeHumanLoops
) -> None:
    ask()
    loops.current = ARN + "2"

    ask(replace(ITEM, id="review-18"))

    assert aws.names().count("GetParameter") == 2
    assert aws.parameters("StartHumanLoop")[-1]["FlowDefinitionArn"] == ARN + "2"


def test_flow_definition_that_is_gone_for_good_fails(aws: FakeAws, loops: FakeHumanLoops) -> None:
    def refuse(_given: Parameters) -> dict[str, str]:
        raise RefusalError("ResourceNotFoundException", status=404)

    aws.operations["StartHumanLoop"] = refuse

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        ask()
    assert aws.names().count("StartHumanLoop") == 1
    assert aws.names().count("GetParameter") == 2


def test_same_item_again_asks_nobody_twice(aws: FakeAws, loops: FakeHumanLoops) -> None:
    assert ask() == ask()

    assert aws.names().count("StartHumanLoop") == 1


def test_retry_after_a_failed_start_asks_what_was_recorded(
    aws: FakeAws, loops: FakeHumanLoops
) -> None:
    start = aws.operations.pop("StartHumanLoop")

    def throttle(_given: Parameters) -> dict[str, str]:
        raise RefusalError("ThrottlingException", status=429)

    aws.operations["StartHumanLoop"] = throttle
    with pytest.raises(ClientError, match="ThrottlingException"):
        ask()
    aws.operations["StartHumanLoop"] = start

    # The model answers differently the second time.
    name, content = human_loop.ask(SETTINGS, ITEM, Prediction(1, 0.6, "m-2"), Route.CONFIDENCE)

    assert content["prediction"] == {"label": 0, "confidence": 0.5}
    assert json.loads(loops.contents[name]) == content


def test_loop_that_ends_before_its_start_is_heard_of_is_taken(
    aws: FakeAws, loops: FakeHumanLoops
) -> None:
    def conflict(given: Parameters) -> dict[str, str]:
        loops._start(given)
        raise RefusalError("ConflictException", "it is Completed", status=409)

    aws.operations["StartHumanLoop"] = conflict

    assert [ask()] == list(loops.contents)


def test_id_used_for_another_input_is_refused(aws: FakeAws, loops: FakeHumanLoops) -> None:
    name = ask()

    with pytest.raises(RefusedError, match="id is that of an earlier item with another input"):
        ask(replace(ITEM, input="quite bad"))
    assert json.loads(loops.contents[name])["taskObject"] == "not bad"


@pytest.mark.parametrize("letter", ["a", "é", "🐎"])
def test_input_content_is_limited_in_bytes(loops: FakeHumanLoops, letter: str) -> None:
    width = len(letter.encode())
    frame = human_loop.input_content(SETTINGS, replace(ITEM, input=""), PREDICTION, Route.AUDIT)
    room = 3_145_728 - len(json.dumps(frame, separators=(",", ":")).encode())
    fits = letter * (room // width) + "a" * (room % width)

    name = human_loop.ask(SETTINGS, replace(ITEM, input=fits), PREDICTION, Route.AUDIT)[0]
    assert len(loops.contents[name].encode()) == 3_145_728

    too_big = replace(ITEM, id="review-18", input=fits + "a")
    with pytest.raises(RefusedError, match="takes 3145728 bytes of input, got 3145729 bytes"):
        human_loop.ask(SETTINGS, too_big, PREDICTION, Route.AUDIT)


def test_what_is_too_big_leaves_no_record(buckets: FakeBuckets, loops: FakeHumanLoops) -> None:
    with pytest.raises(RefusedError, match="bytes of input"):
        ask(replace(ITEM, input="a" * 3_145_728))
    assert not buckets.objects
