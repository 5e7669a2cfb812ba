"""The model: a SageMaker endpoint that is asked for a prediction."""

from typing import Any

import boto3
from botocore.config import Config
from jmespath.exceptions import JMESPathError

from review_shared.aws import CONFIG
from review_shared.strict_json import JsonError, canonical, parse
from review_triage.item import Prediction, RefusedError, prediction
from review_triage.settings import Model

# SageMaker gives a model 60 seconds to answer; further attempts are for SQS to make.
sagemaker_runtime = boto3.client(
    "sagemaker-runtime",
    config=CONFIG.merge(
        Config(read_timeout=65, retries={"mode": "standard", "total_max_attempts": 2})
    ),
)

INPUT = "$input"
JSON_LINES = "application/jsonlines"


def predict(model: Model, item_input: Any) -> Prediction:
    """Ask the endpoint for its prediction on one input."""
    answer = sagemaker_runtime.invoke_endpoint(
        EndpointName=model.endpoint_name,
        ContentType=model.content_type,
        Accept=model.accept,
        Body=request_body(model, item_input),
    )
    return read_answer(model, answer["Body"].read())


def request_body(model: Model, item_input: Any) -> bytes:
    """The model's request with the input in its place."""
    text = canonical(filled(model.request, item_input))
    return (text + "\n" if model.content_type == JSON_LINES else text).encode()


def filled(template: Any, item_input: Any) -> Any:
    """The template with the input wherever ``"$input"`` stands."""
    match template:
        case dict():
            return {key: filled(value, item_input) for key, value in template.items()}
        case list():
            return [filled(value, item_input) for value in template]
        case _:
            return item_input if template == INPUT else template


def read_answer(model: Model, body: bytes) -> Prediction:
    """Find label and confidence in what the endpoint answered."""
    source = f"endpoint {model.endpoint_name}"
    lines = body.strip().splitlines() if model.accept == JSON_LINES else [body]
    try:
        answer = parse(lines[0] if lines else b"")
    except JsonError as error:
        raise RefusedError(f"the answer of {source} cannot be read: {error}") from None
    try:
        label = model.label.search(answer)
        confidence = model.confidence.search(answer)
    except JMESPathError as error:
        # The error's text quotes the answer.
        kind = type(error).__name__
        raise RefusedError(f"the answer of {source} does not fit its paths: {kind}") from None
    if label is None:
        raise RefusedError(f"the answer of {source} has no label at {model.label.expression}")
    try:
        canonical(label)
    except JsonError as error:
        raise RefusedError(f"the label of {source} cannot be kept: {error}") from None
    return prediction(label, confidence, model.endpoint_name, source)
