"""Collect as a whole: from an event to a label record."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from review_collect import bucket, template
from review_collect.handler import handle
from tests.handlers.conftest import LogLines
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters, RefusalError
from tests.handlers.request_record import REQUEST

LOOP = "sentiment-0123456789abcdef01234567-1"
FLOW_DEFINITION = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/sentiment--0123456789"
OUTPUT_KEY = f"a2i/sentiment--0123456789/2026/11/21/23/59/59/{LOOP}/output.json"
LABEL_KEY = f"labels/2026/11/21/{LOOP}.json"


def an_answer(worker: str, label: Any, **more: Any) -> dict[str, Any]:
    return {
        "acceptanceTime": "2026-11-22T00:00:10.000Z",
        "answerContent": {"sentiment": {"label": label}},
        "submissionTime": "2026-11-22T00:00:22.300Z",
        "timeSpentInSeconds": 12.3,
        "workerId": worker,
        "workerMetadata": {"identityData": {"sub": "c6aa8eb7"}},
        **more,
    }


def an_event(status: str = "Completed", **changes: Any) -> dict[str, Any]:
    """The event of a loop's end."""
    detail = {
        "creationTime": "2026-11-21T23:59:59.740Z",
        "failureCode": None,
        "failureReason": None,
        "flowDefinitionArn": FLOW_DEFINITION,
        "humanLoopArn": f"arn:aws:sagemaker:eu-west-1:111122223333:human-loop/{LOOP}",
        "humanLoopName": LOOP,
        "humanLoopOutput": {"outputS3Uri": f"s3://results/{OUTPUT_KEY}"},
        "humanLoopStatus": status,
        **changes,
    }
    return {
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "detail": detail,
    }


def batch(*bodies: Any) -> dict[str, Any]:
    """SQS messages, numbered from 0."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {
        "Records": [{"messageId": str(number), "body": text} for number, text in enumerate(texts)]
    }


FAILED = {"batchItemFailures": [{"itemIdentifier": "0"}]}
DONE: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The function's environment."""
    monkeypatch.setenv("WORKFLOW", "sentiment")
    monkeypatch.setenv("BUCKET", "results")
    monkeypatch.setenv("LABEL", "sentiment.label")
    return monkeypatch


@pytest.fixture
def buckets(aws: FakeAws, environment: pytest.MonkeyPatch) -> Iterator[FakeBuckets]:
    """A bucket with triage's request in it, beside a flow definition with tags."""
    tags = [
        {"Key": "team", "Value": "ml"},
        {"Key": "human-review:template-sha256", "Value": "ab" * 32},
    ]
    aws.operations["ListTags"] = lambda _: {"Tags": tags}
    with aws.behind(bucket.s3), aws.behind(template.sagemaker):
        filled = FakeBuckets(aws)
        filled.objects["results", f"requests/{LOOP}.json"] = json.dumps(REQUEST).encode()
        yield filled


def put_output(buckets: FakeBuckets, *answers: dict[str, Any], **more: Any) -> None:
    output = {
        "flowDefinitionArn": FLOW_DEFINITION,
        "humanAnswers": answers,
        "humanLoopName": LOOP,
        "inputContent": REQUEST,
        **more,
    }
    buckets.objects["results", OUTPUT_KEY] = json.dumps(output).encode()


def label_record(buckets: FakeBuckets) -> dict[str, Any]:
    """The record that was written."""
    text = buckets.objects["results", LABEL_KEY].decode()
    assert text.count("\n") == 1
    record = json.loads(text)
    assert isinstance(record, dict)
    return record


def test_answer_becomes_a_label_record(buckets: FakeBuckets) -> None:
    put_output(buckets, an_answer("ef72", "1"))

    assert handle(batch(an_event()), None) == DONE

    expected = {
        "workflow": "sentiment",
        "item_id": "review-17",
        "status": "Completed",
        "input": "not bad",
        "prediction": {"label": 0, "confidence": 0.5},
        "model": "m-1",
        "route": "confidence",
        "label": "1",
        "consensus": {"method": "majority", "reached": True, "label": "1", "agreement": None},
        "answers": [
            {
                "worker_id": "ef72",
                "label": "1",
                "answer": {"sentiment": {"label": "1"}},
                "accepted_at": "2026-11-22T00:00:10.000Z",
                "submitted_at": "2026-11-22T00:00:22.300Z",
                "seconds": 12.3,
            }
        ],
        "human_loop_name": LOOP,
        "attempt": 1,
        "flow_definition_arn": FLOW_DEFINITION,
        "template_sha256": "ab" * 32,
        "created_at": "2026-11-21T23:59:59.740Z",
        "output_uri": f"s3://results/{OUTPUT_KEY}",
        "failure_code": None,
        "failure_reason": None,
    }
    record = label_record(buckets)
    assert record == expected
    assert list(record) == list(expected)


