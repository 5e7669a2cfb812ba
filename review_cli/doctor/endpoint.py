"""The model: whether a workflow's endpoint answers as triage expects."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import jmespath
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError
from botocore.exceptions import ConnectionError as NotConnectedError
from jmespath.exceptions import JMESPathError

from review_cli.doctor.check import Check, is_not_allowed, ok, problem
from review_cli.number import is_number
from review_cli.wording import words

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

_JSON_LINES = "application/jsonlines"
_PATHS = "Correct the paths below model.response in workflow.yaml."
_OUTPUT = "Correct the model's output, or workflow.yaml's content type."


def endpoint(
    lambda_: "LambdaClient",
    sagemaker_runtime: "SageMakerRuntimeClient",
    triage_function_name: str,
    item_input: Any,
) -> Iterator[Check]:
    """Whether the endpoint predicts something for an input; no review comes of it."""
    configuration = lambda_.get_function_configuration(FunctionName=triage_function_name)
    environment = configuration.get("Environment", {}).get("Variables", {})
    if not environment.get("MODEL"):
        yield ok("Endpoint", "The workflow has none: items carry their predictions.")
        return
    model = json.loads(environment["MODEL"])
    try:
        answer = sagemaker_runtime.invoke_endpoint(
            EndpointName=model["endpoint_name"],
            ContentType=model["content_type"],
            Accept=model["accept"],
            Body=_body(model, item_input),
        )["Body"].read()
    except ClientError as error:
        if is_not_allowed(error):
            raise
        yield _silent(model, words(error))
    except ReadTimeoutError:
        yield _late(model)
    except (NotConnectedError, HTTPClientError) as error:
        yield _silent(model, str(error).rstrip("."))
    else:
        yield _answer(model, answer)


def _silent(model: dict[str, Any], reason: str) -> Check:
    return problem(
        "Endpoint",
        f"The endpoint {model['endpoint_name']} does not answer: {reason}.",
        "Look at the endpoint in the SageMaker console, or correct workflow.yaml's model.",
    )


def _late(model: dict[str, Any]) -> Check:
    return problem(
        "Endpoint",
        f"The endpoint {model['endpoint_name']} has not answered within the minute that SageMaker "
        "gives a model.",
        "Look again, as a serverless endpoint may have been starting; or read the model's log.",
    )


def _answer(model: dict[str, Any], answer: bytes) -> Check:
    """What triage would make of the answer."""
    name, paths = model["endpoint_name"], model["response"]
    lines = answer.strip().splitlines() if model["accept"] == _JSON_LINES else [answer]
    try:
        parsed = json.loads(lines[0] if lines else b"", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return problem("Endpoint", f"The answer of {name} is not JSON: {error}.", _OUTPUT)
    try:
        found = {key: jmespath.search(paths[key], parsed) for key in ("label", "confidence")}
    except JMESPathError as error:
        kind = type(error).__name__
        return problem("Endpoint", f"The answer of {name} does not fit its paths: {kind}.", _PATHS)
    missing = [f"{key} ({paths[key]})" for key, value in found.items() if value is None]
    if missing:
        sentence = f"The answer of {name} has no {' and no '.join(missing)}."
        return problem("Endpoint", sentence, _PATHS)
    label, confidence = (json.dumps(found[key]) for key in ("label", "confidence"))
    if not _is_confidence(found["confidence"]):
        return problem(
            "Endpoint",
            f"The confidence that {name} answers must be a number from 0 to 1, got {confidence}.",
            _PATHS,
        )
    return ok("Endpoint", f"{name} predicts {label} with confidence {confidence}.")


def _is_confidence(value: Any) -> bool:
    return is_number(value) and 0 <= value <= 1


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}")


def _body(model: dict[str, Any], item_input: Any) -> bytes:
    """The request with the input in its place, written as triage writes it."""
    request = _filled(model["request"], item_input)
    text = json.dumps(request, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
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
