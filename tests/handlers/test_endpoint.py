"""How the endpoint is asked and its answer read."""

import json
from typing import Any

import pytest

from review_triage import endpoint
from review_triage.item import Prediction, RefusedError
from review_triage.settings import Model, Settings
from tests.handlers.endpoint_answers import MODEL, REFUSED, REQUESTS, TAKEN, Answer, Asked
from tests.handlers.fake_aws import FakeAws, streamed

ENVIRONMENT = {
    "WORKFLOW": "sentiment",
    "FLOW_DEFINITION_PARAMETER": "/human-review/sentiment/flow-definition-arn",
    "BUCKET": "results",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/refused",
    "THRESHOLD": "0.9",
}


def model(**changes: Any) -> Model:
    given = {**MODEL, **changes}
    read = Settings.from_environment({**ENVIRONMENT, "MODEL": json.dumps(given)}).model
    assert read
    return read


@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_request_is_the_models_with_the_input_in_it(asked: Asked) -> None:
    assert endpoint.request_body(model(**asked.model), asked.item_input) == asked.body


@pytest.mark.parametrize(("answer", "label", "confidence"), TAKEN.values(), ids=TAKEN)
def test_label_and_confidence_are_found(answer: Answer, label: Any, confidence: float) -> None:
    found = endpoint.read_answer(model(**answer.model), answer.body)

    assert found == Prediction(label, confidence, "sentiment")


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused(answer: Answer) -> None:
    with pytest.raises(RefusedError):
        endpoint.read_answer(model(**answer.model), answer.body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "cannot be read"),
        (b"oops", "cannot be read"),
        (b'{"probability": NaN, "predicted_label": 1}', "NaN"),
        (b'{"probability": 0.9}', "has no label at predicted_label"),
        (b'{"predicted_label": 1}', "endpoint sentiment must have a number as confidence"),
        (b'{"predicted_label": 1, "probability": 2}', "from 0 to 1, got 2"),
    ],
)
def test_refusal_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        endpoint.read_answer(model(), body)


def test_answer_that_does_not_fit_a_function_is_refused_without_quoting_it() -> None:
    one = model(response={"label": "max(scores)", "confidence": "probability"})

    with pytest.raises(RefusedError, match="does not fit its paths") as refused:
        endpoint.read_answer(one, b'{"scores": {"name": "private"}}')
    assert "private" not in str(refused.value)


def test_endpoint_is_called_as_configured(aws: FakeAws) -> None:
    aws.operations["InvokeEndpoint"] = lambda _: {
        "Body": streamed(b'{"probability": 0.5, "predicted_label": -1}'),
        "ContentType": "application/jsonlines",
    }

    with aws.behind(endpoint.sagemaker_runtime):
        assert endpoint.predict(model(), "x") == Prediction(-1, 0.5, "sentiment")
    assert aws.parameters("InvokeEndpoint") == [
        {
            "EndpointName": "sentiment",
            "ContentType": "application/jsonlines",
            "Accept": "application/jsonlines",
            "Body": b'{"features":["x"]}\n',
        }
    ]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("THRESHOLD", "1.1", "THRESHOLD must be between 0 and 1, got '1.1'"),
        ("THRESHOLD", "nan", "THRESHOLD must be between 0 and 1"),
        ("THRESHOLD", "", "THRESHOLD must be between 0 and 1"),
        ("AUDIT_PERCENTAGE", "101", "AUDIT_PERCENTAGE must be between 0 and 100, got '101'"),
        ("AUDIT_PERCENTAGE", "-1", "AUDIT_PERCENTAGE must be between 0 and 100"),
    ],
)
def test_setting_out_of_range_is_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings.from_environment({**ENVIRONMENT, name: value})


def test_settings_without_the_optional_ones() -> None:
    settings = Settings.from_environment(ENVIRONMENT)

    assert (settings.threshold, settings.audit_percentage, settings.model) == (0.9, 0, None)