@pytest.mark.parametrize(
    ("labels", "agreed"),
    [
        (["1", "1", "1"], "1"),
        (["1", "0", "1"], "1"),
        (["1", "0"], None),
        ([1, True], None),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], {"a": 1, "b": 2}),
        ([None, None], None),
        ([], None),
    ],
    ids=[
        "same",
        "one of three differs",
        "one of two differs",
        "true is not 1",
        "same object",
        "none",
        "no answers",
    ],
)
def test_label_is_what_more_than_half_say(
    buckets: FakeBuckets, labels: list[Any], agreed: Any
) -> None:
    put_output(buckets, *(an_answer(f"w{n}", label) for n, label in enumerate(labels)))

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert record["label"] == record["consensus"]["label"] == agreed
    assert [answer["label"] for answer in record["answers"]] == labels
    assert [answer["worker_id"] for answer in record["answers"]] == [
        f"w{n}" for n in range(len(labels))
    ]


@pytest.mark.parametrize(
    ("method", "label", "agreement"),
    [("majority", None, 0.5), ("mean", 4.5, 0.5), ("iou", None, None), ("ranks", None, None)],
)
def test_workflow_says_how_answers_become_one(
    environment: pytest.MonkeyPatch,
    buckets: FakeBuckets,
    method: str,
    label: float | None,
    agreement: float | None,
) -> None:
    environment.setenv("CONSENSUS", method)
    put_output(buckets, an_answer("ef72", 4), an_answer("a1b2", 5))

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert record["consensus"] == {
        "method": method,
        "reached": label is not None,
        "label": label,
        "agreement": agreement,
    }
    assert record["label"] == label


@pytest.mark.parametrize("path", ["", "no.such.path", "max(sentiment.label)"])
def test_answers_are_kept_when_no_label_is_found_in_them(
    environment: pytest.MonkeyPatch, buckets: FakeBuckets, path: str
) -> None:
    environment.setenv("LABEL", path)
    put_output(buckets, an_answer("ef72", "1"))

    assert handle(batch(an_event()), None) == DONE

    record = label_record(buckets)
    assert record["label"] is None
    assert record["answers"][0]["answer"] == {"sentiment": {"label": "1"}}


def test_older_answer_without_times_is_kept(buckets: FakeBuckets) -> None:
    put_output(buckets, {"workerId": "ef72", "answerContent": {"sentiment": {"label": "1"}}})

    handle(batch(an_event()), None)

    assert label_record(buckets)["answers"][0]["seconds"] is None


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [("Failed", "Expired", "nobody took it"), ("Stopped", None, None)],
)
def test_loop_without_answers_keeps_its_input(
    buckets: FakeBuckets, status: str, code: str | None, reason: str | None
) -> None:
    event = an_event(status, humanLoopOutput=None, failureCode=code, failureReason=reason)

    assert handle(batch(event), None) == DONE

    record = label_record(buckets)
    assert (record["status"], record["input"], record["label"]) == (status, "not bad", None)
    assert (record["failure_code"], record["failure_reason"]) == (code, reason)
    assert (record["answers"], record["output_uri"]) == ([], None)


def test_stopped_loop_may_name_an_output_that_is_not_there(buckets: FakeBuckets) -> None:
    assert handle(batch(an_event("Stopped")), None) == DONE

    assert label_record(buckets)["answers"] == []


def test_completed_loop_must_have_an_output(buckets: FakeBuckets) -> None:
    assert handle(batch(an_event()), None) == FAILED
    assert handle(batch(an_event(humanLoopOutput=None)), None) == FAILED
    assert ("results", LABEL_KEY) not in buckets.objects


