"""Which faults of AWS may pass."""

from typing import Any, cast

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from review_shared.aws import may_pass

URL = "https://example.com"


def answered(code: str, status: int) -> ClientError:
    """An error that a service answers with."""
    response = {
        "Error": {"Code": code, "Message": "no"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(cast(Any, response), "Describe")


@pytest.mark.parametrize(
    "error",
    [
        answered("InternalFailure", 500),
        answered("ServiceUnavailable", 503),
        answered("ThrottlingException", 400),
        answered("TooManyRequestsException", 429),
        answered("SlowDown", 400),
        EndpointConnectionError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        ConnectionClosedError(endpoint_url=URL),
    ],
    ids=str,
)
def test_fault_of_a_service_or_of_the_network_may_pass(error: BotoCoreError | ClientError) -> None:
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        answered("ValidationException", 400),
        answered("AccessDeniedException", 403),
        answered("ResourceNotFoundException", 404),
        answered("ResourceLimitExceeded", 400),
        ClientError({"Error": {"Code": "ValidationException"}}, "Describe"),
        ParamValidationError(report="it must be a number"),
        NoCredentialsError(),
    ],
    ids=str,
)
def test_mistake_does_not_pass(error: BotoCoreError | ClientError) -> None:
    assert not may_pass(error)
