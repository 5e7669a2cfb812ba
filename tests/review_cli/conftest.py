"""An account in memory, and the clients that look at it."""

from collections.abc import Iterator

import boto3
import pytest

from review_cli.clients import Clients
from tests.handlers.fake_aws import FakeAws
from tests.review_cli.fake_account import REGION, FakeAccount, answered


@pytest.fixture(scope="session")
def clients() -> Clients:
    """Made once: SageMaker's model takes half a second to parse."""
    session = boto3.Session("testing", "testing", region_name=REGION)
    return Clients.of(session)


@pytest.fixture
def account(clients: Clients) -> Iterator[FakeAccount]:
    """An account in which all is well."""
    aws = FakeAws()
    with answered(aws, clients):
        yield FakeAccount(aws)