def test_loop_that_triage_did_not_start_has_its_input_from_the_output(
    buckets: FakeBuckets,
) -> None:
    del buckets.objects["results", f"requests/{LOOP}.json"]
    put_output(buckets, an_answer("ef72", "1"), inputContent={"text": "x", "item": "pen"})

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert record["input"] == {"text": "x", "item": "pen"}
    assert (record["item_id"], record["prediction"], record["attempt"]) == (None, None, None)


MODERATION = "AWS/Rekognition/DetectModerationLabels/Image/V3"
FORMS = "AWS/Textract/AnalyzeDocument/Forms/V1"
BUILT_IN = {
    MODERATION: {
        "aiServiceRequest": {
            "image": {"s3Object": {"bucket": "photos", "name": "beach.jpg"}},
            "humanLoopConfig": {"humanLoopName": LOOP, "flowDefinitionArn": FLOW_DEFINITION},
        },
        "aiServiceResponse": {
            "moderationLabels": [
                {"name": "Suggestive", "parentName": "", "confidence": 98.5},
                {"name": "Revealing Clothes", "parentName": "Suggestive", "confidence": 61.25},
            ],
            "moderationModelVersion": "7.0",
        },
        "humanTaskActivationConditionResults": {"Conditions": []},
        "selectedAiServiceResponse": {"moderationLabels": []},
    },
    FORMS: {
        "aiServiceRequest": {
            "document": {"s3Object": {"bucket": "forms", "name": "p/1.png"}},
            "featureTypes": ["FORMS"],
        },
        "aiServiceResponse": {
            "blocks": [
                {
                    "id": "key",
                    "blockType": "KEY_VALUE_SET",
                    "entityTypes": ["KEY"],
                    "confidence": 71.5,
                    "relationships": [
                        {"type": "VALUE", "ids": ["value"]},
                        {"type": "CHILD", "ids": ["name", "colon"]},
                    ],
                },
                {
                    "id": "value",
                    "blockType": "KEY_VALUE_SET",
                    "entityTypes": ["VALUE"],
                    "confidence": 20.0,
                    "relationships": [{"type": "CHILD", "ids": ["ann"]}],
                },
                {"id": "name", "blockType": "WORD", "text": "Your"},
                {"id": "colon", "blockType": "WORD", "text": "name:"},
                {"id": "ann", "blockType": "WORD", "text": "Ann"},
            ]
        },
    },
}


@pytest.mark.parametrize(
    ("source", "given", "found"),
    [
        (
            MODERATION,
            {"bucket": "photos", "key": "beach.jpg"},
            {"label": ["Suggestive", "Revealing Clothes"], "confidence": 0.6125},
        ),
        (
            FORMS,
            {"bucket": "forms", "key": "p/1.png"},
            {"label": {"Your name:": "Ann"}, "confidence": 0.715},
        ),
    ],
)
def test_loop_that_a_service_started_has_its_input_and_prediction_from_the_output(
    environment: pytest.MonkeyPatch,
    buckets: FakeBuckets,
    source: str,
    given: dict[str, str],
    found: dict[str, Any],
) -> None:
    environment.setenv("LABEL", f'"{source}".moderationLabels[].name')
    del buckets.objects["results", f"requests/{LOOP}.json"]
    answer = an_answer("ef72", None, answerContent={source: {"moderationLabels": [{"name": "x"}]}})
    put_output(
        buckets,
        answer,
        inputContent=BUILT_IN[source],
        awsManagedHumanLoopRequestSource=source,
    )

    assert handle(batch(an_event()), None) == DONE

    record = label_record(buckets)
    assert (record["input"], record["prediction"]) == (given, found)
    assert (record["model"], record["route"], record["item_id"]) == (source, "activated", None)
    assert record["label"] == ["x"]


def test_request_that_triage_left_without_a_prediction_gets_it_from_the_output(
    buckets: FakeBuckets,
) -> None:
    request = {
        "taskObject": {"bucket": "photos", "key": "beach.jpg"},
        "item": {"id": "photo-1", "model": MODERATION, "route": "activated"},
    }
    buckets.objects["results", f"requests/{LOOP}.json"] = json.dumps(request).encode()
    put_output(buckets, an_answer("ef72", "1"), inputContent=BUILT_IN[MODERATION])

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert record["item_id"] == "photo-1"
    assert record["prediction"]["confidence"] == 0.6125


