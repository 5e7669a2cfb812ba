"""Built-in task types: Amazon Rekognition or Amazon Textract predicts, and asks a person itself.

https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-task-types-general.html
"""

from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_shared import service_response
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
    name = human_loop.human_loop_name(settings.workflow, settings.bucket, item.id)
    # The loop may end as soon as it is started, and only this record says which item it is.
    content = _request(settings.workflow, source, item)
    recorded = record.request(settings.bucket, name, item, canonical(content))
    if recorded is not None and human_loop.exists(name):
        return name, None, Route.ACTIVATED

    response = _call(settings.flow_definition_parameter, source, place, name)
    shown = service_response.prediction(service_response.camel_case(response))
    assert shown is not None, "both services answer with labels or blocks"
    predicted = Prediction(shown["label"], shown["confidence"], source)
    if "HumanLoopArn" not in response.get("HumanLoopActivationOutput", {}):
        return name, predicted, Route.ACCEPTED
    record.replace_request(settings.bucket, name, canonical({**content, "prediction": shown}))
    return name, predicted, Route.ACTIVATED


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
