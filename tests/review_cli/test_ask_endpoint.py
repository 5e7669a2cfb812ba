"""What doctor says of an endpoint is what triage would make of its answer."""

import json
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, EndpointConnectionError, ReadTimeoutError

from review_cli.clients import Clients
from review_cli.doctor.check import Check, Status
from review_cli.doctor.endpoint import endpoint
from tests.handlers.endpoint_answers import MODEL, REFUSED, REQUESTS, TAKEN, Answer, Asked
from tests.handlers.fake_aws import Parameters
from tests.review_cli.fake_account import FakeAccount


def ask(clients: Clients, item_input: Any = "good") -> Check:
    [check] = endpoint(clients.lambda_, clients.sagemaker_runtime, "triage", item_input)
    return check


@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_request_is_what_triage_asks(account: FakeAccount, clients: Clients, asked: Asked) -> None:
    account.model = {**MODEL, **asked.model}

    ask(clients, asked.item_input)

    [given] = account.aws.parameters("InvokeEndpoint")
    assert given["Body"] == asked.body


@pytest.mark.parametrize(("answer", "label", "confidence"), TAKEN.values(), ids=TAKEN)
def test_what_triage_takes_is_ok(
    account: FakeAccount, clients: Clients, answer: Answer, label: Any, confidence: float
) -> None:
    account.model, account.answer = {**MODEL, **answer.model}, answer.body

    check = ask(clients)

    assert check.status is Status.OK
    said = f"predicts {json.dumps(label)} with confidence {confidence}."
    assert check.sentence == f"sentiment {said}"


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED)
def test_what_triage_refuses_is_a_problem(
    account: FakeAccount, clients: Clients, answer: Answer
) -> None:
    account.model, account.answer = {**MODEL, **answer.model}, answer.body

    check = ask(clients)

    assert check.status is Status.PROBLEM
    assert "answer" in check.sentence
    assert check.next_step.startswith("Correct the ")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ReadTimeoutError(endpoint_url="https://x"), "has not answered within the minute"),
        (EndpointConnectionError(endpoint_url="https://x"), "Could not connect to"),
    ],
    ids=["late", "out of reach"],
)
def test_no_answer_is_a_problem_of_the_endpoint_alone(
    account: FakeAccount, clients: Clients, error: BotoCoreError, says: str
) -> None:
    def no_answer(_given: Parameters) -> dict[str, Any]:
        raise error

    account.aws.operations["InvokeEndpoint"] = no_answer

    check = ask(clients)

    assert check.status is Status.PROBLEM
    assert says in check.sentence


def test_a_model_has_its_minute_and_is_asked_once(clients: Clients) -> None:
    config: Any = clients.sagemaker_runtime.meta.config

    assert config.read_timeout > 60
    assert config.retries["total_max_attempts"] == 1
