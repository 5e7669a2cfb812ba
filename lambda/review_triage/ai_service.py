"""Built-in task types: Amazon Rekognition or Amazon Textract predicts, and asks a person itself.

https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-task-types-general.html
"""

from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG
from review_shared.strict_json import canonical
from review_triage import flow_definition, human_loop, record
from review_triage.item import Item, Prediction, RefusedError
from review_triage.route import Route
from review_triage.settings import Settings

DETECT_MODERATION_LABELS = "AWS/Rekognition/DetectModerationLabels/Image/V3"
FORMS = "AWS/Textract/AnalyzeDocument/Forms/V1"
# What is wrong with the input, or with the request as a whole: the same call fails again.
REFUSALS = {
    "BadDocumentException",
    "DocumentTooLargeException",
    "ImageTooLargeException",
    "InvalidImageFormatException",
    "InvalidParameterException",
    "InvalidS3ObjectException",
    "UnsupportedDocumentException",
    "ValidationException",
}
# How the services say that a flow definition is gone, among other things.
GONE = {"InvalidParameterException", "ResourceNotFoundException", "ValidationException"}


@cache
def client(service: str) -> Any:
    """A service's client: made when it is needed, as a workflow has one service or none."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]  # name is a value


def ask(settings: Settings, source: str, item: Item) -> tuple[str, Prediction | None, Route]:
    """Have the service predict, and ask a person when its conditions hold.

    :return: the human loop's name, the prediction, and where the item went. An item that a person
        was asked about before has no prediction here: the service is not asked a second time.
    """
    place = _place(item)
    name = human_loop.human_loop_name(settings.workflow, item.id, human_loop.FIRST_ATTEMPT)
    # The loop may end as soon as it is started, and only this record says which item it is.
    content = _request(settings.workflow, source, item)
    recorded = record.request(settings.bucket, name, canonical(content))
    if recorded is not None:
        human_loop.check_same_input(recorded[0], item)
        if human_loop.exists(name):
            return name, None, Route.ACTIVATED

    response = _call(settings.flow_definition_parameter, source, place, name)
    prediction = Prediction(*_found(source, response), source)
    if "HumanLoopArn" not in response.get("HumanLoopActivationOutput", {}):
        return name, prediction, Route.ACCEPTED
    shown = {"label": prediction.label, "confidence": prediction.confidence}
    record.replace_request(settings.bucket, name, canonical({**content, "prediction": shown}))
    return name, prediction, Route.ACTIVATED


def _place(item: Item) -> dict[str, str]:
    """Where the image or document lies, as both services take it."""
    if item.prediction is not None:
        raise RefusedError("prediction must be left out: the service of the workflow predicts")
    match item.input:
        case {"bucket": str(bucket), "key": str(key), **others} if bucket and key and not others:
            return {"Bucket": bucket, "Name": key}
        case _:
            raise RefusedError("input must be an object with a bucket and a key, both strings")


def _request(workflow: str, source: str, item: Item) -> dict[str, Any]:
    """What is recorded of a request before the service gets it."""
    return {
        "taskObject": item.input,
        "item": {
            "id": item.id,
            "workflow": workflow,
            "attempt": human_loop.FIRST_ATTEMPT,
            "model": source,
            "route": Route.ACTIVATED,
        },
    }


def _call(parameter: str, source: str, place: dict[str, str], name: str) -> dict[str, Any]:
    def with_flow_definition(arn: str) -> dict[str, Any]:
        config = {"HumanLoopName": name, "FlowDefinitionArn": arn}
        given = {"S3Object": place}
        answer: dict[str, Any]
        if source == FORMS:
            answer = client("textract").analyze_document(
                Document=given, FeatureTypes=["FORMS"], HumanLoopConfig=config
            )
        else:
            answer = client("rekognition").detect_moderation_labels(
                Image=given, HumanLoopConfig=config
            )
        return answer

    try:
        return flow_definition.with_current(parameter, GONE, with_flow_definition)
    except ClientError as error:
        told = error.response["Error"]
        if told["Code"] not in REFUSALS:
            raise
        raise RefusedError(f"{source}: {told['Code']}: {told['Message']}") from None


def _found(source: str, response: dict[str, Any]) -> tuple[Any, float | None]:
    """What the service says, and how sure it is of what it is least sure of, from 0 to 1."""
    if source == FORMS:
        return _pairs(response["Blocks"])
    labels = response["ModerationLabels"]
    return [label["Name"] for label in labels], _lowest(labels)


def _pairs(listed: list[dict[str, Any]]) -> tuple[dict[str, str], float | None]:
    """The values of a form by their keys."""
    blocks = {block["Id"]: block for block in listed}
    keys = [block for block in listed if "KEY" in block.get("EntityTypes", ())]
    values = {
        _text(key, blocks): " ".join(_text(value, blocks) for value in _tied(key, "VALUE", blocks))
        for key in keys
    }
    return values, _lowest(keys)


def _text(block: dict[str, Any], blocks: dict[str, Any]) -> str:
    """The words of a key or a value; of a box to tick, whether it is."""
    children = _tied(block, "CHILD", blocks)
    return " ".join(child.get("Text", child.get("SelectionStatus", "")) for child in children)


def _tied(block: dict[str, Any], kind: str, blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        blocks[id_]
        for tie in block.get("Relationships", ())
        if tie["Type"] == kind
        for id_ in tie["Ids"]
    ]


def _lowest(findings: list[dict[str, Any]]) -> float | None:
    confidences = [finding["Confidence"] for finding in findings]
    # To eight places: a percentage divided has digits that mean nothing.
    return round(min(confidences) / 100, 8) if confidences else None
