"""What a deploy no longer sets is really gone, though the service keeps what it is not told."""

from typing import Any

import pytest

from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp

STACK = "Clearing"


@pytest.fixture
def client(account: Account, workforce: str) -> dict[str, str]:
    """The workforce's user pool and client, as the app takes them."""
    described = account.sagemaker.describe_workforce(WorkforceName="human-review")["Workforce"]
    cognito = described["CognitoConfig"]
    return {"user_pool_id": cognito["UserPool"], "client_id": cognito["ClientId"]}


def test_settings_of_a_workteam_and_a_flow_definition_are_cleared(
    app: CdkApp, account: Account, client: dict[str, str]
) -> None:
    clearing = app.of("clearing_app.py")

    clearing.deploy(STACK, context={"settings": "set", **client})
    assert _workteam(account) == {
        "NotificationConfiguration": ["NotificationTopicArn"],
        "WorkerAccessConfiguration": ["S3Presign"],
    }
    before = _flow_definition(account)
    assert before["HumanLoopConfig"]["TaskKeywords"] == ["one", "two"]
    assert "KmsKeyId" in before["OutputConfig"]

    clearing.deploy(STACK, context={"settings": "gone", **client})
    assert _workteam(account) == {}
    after = _flow_definition(account)
    assert "TaskKeywords" not in after["HumanLoopConfig"]
    assert "KmsKeyId" not in after["OutputConfig"]

    clearing.destroy(STACK, context={"settings": "gone", **client})


def test_the_ranges_that_a_workforce_is_reached_from_are_cleared(
    app: CdkApp, workforce: str, account: Account
) -> None:
    ranges = {"human-review:workforce.source_ip_cidrs": '["192.0.2.0/24"]'}

    app.deploy(workforce, context=ranges)
    assert _ranges(account) == ["192.0.2.0/24"]

    app.deploy(workforce)
    assert _ranges(account) == []


def _workteam(account: Account) -> dict[str, list[str]]:
    """The optional settings that the workteam has: the names of those that are not empty."""
    team: dict[str, Any] = dict(
        account.sagemaker.describe_workteam(WorkteamName="clearing")["Workteam"]
    )
    names = ("NotificationConfiguration", "WorkerAccessConfiguration")
    return {name: sorted(team[name]) for name in names if team.get(name)}


def _flow_definition(account: Account) -> dict[str, Any]:
    name = account.current("clearing")
    return dict(account.sagemaker.describe_flow_definition(FlowDefinitionName=name))


def _ranges(account: Account) -> list[str]:
    described = account.sagemaker.describe_workforce(WorkforceName="human-review")["Workforce"]
    return described.get("SourceIpConfig", {"Cidrs": []})["Cidrs"]
