"""Every item that is sent ends somewhere, and the counts say where."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


def test_a_sure_prediction_is_accepted_without_a_person(sentiment: DeployedWorkflow) -> None:
    before = sentiment.keys("requests")

    sentiment.send([{"id": "sure", "input": "I enjoy this product"}])

    wait_for("the accepted record", lambda: _accepted(sentiment, "sure"), seconds=60)
    assert sentiment.keys("requests") == before


def test_an_item_delivered_twice_is_asked_once(
    sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    item = {"id": "twice", "input": "It is okay"}
    first = _invoke_triage(session, item)
    second = _invoke_triage(session, item)

    assert first == second
    loops = session.client("sagemaker-a2i-runtime").list_human_loops(
        FlowDefinitionArn=_flow_definition_arn(session)
    )["HumanLoopSummaries"]
    name = first["results"][0]["human_loop_name"]
    assert [loop["HumanLoopName"] for loop in loops].count(name) == 1


def test_a_prediction_that_the_caller_has_is_taken_as_it_is(
    sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    prediction = {"label": "0", "confidence": 0.95, "model": "theirs"}

    answer = _invoke_triage(session, {"id": "theirs", "input": "It is", "prediction": prediction})

    assert answer["results"][0]["route"] == "accepted"
    assert _accepted(sentiment, "theirs")


def test_what_cannot_be_used_is_kept_with_the_reason(
    sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    sqs = session.client("sqs")
    bodies = {
        "no json {": "not valid JSON",
        '{"id": "nan", "input": "x", "prediction": {"label": 1, "confidence": NaN}}': "NaN",
        '{"id": "none", "input": "x", "prediction": {"label": 1}}': "confidence",
        '{"id": "1.1", "input": "x", "prediction": {"label": 1, "confidence": 1.1}}': "from 0 to",
    }
    for body in bodies:
        sqs.send_message(QueueUrl=sentiment.triage_queue_url, MessageBody=body)

    wait_for("four refused items", lambda: sentiment.refused() >= len(bodies), seconds=60)

    found = {}
    for message in _drain(session, sentiment.dead_letter_queue_url, len(bodies)):
        attributes = message["MessageAttributes"]
        assert attributes["Workflow"]["StringValue"] == "sentiment"
        found[message["Body"]] = attributes["Reason"]["StringValue"]
    assert found.keys() == bodies.keys()
    for body, words in bodies.items():
        assert words in found[body]


def _accepted(sentiment: DeployedWorkflow, item_id: str) -> bool:
    return any(it.content["item_id"] == item_id for it in sentiment.records("accepted"))


def _invoke_triage(
    session: boto3.Session, item: Mapping[str, object]
) -> dict[str, list[dict[str, str]]]:
    name = "/human-review/sentiment/triage-function-name"
    function = session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    answer = session.client("lambda").invoke(FunctionName=function, Payload=json.dumps(item))
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def _flow_definition_arn(session: boto3.Session) -> str:
    name = "/human-review/sentiment/flow-definition-arn"
    return session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def _drain(session: boto3.Session, queue_url: str, expected: int) -> "list[MessageTypeDef]":
    sqs = session.client("sqs")
    messages: list[MessageTypeDef] = []

    def received() -> bool:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            WaitTimeSeconds=1,
        )
        for message in answer.get("Messages", []):
            messages.append(message)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return len(messages) >= expected

    wait_for(f"{expected} messages", received, seconds=60)
    return messages
