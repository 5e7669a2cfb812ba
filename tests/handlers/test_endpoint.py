"""How the endpoint is asked and its answer read."""

import json
from typing import Any

import pytest

from review_triage import endpoint
from review_triage.item import Prediction, RefusedError
from review_triage.settings import Model, Settings
from tests.handlers.fake_aws import FakeAws, streamed

ENVIRONMENT = {
    "WORKFLOW": "sentiment",
    "FLOW_DEFINITION_PARAMETER": "/human-review/sentiment/flow-definition-arn",
    "BUCKET": "results",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/refused",
    "THRESHOLD": "0.9",
}


def model(**changes: Any) -> Model:
    given = {
        "endpoint_name": "sentiment",
        "content_type": "application/jsonlines",
        "accept": "application/jsonlines",
        "request": {"features": ["$input"]},
        "response": {"label": "predicted_label", "confidence": "probability"},
        **changes,
    }
    read = Settings.from_environment({**ENVIRONMENT, "MODEL": json.dumps(given)}).model
    assert read
    return read


def test_json_lines_request_is_one_line() -> None:
    body = endpoint.request_body(model(), "I enjoy\nthis product é")

    assert body == '{"features":["I enjoy\\nthis product é"]}\n'.encode()


def test_json_request_is_one_document() -> None:
    one = model(content_type="application/json", request={"n": 1, "deep": [{"x": "$input"}]})

    assert endpoint.request_body(one, {"text": "$input"}) == (
        b'{"deep":[{"x":{"text":"$input"}}],"n":1}'
    )


def test_request_may_be_the_input_alone() -> None:
    assert endpoint.filled("$input", [1, None]) == [1, None]
    assert endpoint.filled("cost: $input", "x") == "cost: $input"


def test_first_line_of_the_answer_is_read() -> None:
    body = b'{"probability": 0.93, "predicted_label": 1}\n{"probability": 0.1}\n'

    assert endpoint.read_answer(model(), body) == Prediction(1, 0.93, "sentiment")


def test_label_and_confidence_are_found_by_jmespath() -> None:
    one = model(
        accept="application/json",
        response={"label": "max_by(@, &score).name", "confidence": "max_by(@, &score).score"},
    )
    body = b'[{"name": "a", "score": 0.2},\n {"name": "b", "score": 0.8}]'

    assert endpoint.read_answer(one, body) == Prediction("b", 0.8, "sentiment")


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
def test_unusable_answer_is_refused(body: bytes, reason: str) -> None:
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
