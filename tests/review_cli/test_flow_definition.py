"""What a workflow's flow definitions say, and the SSM parameter that names one."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from review_cli.clients import Clients
from review_cli.deployment import Deployment
from review_cli.doctor import flow_definition
from tests.review_cli.fake_account import (
    CURRENT,
    NOW,
    PARAMETER,
    RETIRED,
    FakeAccount,
    flow_definition_arn,
)


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is not set to UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
@pytest.mark.parametrize(
    "tag", ["2026-11-21T10:00:00", "2026-11-21T10:00:00+00:00", "2026-11-21T12:00:00+02:00"]
)
def test_a_time_without_a_zone_is_utc(account: FakeAccount, clients: Clients, tag: str) -> None:
    account.retire(RETIRED, NOW)
    account.tags[RETIRED]["human-review:retired-at"] = tag

    [workflow] = Deployment.find(clients.ssm).workflows
    found = {it.name: it for it in flow_definition.find(clients.sagemaker, workflow)}

    assert found[RETIRED].retired_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_missing_parameter_is_written_with_its_type(
    account: FakeAccount, clients: Clients
) -> None:
    del account.parameters[PARAMETER]
    [workflow] = Deployment.find(clients.ssm).workflows

    check = flow_definition.pointer(workflow, flow_definition.find(clients.sagemaker, workflow))

    arn = flow_definition_arn(CURRENT)
    assert check.next_step == (
        "Write it: `aws ssm put-parameter --overwrite --type String "
        f"--name {PARAMETER} --value {arn}`."
    )
