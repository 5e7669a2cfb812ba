"""A flow definition that does not become Active in time: the change fails and is undone."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

import localcloud
from demo import aws
from demo.deployment import DeploymentError
from demo.waiting import wait_for
from localcloud import Settings
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.conftest import bootstrapped

STACK, NAME = "TimeOut", "time-out"
# The handler's patience is three fifths of the time-out: the flow definition is Active a little
# later, and can be deleted before the time-out itself.
SECONDS_UNTIL_ACTIVE, SERVICE_TIMEOUT = 21, 30


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[CdkApp, Account]]:
    """The app, deployed, on a local cloud that takes its time."""
    settings = Settings(state=tmp_path / "cloud", delay=SECONDS_UNTIL_ACTIVE)
    with localcloud.running(settings) as address:
        account = Account(aws.session(address))
        app = bootstrapped(address, tmp_path).of("time_out_app.py")
        _make_a_workteam(account.session)
        app.deploy(STACK, context={"title": "In time", "service_timeout": "900"})
        yield app, account


def test_a_flow_definition_that_is_not_active_in_time(slow: tuple[CdkApp, Account]) -> None:
    app, account = slow
    before = account.current(NAME), account.flow_definitions(NAME)

    with pytest.raises(DeploymentError, match=r"is still Initializing after \d+ seconds"):
        app.deploy(STACK, context={"title": "Late", "service_timeout": str(SERVICE_TIMEOUT)})

    assert account.status(STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert (account.current(NAME), account.flow_definitions(NAME)) == before
    assert "deploy again" in account.failures(STACK)


def _make_a_workteam(session: boto3.Session) -> None:
    """A workforce and its workteam, which the app takes as they are."""
    cognito, sagemaker = session.client("cognito-idp"), session.client("sagemaker")
    pool = cognito.create_user_pool(PoolName=NAME)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=NAME)
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName=NAME, GenerateSecret=True)[
        "UserPoolClient"
    ]["ClientId"]
    cognito.create_group(UserPoolId=pool, GroupName="reviewers")
    sagemaker.create_workforce(
        WorkforceName=NAME, CognitoConfig={"UserPool": pool, "ClientId": client}
    )
    wait_for(
        "the workforce",
        lambda: sagemaker.describe_workforce(WorkforceName=NAME)["Workforce"]["Status"] == "Active",
        seconds=60,
    )
    sagemaker.create_workteam(
        WorkteamName="reviewers",
        WorkforceName=NAME,
        MemberDefinitions=[
            {
                "CognitoMemberDefinition": {
                    "UserPool": pool,
                    "UserGroup": "reviewers",
                    "ClientId": client,
                }
            }
        ],
        Description="Reviewers",
    )
