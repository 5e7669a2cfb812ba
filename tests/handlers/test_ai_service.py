"""Triage of the built-in task types: the service predicts, and decides whether a person looks."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from review_triage import ai_service, dead_letter, flow_definition, human_loop, record
from review_triage.handler import handle
from tests.handlers.conftest import LogLines
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters, RefusalError

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/moderation--"
ITEM = {"id": "photo-17", "input": {"bucket": "images", "key": "a/Yoga.jpg"}}
NAME = human_loop.human_loop_name("moderation", "results", "photo-17")
REQUEST = ("results", f"requests/{NAME}.json")
LABELS = [
    {"Name": "Alcohol", "ParentName": "", "Confidence": 97.5, "TaxonomyLevel": 1},
    {"Name": "Gambling", "ParentName": "", "Confidence": 60.25, "TaxonomyLevel": 1},
]


def block(id_: str, type_: str, **others: Any) -> dict[str, Any]:
    return {"Id": id_, "BlockType": type_, "Confidence": 99.0, **others}


def key(id_: str, confidence: float, value: str, *words: str) -> dict[str, Any]:
    ties = [{"Type": "VALUE", "Ids": [value]}, {"Type": "CHILD", "Ids": list(words)}]
    tied = block(id_, "KEY_VALUE_SET", EntityTypes=["KEY"], Relationships=ties)
    return {**tied, "Confidence": confidence}


def value(id_: str, *children: str) -> dict[str, Any]:
    ties = [{"Type": "CHILD", "Ids": list(children)}] if children else []
    return block(id_, "KEY_VALUE_SET", EntityTypes=["VALUE"], Relationships=ties)


BLOCKS = [
    *(
        block(f"w{n}", "WORD", Text=text)
        for n, text in enumerate(["Full", "Name:", "Ana", "Silva", "Yes"])
    ),
    block("s", "SELECTION_ELEMENT", SelectionStatus="SELECTED"),
    block("w5", "WORD", Text="Signed:"),
    key("k1", 91.0, "v1", "w0", "w1"),
    value("v1", "w2", "w3"),
    key("k2", 72.5, "v2", "w4"),
    value("v2", "s"),
    key("k3", 88.0, "v3", "w5"),
    value("v3"),
]
TWO_PEOPLE = [
    *(block(f"w{n}", "WORD", Text=text) for n, text in enumerate(["Name:", "Ana", "Rui"])),
    key("k1", 91.0, "v1", "w0"),
    value("v1", "w1"),
    key("k2", 92.0, "v2", "w0"),
    value("v2", "w2"),
]


class FakeServices:
    """Rekognition and Textract, which ask a person or do not."""

    def __init__(self, aws: FakeAws) -> None:
        self.current = ARN + "1"
        self.asks = True
        self.labels: list[dict[str, Any]] = LABELS
        self.blocks: list[dict[str, Any]] = BLOCKS
        self.started: set[str] = set()
        aws.operations |= {
            "GetParameter": lambda _: {"Parameter": {"Value": self.current}},
            "DescribeHumanLoop": self._describe,
            "DetectModerationLabels": lambda given: {
                "ModerationLabels": self.labels,
                "HumanLoopActivationOutput": self._activate(given),
            },
            "AnalyzeDocument": lambda given: {
                "Blocks": self.blocks,
                "HumanLoopActivationOutput": self._activate(given),
            },
            "SendMessage": lambda _: {"MessageId": "1"},
        }

    def _activate(self, given: Parameters) -> dict[str, Any]:
        config = given["HumanLoopConfig"]
        if config["FlowDefinitionArn"] != self.current:
            raise RefusalError("InvalidParameterException", "the flow definition does not exist")
        results = {"HumanLoopActivationConditionsEvaluationResults": "{}"}
        if not self.asks:
            return results
        self.started.add(config["HumanLoopName"])
        return {**results, "HumanLoopArn": f"arn:…/{config['HumanLoopName']}"}

    def _describe(self, given: Parameters) -> dict[str, str]:
        if given["HumanLoopName"] not in self.started:
            raise RefusalError("ResourceNotFoundException", status=404)
        return {"HumanLoopStatus": "Completed"}


@pytest.fixture
def services(
    aws: FakeAws, buckets: FakeBuckets, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeServices]:
    """The services, called by a function that has just started."""
    for name, value in {
        "WORKFLOW": "moderation",
        "FLOW_DEFINITION_PARAMETER": "/human-review/moderation/flow-definition-arn",
        "BUCKET": "results",
        "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/refused",
        "REQUEST_SOURCE": ai_service.DETECT_MODERATION_LABELS,
    }.items():
        monkeypatch.setenv(name, value)
    flow_definition._arns.clear()
    with ExitStack() as stack:
        for client in (
            ai_service.client("rekognition"),
            ai_service.client("textract"),
            dead_letter.sqs,
            flow_definition.ssm,
            human_loop.sagemaker_a2i_runtime,
            record.s3,
        ):
            stack.enter_context(aws.behind(client))
        yield FakeServices(aws)


def batch(*items: Any) -> dict[str, Any]:
    """SQS messages, numbered from 0."""
    return {
        "Records": [
            {"messageId": str(number), "body": json.dumps(item)}
            for number, item in enumerate(items)
        ]
    }


def refuse(code: str, status: int = 400, message: str = "no") -> Any:
    """An operation that answers with an error."""

    def operation(_given: Parameters) -> dict[str, Any]:
        raise RefusalError(code, message, status)

    return operation


def test_item_that_the_service_asks_a_person_about_is_activated(
    aws: FakeAws, buckets: FakeBuckets, services: FakeServices
) -> None:
    assert handle(batch(ITEM), None) == {"batchItemFailures": []}

    (given,) = aws.parameters("DetectModerationLabels")
    assert given == {
        "Image": {"S3Object": {"Bucket": "images", "Name": "a/Yoga.jpg"}},
        "HumanLoopConfig": {"HumanLoopName": NAME, "FlowDefinitionArn": ARN + "1"},
    }
    assert list(buckets.objects) == [REQUEST]
    assert json.loads(buckets.objects[REQUEST]) == {
        "taskObject": ITEM["input"],
        "prediction": {"label": ["Alcohol", "Gambling"], "confidence": 0.6025},
        "item": {
            "id": "photo-17",
            "workflow": "moderation",
            "attempt": 1,
            "model": "AWS/Rekognition/DetectModerationLabels/Image/V3",
            "route": "activated",
        },
    }


def test_request_is_recorded_before_the_service_is_called(
    aws: FakeAws, services: FakeServices
) -> None:
    handle(batch(ITEM), None)

    assert aws.names() == [
        "GetObject",
        "PutObject",
        "GetParameter",
        "DetectModerationLabels",
        "PutObject",
    ]


def test_item_that_the_service_asks_nobody_about_is_accepted(
    buckets: FakeBuckets, services: FakeServices
) -> None:
    services.asks = False

    (result,) = handle(ITEM, None)["results"]

    prediction = {"label": ["Alcohol", "Gambling"], "confidence": 0.6025}
    assert result == {"id": "photo-17", "route": "accepted", "prediction": prediction}
    (accepted,) = (body for (_, key), body in buckets.objects.items() if "accepted/" in key)
    assert json.loads(accepted) == {
        "workflow": "moderation",
        "item_id": "photo-17",
        "route": "accepted",
        "input": ITEM["input"],
        "prediction": prediction,
        "model": "AWS/Rekognition/DetectModerationLabels/Image/V3",
    }


def test_image_without_labels_has_no_confidence(services: FakeServices) -> None:
    services.asks, services.labels = False, []

    (result,) = handle(ITEM, None)["results"]

    assert result["prediction"] == {"label": [], "confidence": None}


def test_form_is_read_by_its_keys(
    aws: FakeAws, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUEST_SOURCE", ai_service.FORMS)

    (result,) = handle(ITEM, None)["results"]

    (given,) = aws.parameters("AnalyzeDocument")
    assert given["Document"] == {"S3Object": {"Bucket": "images", "Name": "a/Yoga.jpg"}}
    assert given["FeatureTypes"] == ["FORMS"]
    assert (result["route"], result["human_loop_name"]) == ("activated", NAME)
    assert result["prediction"] == {
        "label": {"Full Name:": "Ana Silva", "Yes": "SELECTED", "Signed:": ""},
        "confidence": 0.725,
    }


def test_form_that_has_a_key_twice_keeps_both_values(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUEST_SOURCE", ai_service.FORMS)
    services.blocks = TWO_PEOPLE

    (result,) = handle(ITEM, None)["results"]

    assert result["prediction"] == {"label": {"Name:": ["Ana", "Rui"]}, "confidence": 0.91}


def test_message_delivered_twice_asks_the_service_once(
    aws: FakeAws, services: FakeServices
) -> None:
    handle(batch(ITEM, ITEM), None)
    (result,) = handle(ITEM, None)["results"]

    assert aws.names().count("DetectModerationLabels") == 1
    assert result == {"id": "photo-17", "route": "activated", "human_loop_name": NAME}


def test_item_that_was_accepted_stays_so(
    aws: FakeAws, buckets: FakeBuckets, services: FakeServices
) -> None:
    services.asks = False
    accepted = handle(ITEM, None)
    before = dict(buckets.objects)

    services.asks = True
    assert handle(ITEM, None) == accepted
    assert buckets.objects == before
    assert aws.names().count("DetectModerationLabels") == 1


@pytest.mark.parametrize("asks", [True, False])
def test_id_used_for_another_input_is_refused(services: FakeServices, asks: bool) -> None:
    services.asks = asks
    handle(ITEM, None)

    (result,) = handle({**ITEM, "input": {"bucket": "images", "key": "b.jpg"}}, None)["results"]

    assert result["reason"] == "id is that of an earlier item with another input"


def test_flow_definition_is_looked_up_again_when_it_is_gone(
    aws: FakeAws, services: FakeServices
) -> None:
    handle(ITEM, None)
    services.current = ARN + "2"

    (result,) = handle({**ITEM, "id": "photo-18"}, None)["results"]

    assert result["route"] == "activated"
    assert aws.names().count("GetParameter") == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"input": "a/Yoga.jpg"}, "input must be an object with a bucket and a key"),
        ({"input": {"bucket": "images"}}, "input must be an object"),
        ({"input": {"bucket": "images", "key": ""}}, "input must be an object"),
        ({"input": {"bucket": "images", "key": 7}}, "input must be an object"),
        ({"input": {"bucket": "images", "key": "a", "version": "1"}}, "input must be an object"),
        ({"prediction": {"label": 1, "confidence": 1}}, "prediction must be left out"),
    ],
)
def test_unusable_item_is_refused_before_anything_is_recorded(
    aws: FakeAws, services: FakeServices, changes: dict[str, Any], reason: str
) -> None:
    (result,) = handle({**ITEM, **changes}, None)["results"]

    assert reason in result["reason"]
    assert aws.names() == ["GetObject", "SendMessage"]


@pytest.mark.parametrize(
    ("source", "operation", "code"),
    [
        (source, operation, code)
        for source, operation, codes in (
            (
                ai_service.DETECT_MODERATION_LABELS,
                "DetectModerationLabels",
                [
                    "InvalidS3ObjectException",
                    "InvalidImageFormatException",
                    "ImageTooLargeException",
                ],
            ),
            (
                ai_service.FORMS,
                "AnalyzeDocument",
                [
                    "UnsupportedDocumentException",
                    "BadDocumentException",
                    "DocumentTooLargeException",
                ],
            ),
        )
        for code in (*codes, "InvalidParameterException")
    ],
)
def test_input_that_the_service_cannot_take_is_put_aside_with_its_reason(
    aws: FakeAws,
    services: FakeServices,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    operation: str,
    code: str,
) -> None:
    monkeypatch.setenv("REQUEST_SOURCE", source)
    aws.operations[operation] = refuse(code, message="Unable to get object metadata from S3.")

    assert handle(batch(ITEM), None) == {"batchItemFailures": []}

    (sent,) = aws.parameters("SendMessage")
    assert json.loads(sent["MessageBody"]) == ITEM
    reason = sent["MessageAttributes"]["Reason"]["StringValue"]
    assert reason == f"{source}: {code}: Unable to get object metadata from S3."


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("InternalServerError", 500),
        ("HumanLoopQuotaExceededException", 400),
        ("AccessDeniedException", 400),
    ],
)
def test_what_may_work_later_is_delivered_again(
    aws: FakeAws, services: FakeServices, code: str, status: int
) -> None:
    working = aws.operations["DetectModerationLabels"]
    aws.operations["DetectModerationLabels"] = refuse(code, status)

    assert handle(batch(ITEM), None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert "SendMessage" not in aws.names()

    aws.operations["DetectModerationLabels"] = working
    assert handle(batch(ITEM), None) == {"batchItemFailures": []}
    assert services.started == {NAME}


def test_items_are_counted_by_where_they_went(services: FakeServices, log_lines: LogLines) -> None:
    handle(batch(ITEM, {"input": 1}), None)
    services.asks = False
    first = log_lines()[-1]
    handle(batch({**ITEM, "id": "photo-18"}), None)
    second = log_lines()[-1]

    assert [first[name] for name in ("Accepted", "ReviewsStarted", "Refused")] == [0, 1, 1]
    assert [second[name] for name in ("Accepted", "ReviewsStarted", "Refused")] == [1, 0, 0]
