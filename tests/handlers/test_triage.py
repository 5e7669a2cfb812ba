"""Triage as a whole, by SQS and by direct invocation."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from review_triage import dead_letter, endpoint, flow_definition, human_loop, record
from review_triage.handler import handle
from tests.handlers.conftest import LogLines
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters, RefusalError, streamed

DEAD_LETTERS = "https://sqs.eu-west-1.amazonaws.com/111122223333/refused"
SURE = {"id": "sure", "input": "great", "prediction": {"label": 1, "confidence": 0.9}}
UNSURE = {"id": "unsure", "input": "hm", "prediction": {"label": 0, "confidence": 0.89}}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The function's environment."""
    for name, value in {
        "WORKFLOW": "sentiment",
        "FLOW_DEFINITION_PARAMETER": "/human-review/sentiment/flow-definition-arn",
        "BUCKET": "results",
        "DEAD_LETTER_QUEUE_URL": DEAD_LETTERS,
        "THRESHOLD": "0.9",
        "AUDIT_PERCENTAGE": "0",
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def buckets(aws: FakeAws, environment: pytest.MonkeyPatch) -> Iterator[FakeBuckets]:
    """S3 with nothing in it, and beside it an A2I and an SQS that take everything."""
    flow_definition._arns.clear()
    aws.operations |= {
        "GetParameter": lambda _: {"Parameter": {"Value": "arn:aws:sagemaker:…"}},
        "StartHumanLoop": lambda _: {"HumanLoopArn": "arn:…"},
        "DescribeHumanLoop": lambda _: {"HumanLoopStatus": "InProgress"},
        "SendMessage": lambda _: {"MessageId": "1"},
    }
    with ExitStack() as stack:
        for client in (
            dead_letter.sqs,
            endpoint.sagemaker_runtime,
            flow_definition.ssm,
            human_loop.sagemaker_a2i_runtime,
            record.s3,
        ):
            stack.enter_context(aws.behind(client))
        yield FakeBuckets(aws)


def batch(*bodies: Any) -> dict[str, Any]:
    """SQS messages, numbered from 0."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {
        "Records": [{"messageId": str(number), "body": text} for number, text in enumerate(texts)]
    }


def refuse(code: str, status: int = 400) -> Any:
    """An operation that answers with an error."""

    def operation(_given: Parameters) -> dict[str, Any]:
        raise RefusalError(code, status=status)

    return operation


def test_sure_prediction_is_recorded_as_accepted(aws: FakeAws, buckets: FakeBuckets) -> None:
    assert handle(batch(SURE), None) == {"batchItemFailures": []}

    ((place, body),) = buckets.objects.items()
    assert place == ("results", "accepted/c0cafcf0e2d6a236aca78b03.json")
    assert body.endswith(b"}\n")
    assert json.loads(body) == {
        "workflow": "sentiment",
        "item_id": "sure",
        "route": "accepted",
        "input": "great",
        "prediction": {"label": 1, "confidence": 0.9},
        "model": None,
    }
    assert "StartHumanLoop" not in aws.names()


def test_unsure_prediction_is_asked(aws: FakeAws, buckets: FakeBuckets) -> None:
    assert handle(batch(UNSURE), None) == {"batchItemFailures": []}

    (started,) = aws.parameters("StartHumanLoop")
    assert json.loads(started["HumanLoopInput"]["InputContent"])["taskObject"] == "hm"
    assert list(buckets.objects) == [("results", f"requests/{started['HumanLoopName']}.json")]


def test_audited_prediction_is_asked(environment: pytest.MonkeyPatch, buckets: FakeBuckets) -> None:
    environment.setenv("AUDIT_PERCENTAGE", "100")

    (result,) = handle(SURE, None)["results"]

    assert result["route"] == "audit"
    assert result["human_loop_name"].startswith("sentiment-")


def test_direct_invocation_answers_for_each_item(buckets: FakeBuckets) -> None:
    bad = {"id": "bad", "input": "x", "prediction": {"label": 1, "confidence": 7}}

    answer = handle({"items": [SURE, UNSURE, bad]}, None)

    name = human_loop.human_loop_name("sentiment", "results", "unsure")
    assert json.loads(json.dumps(answer)) == {
        "results": [
            {"id": "sure", "route": "accepted", "prediction": {"label": 1, "confidence": 0.9}},
            {
                "id": "unsure",
                "route": "confidence",
                "prediction": {"label": 0, "confidence": 0.89},
                "human_loop_name": name,
            },
            {
                "id": "bad",
                "route": "refused",
                "reason": "prediction must have a confidence from 0 to 1, got 7",
            },
        ]
    }


def test_direct_invocation_takes_one_item(buckets: FakeBuckets) -> None:
    assert [result["id"] for result in handle(SURE, None)["results"]] == ["sure"]


def test_direct_invocation_with_items_that_are_none_is_refused(buckets: FakeBuckets) -> None:
    with pytest.raises(TypeError, match="items must be an array, got dict"):
        handle({"items": SURE}, None)


@pytest.fixture
def model(environment: pytest.MonkeyPatch) -> None:
    """An endpoint that is asked for what has no prediction."""
    model = {
        "endpoint_name": "sentiment",
        "content_type": "application/json",
        "accept": "application/json",
        "request": "$input",
        "response": {"label": "label", "confidence": "score"},
    }
    environment.setenv("MODEL", json.dumps(model))


def answer(aws: FakeAws, body: bytes) -> None:
    """Have the endpoint answer so."""
    aws.operations["InvokeEndpoint"] = lambda _: {
        "Body": streamed(body),
        "ContentType": "application/json",
    }


def test_input_without_prediction_goes_to_the_endpoint(
    aws: FakeAws, model: None, buckets: FakeBuckets
) -> None:
    answer(aws, b'{"label": "positive", "score": 0.95}')

    (result,) = handle({"input": "great"}, None)["results"]

    assert result["prediction"] == {"label": "positive", "confidence": 0.95}
    (body,) = buckets.objects.values()
    assert json.loads(body)["model"] == "sentiment"


@pytest.mark.parametrize("score", [b"0.95", b"0.2"], ids=["accepted", "asked"])
def test_endpoint_is_asked_once_for_an_item(
    aws: FakeAws, model: None, buckets: FakeBuckets, score: bytes
) -> None:
    answer(aws, b'{"label": "positive", "score": ' + score + b"}")

    assert handle({"input": "great"}, None) == handle({"input": "great"}, None)
    assert aws.names().count("InvokeEndpoint") == 1


@pytest.mark.parametrize("label", [b'"\\ud800"', b"1e999", b'[{"a": "\\udfff"}]'])
def test_label_that_cannot_be_kept_does_not_hold_up_the_batch(
    aws: FakeAws, model: None, buckets: FakeBuckets, label: bytes
) -> None:
    answer(aws, b'{"label": ' + label + b', "score": 0.95}')

    assert handle(batch({"input": "great"}, SURE), None) == {"batchItemFailures": []}

    (sent,) = aws.parameters("SendMessage")
    reason = sent["MessageAttributes"]["Reason"]["StringValue"]
    assert reason.startswith("the label of endpoint sentiment cannot be kept: it holds ")
    assert len(buckets.objects) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{oops", "the message cannot be read: it is not valid JSON"),
        ('{"input": NaN}', "it holds NaN"),
        ('{"input": 1e999}', "it holds NaN or Infinity"),
        ("[" * 100_000, "it is nested too deep"),
        ('{"input": "x", "prediction": {"label": 1}}', "must have a number as confidence"),
        ('{"input": "x"}', "must have a prediction, as the workflow has no endpoint"),
    ],
)
def test_what_can_never_work_is_put_aside_with_the_reason(
    aws: FakeAws, buckets: FakeBuckets, body: str, reason: str
) -> None:
    assert handle(batch(body), None) == {"batchItemFailures": []}

    (sent,) = aws.parameters("SendMessage")
    assert (sent["QueueUrl"], sent["MessageBody"]) == (DEAD_LETTERS, body)
    attributes = sent["MessageAttributes"]
    assert reason in attributes["Reason"]["StringValue"]
    assert attributes["Workflow"] == {"DataType": "String", "StringValue": "sentiment"}
    assert not buckets.objects


def test_input_too_big_for_a_person_is_put_aside_shortened(
    aws: FakeAws, buckets: FakeBuckets
) -> None:
    big = {**UNSURE, "input": "🐎" * 1_000_000}

    (result,) = handle(big, None)["results"]

    assert result["route"] == "refused"
    assert "takes 3145728 bytes of input" in result["reason"]
    (sent,) = aws.parameters("SendMessage")
    assert len(sent["MessageBody"].encode()) < 1_048_576


def test_body_is_cut_between_characters() -> None:
    cut = dead_letter.shortened("🐎" * 300_000)

    assert 1_040_000 < len(cut.encode()) <= 1_048_576 - 4096
    assert set(cut) == {"🐎"}
    assert dead_letter.shortened("short") == "short"


def test_reason_holds_only_what_sqs_takes(aws: FakeAws, buckets: FakeBuckets) -> None:
    handle({"input": "x", "\uffff\x00é" * 2000: 1}, None)

    (sent,) = aws.parameters("SendMessage")
    reason = sent["MessageAttributes"]["Reason"]["StringValue"]
    assert reason.isascii()
    assert reason.isprintable()
    assert len(reason) <= 1024
    assert sent["MessageBody"].isascii()


def test_too_big_an_input_may_be_accepted(buckets: FakeBuckets) -> None:
    (result,) = handle({**SURE, "input": "a" * 4_000_000}, None)["results"]

    assert result["route"] == "accepted"


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("StartHumanLoop", "ThrottlingException", 429),
        ("StartHumanLoop", "ServiceQuotaExceededException", 402),
        ("StartHumanLoop", "InternalServerException", 500),
        ("PutObject", "SlowDown", 503),
        ("GetObject", "SlowDown", 503),
        ("GetObject", "AccessDenied", 403),
        ("GetParameter", "AccessDeniedException", 400),
    ],
)
def test_what_may_work_later_is_delivered_again(
    aws: FakeAws, buckets: FakeBuckets, operation: str, code: str, status: int
) -> None:
    aws.operations[operation] = refuse(code, status)

    assert handle(batch(UNSURE), None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert "SendMessage" not in aws.names()


def test_one_fault_does_not_hold_up_the_batch(aws: FakeAws, buckets: FakeBuckets) -> None:
    aws.operations["StartHumanLoop"] = refuse("ThrottlingException", 429)

    answer = handle(batch(SURE, UNSURE, "{oops"), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert any(key.startswith("accepted/") for _, key in buckets.objects)
    assert len(aws.parameters("SendMessage")) == 1


def test_dead_letter_queue_that_is_down_loses_nothing(aws: FakeAws, buckets: FakeBuckets) -> None:
    aws.operations["SendMessage"] = refuse("ServiceUnavailable", 503)

    assert handle(batch("{oops"), None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_message_delivered_twice_asks_once(aws: FakeAws, buckets: FakeBuckets) -> None:
    handle(batch(UNSURE, UNSURE), None)
    handle(batch(UNSURE), None)

    assert aws.names().count("StartHumanLoop") == 1
    assert len(buckets.objects) == 1


def predicted(item: dict[str, Any], label: int, confidence: float) -> dict[str, Any]:
    """The item as a model sees it that has changed its mind."""
    return {**item, "prediction": {"label": label, "confidence": confidence}}


def test_item_that_a_person_is_asked_about_is_never_accepted_too(buckets: FakeBuckets) -> None:
    asked = handle(UNSURE, None)

    assert handle(predicted(UNSURE, 1, 0.93), None) == asked
    assert not any(key.startswith("accepted/") for _, key in buckets.objects)


def test_item_that_was_accepted_is_never_asked_about_too(
    aws: FakeAws, buckets: FakeBuckets
) -> None:
    accepted = handle(SURE, None)
    before = dict(buckets.objects)

    assert handle(predicted(SURE, 0, 0.2), None) == accepted
    assert handle(predicted(SURE, 0, 0.99), None) == accepted
    assert buckets.objects == before
    assert "StartHumanLoop" not in aws.names()


def test_of_two_that_accept_an_item_at_once_the_first_counts(
    aws: FakeAws, buckets: FakeBuckets
) -> None:
    accepted = handle(SURE, None)
    before, read = dict(buckets.objects), aws.operations["GetObject"]
    calls = len(aws.calls)

    def behind(given: Parameters) -> dict[str, Any]:
        if "PutObject" not in aws.names()[calls:]:
            raise RefusalError("NoSuchKey", status=404)
        return read(given)

    aws.operations["GetObject"] = behind

    assert handle(predicted(SURE, 0, 0.99), None) == accepted
    assert buckets.objects == before


@pytest.mark.parametrize("item", [SURE, UNSURE], ids=["accepted", "asked"])
@pytest.mark.parametrize("confidence", [0.2, 0.99])
def test_id_used_for_another_input_is_refused(
    buckets: FakeBuckets, item: dict[str, Any], confidence: float
) -> None:
    handle(item, None)
    before = dict(buckets.objects)

    (result,) = handle({**predicted(item, 1, confidence), "input": "other"}, None)["results"]

    assert result["reason"] == "id is that of an earlier item with another input"
    assert buckets.objects == before


def test_accepting_costs_two_reads_and_one_write(aws: FakeAws, buckets: FakeBuckets) -> None:
    handle(SURE, None)

    assert aws.names() == ["GetObject", "GetObject", "PutObject"]


def test_counts_say_where_each_item_went(
    environment: pytest.MonkeyPatch, buckets: FakeBuckets, log_lines: LogLines
) -> None:
    handle(batch(SURE, UNSURE, "{oops", {**SURE, "id": "another"}), None)

    metrics = log_lines()[-1]
    assert metrics["Workflow"] == "sentiment"
    assert (metrics["Accepted"], metrics["ReviewsStarted"], metrics["Refused"]) == (2, 1, 1)


def test_log_names_the_item_and_never_what_is_in_it(
    aws: FakeAws, buckets: FakeBuckets, log_lines: LogLines
) -> None:
    secret = {"id": "17", "input": "secret", "prediction": {"label": "secret", "confidence": 0}}
    broken = {**secret, "prediction": {"label": "secret", "confidence": "secret"}}
    handle(batch(secret, broken, '{"input": "secret" "secret"}'), None)
    aws.operations["DescribeHumanLoop"] = refuse("ThrottlingException", 429)
    handle(batch(secret), None)

    lines = log_lines()
    assert lines[0]["item_id"] == "17"
    assert lines[0]["human_loop"].startswith("sentiment-")
    assert any(line.get("code") == "ThrottlingException" for line in lines)
    assert "secret" not in json.dumps(lines)
