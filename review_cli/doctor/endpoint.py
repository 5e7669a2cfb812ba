"""The model: whether a workflow's endpoint answers as triage expects."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jmespath
from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, is_not_allowed, ok, problem, words

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

_JSON_LINES = "application/jsonlines"


def endpoint(
    lambda_: "LambdaClient",
    sagemaker_runtime: "SageMakerRuntimeClient",
    triage_function_name: str,
    item_input: Any,
) -> Iterator[Check]:
    """Whether the endpoint predicts something for an input; no review comes of it."""
    configuration = lambda_.get_function_configuration(FunctionName=triage_function_name)
    environment = configuration.get("Environment", {}).get("Variables", {})
    if "MODEL" not in environment:
        yield ok("Endpoint", "The workflow has none: items carry their predictions.")
        return
    model = json.loads(environment["MODEL"])
    name = model["endpoint_name"]
    try:
        answer = sagemaker_runtime.invoke_endpoint(
            EndpointName=name,
            ContentType=model["content_type"],
            Accept=model["accept"],
            Body=_body(model, item_input),
        )["Body"].read()
    except ClientError as error:
        if is_not_allowed(error):
            raise
        yield problem(
            "Endpoint",
            f"The endpoint {name} does not answer: {words(error)}.",
            "Look at the endpoint in the SageMaker console, or correct workflow.yaml's model.",
        )
        return
    yield _answer(model, name, answer)


def _answer(model: dict[str, Any], name: str, answer: bytes) -> Check:
    lines = answer.strip().splitlines() if model["accept"] == _JSON_LINES else [answer]
    try:
        parsed = json.loads(lines[0] if lines else b"")
    except ValueError as error:
        return problem(
            "Endpoint",
            f"The answer of {name} is not JSON: {error}.",
            "Correct the model's output, or workflow.yaml's content type.",
        )
    paths = model["response"]
    found = {key: jmespath.search(paths[key], parsed) for key in ("label", "confidence")}
    missing = [f"{key} ({paths[key]})" for key, value in found.items() if value is None]
    if missing:
        return problem(
            "Endpoint",
            f"The answer of {name} has no {' and no '.join(missing)}.",
            "Correct the paths below model.response in workflow.yaml.",
        )
    return ok(
        "Endpoint",
        f"{name} predicts {json.dumps(found['label'])} with confidence {found['confidence']}.",
    )


def _body(model: dict[str, Any], item_input: Any) -> bytes:
    text = json.dumps(_filled(model["request"], item_input), ensure_ascii=False)
    return (text + "\n" if model["content_type"] == _JSON_LINES else text).encode()


def _filled(template: Any, item_input: Any) -> Any:
    """The request with the input wherever ``"$input"`` stands, as triage makes it."""
    match template:
        case dict():
            return {key: _filled(value, item_input) for key, value in template.items()}
        case list():
            return [_filled(value, item_input) for value in template]
        case _:
            return item_input if template == "$input" else template
