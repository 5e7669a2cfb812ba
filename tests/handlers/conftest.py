"""What the handlers' tests share: a Region to make clients in, and no network."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.handlers.fake_aws import FakeAws, FakeBuckets

# The handlers make their clients as they are imported, as Lambda wants it.
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "testing"

LogLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def aws() -> FakeAws:
    """AWS, answering nothing yet."""
    return FakeAws()


@pytest.fixture
def buckets(aws: FakeAws) -> FakeBuckets:
    """S3 with nothing in it."""
    return FakeBuckets(aws)


@pytest.fixture
def log_lines(capsys: pytest.CaptureFixture[str]) -> LogLines:
    """What was written to standard output since the last call; every line must be JSON."""
    return lambda: [json.loads(text) for text in capsys.readouterr().out.splitlines()]