@pytest.mark.parametrize(
    ("response", "prediction"),
    [
        (None, None),
        ({}, None),
        ({"moderationLabels": []}, {"label": [], "confidence": None}),
        ({"blocks": []}, {"label": {}, "confidence": None}),
    ],
)
def test_service_that_found_nothing_has_no_confidence(
    buckets: FakeBuckets, response: Any, prediction: Any
) -> None:
    del buckets.objects["results", f"requests/{LOOP}.json"]
    content = {"aiServiceRequest": {"image": {"bytes": "…"}}, "aiServiceResponse": response}
    put_output(buckets, an_answer("ef72", "1"), inputContent=content)

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert record["prediction"] == prediction
    assert record["input"] == {"image": {"bytes": "…"}}


def test_lost_request_is_found_in_the_output(buckets: FakeBuckets) -> None:
    del buckets.objects["results", f"requests/{LOOP}.json"]
    put_output(buckets, an_answer("ef72", "1"))

    handle(batch(an_event()), None)

    record = label_record(buckets)
    assert (record["item_id"], record["input"]) == ("review-17", "not bad")


def test_failed_loop_of_unknown_input_is_recorded(buckets: FakeBuckets) -> None:
    del buckets.objects["results", f"requests/{LOOP}.json"]

    assert handle(batch(an_event("Failed", humanLoopOutput=None)), None) == DONE
    assert label_record(buckets)["input"] is None


def test_event_delivered_twice_changes_nothing(
    aws: FakeAws, buckets: FakeBuckets, log_lines: LogLines
) -> None:
    put_output(buckets, an_answer("ef72", "1"))
    handle(batch(an_event()), None)
    before = buckets.objects["results", LABEL_KEY]
    assert log_lines()[-1]["LabelsCollected"] == 1

    # By now the flow definition is gone, and its tags with it.
    refuse(aws, "ListTags", "ResourceNotFound")
    assert handle(batch(an_event()), None) == DONE

    assert buckets.objects["results", LABEL_KEY] == before
    assert log_lines()[-1]["LabelsCollected"] == 0


def refuse(aws: FakeAws, operation: str, code: str) -> None:
    """Have an operation answer with an error from now on."""

    def answer(_given: Parameters) -> dict[str, Any]:
        raise RefusalError(code)

    aws.operations[operation] = answer


@pytest.mark.parametrize("code", ["ResourceNotFound", "ValidationException"])
def test_flow_definition_that_is_gone_leaves_the_template_open(
    aws: FakeAws, buckets: FakeBuckets, code: str
) -> None:
    put_output(buckets, an_answer("ef72", "1"))
    refuse(aws, "ListTags", code)

    assert handle(batch(an_event()), None) == DONE
    assert label_record(buckets)["template_sha256"] is None


@pytest.mark.parametrize("operation", ["ListTags", "GetObject", "PutObject"])
@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDenied"])
def test_fault_is_delivered_again(
    aws: FakeAws, buckets: FakeBuckets, operation: str, code: str
) -> None:
    put_output(buckets, an_answer("ef72", "1"))
    refuse(aws, operation, code)

    assert handle(batch(an_event()), None) == FAILED
    assert ("results", LABEL_KEY) not in buckets.objects


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{oops", "the event cannot be read"),
        ("[]", "must have the detail-type"),
        ({"detail-type": "Object Created"}, "must have the detail-type"),
        ({**an_event(), "detail": None}, "must have a detail"),
        (an_event("InProgress"), "one of Completed, Failed, Stopped, got InProgress"),
        (an_event(humanLoopStatus=None), "must have a humanLoopStatus"),
        (an_event(humanLoopName="../labels"), "must be a human loop's name, got '../labels'"),
        (an_event(humanLoopName="a" * 64), "must be a human loop's name"),
        (an_event(humanLoopName=f"{LOOP}\n"), "must be a human loop's name"),
        (an_event(creationTime="yesterday"), "must be an ISO 8601 time, got 'yesterday'"),
        (an_event(creationTime=None), "must have a creationTime"),
        (an_event(failureReason=7), "failureReason must be a string, got int"),
        (an_event(humanLoopOutput="s3://results/x"), "humanLoopOutput must be an object"),
        (
            an_event(flowDefinitionArn=FLOW_DEFINITION.replace("sentiment--", "sentiment-b--")),
            "must be one of sentiment, got arn",
        ),
        (an_event(flowDefinitionArn="sentiment--1"), "must be one of sentiment"),
        (
            an_event(humanLoopOutput={"outputS3Uri": f"s3://another/{OUTPUT_KEY}"}),
            "must be in s3://results, got s3://another/",
        ),
        (
            an_event(humanLoopOutput={"outputS3Uri": f"https://results/{OUTPUT_KEY}"}),
            "must be in s3://results",
        ),
    ],
)
def test_unusable_event_is_left_to_the_dead_letter_queue(
    buckets: FakeBuckets, log_lines: LogLines, body: Any, reason: str
) -> None:
    assert handle(batch(body), None) == FAILED

    assert reason in log_lines()[0]["reason"]
    assert ("results", LABEL_KEY) not in buckets.objects


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (b"{oops", "it is not valid JSON"),
        (b"[]", "it must be a JSON object"),
        (b"{}", "must have a list of humanAnswers"),
        (b'{"humanAnswers": [7]}', "must have a list of humanAnswers"),
        (
            b'{"humanAnswers": [{"answerContent": {"x": "\\ud800"}}], "inputContent": {}}',
            "it holds half of a surrogate pair",
        ),
        (
            b'{"humanAnswers": [{"answerContent": {"sentiment": {"label": "\\ud800"}}}]}',
            "it holds half of a surrogate pair",
        ),
    ],
)
def test_unusable_output_gives_a_record_that_says_so(
    buckets: FakeBuckets, log_lines: LogLines, output: bytes, reason: str
) -> None:
    buckets.objects["results", OUTPUT_KEY] = output

    assert handle(batch(an_event()), None) == DONE

    record = label_record(buckets)
    assert (record["status"], record["input"]) == ("Completed", "not bad")
    assert (record["label"], record["answers"]) == (None, [])
    assert record["failure_code"] == "Unusable"
    assert record["failure_reason"].startswith("the output cannot be used: ")
    assert reason in record["failure_reason"]
    metrics = log_lines()[-1]
    assert (metrics["LabelsCollected"], metrics["LoopsFailed"]) == (0, 1)


def test_label_that_json_does_not_have_is_none(
    environment: pytest.MonkeyPatch, buckets: FakeBuckets
) -> None:
    environment.setenv("LABEL", "to_number(sentiment.label)")
    put_output(buckets, an_answer("ef72", "nan"))

    assert handle(batch(an_event()), None) == DONE

    record = label_record(buckets)
    assert (record["label"], record["failure_code"]) == (None, None)
    assert record["answers"][0]["answer"] == {"sentiment": {"label": "nan"}}


def test_request_that_cannot_be_read_is_left_to_the_dead_letter_queue(
    buckets: FakeBuckets, log_lines: LogLines
) -> None:
    put_output(buckets, an_answer("ef72", "1"))
    buckets.objects["results", f"requests/{LOOP}.json"] = b"[]"

    assert handle(batch(an_event()), None) == FAILED
    assert f"requests/{LOOP}.json cannot be read" in log_lines()[0]["reason"]


def test_one_bad_event_does_not_hold_up_the_batch(
    buckets: FakeBuckets, log_lines: LogLines
) -> None:
    put_output(buckets, an_answer("ef72", "1"))
    names = ["sentiment-a-1", "sentiment-b-1"]
    ends = [
        an_event("Failed", humanLoopName=names[0], humanLoopOutput=None),
        an_event("Stopped", humanLoopName=names[1], humanLoopOutput=None),
    ]

    answer = handle(batch("{oops", an_event(), *ends), None)

    assert answer == FAILED
    metrics = log_lines()[-1]
    assert metrics["Workflow"] == "sentiment"
    counted = metrics["LabelsCollected"], metrics["LoopsFailed"], metrics["LoopsStopped"]
    assert counted == (1, 1, 1)


def test_day_of_a_record_is_utc(buckets: FakeBuckets) -> None:
    event = an_event("Stopped", humanLoopOutput=None, creationTime="2026-11-22T00:30:00+01:00")

    handle(batch(event), None)

    assert ("results", LABEL_KEY) in buckets.objects


def test_log_never_holds_an_answer(buckets: FakeBuckets, log_lines: LogLines) -> None:
    put_output(buckets, an_answer("ef72", "secret"), inputContent={"text": "secret"})

    handle(batch(an_event()), None)

    assert "secret" not in json.dumps(log_lines())
