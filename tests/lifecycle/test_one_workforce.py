"""A Region has one workforce: a second is refused, the one there is can be adopted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import localcloud
from demo import aws
from demo.deployment import DeploymentError
from demo.waiting import wait_for
from localcloud import Address, Settings
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.conftest import WORKFORCE, bootstrapped

THEIRS = "theirs"


def test_a_second_stack_is_refused(
    app: CdkApp, workforce: str, account: Account, session: boto3.Session
) -> None:
    before = _people(session)

    with pytest.raises(DeploymentError, match="already has the workforce human-review"):
        app.of("second_workforce_app.py").deploy("SecondWorkforce")

    assert "set human-review.workforce.existing to human-review" in account.failures(
        "SecondWorkforce"
    )
    assert _people(session) == before
    app.of("second_workforce_app.py").destroy("SecondWorkforce")


def test_a_change_of_the_name_is_refused(
    app: CdkApp, workforce: str, account: Account, session: boto3.Session
) -> None:
    before = _people(session), account.resources(workforce)

    with pytest.raises(DeploymentError, match="would replace the workforce human-review"):
        app.deploy(workforce, context={"human-review:workforce.name": "another"})

    assert "Put the former value back" in account.failures(workforce)
    assert (_people(session), account.resources(workforce)) == before


@pytest.fixture
def their_cloud(tmp_path: Path) -> Iterator[Address]:
    """A local cloud of somebody who has a workforce already."""
    with localcloud.running(Settings(state=tmp_path / "cloud")) as address:
        yield address


def test_a_workforce_that_is_there_is_found_and_adopted(
    their_cloud: Address, tmp_path: Path
) -> None:
    session = aws.session(their_cloud)
    account = Account(session)
    theirs = _make_their_workforce(session, their_cloud)
    app = bootstrapped(their_cloud, tmp_path)
    protection = {"human-review:workforce.termination_protection": "false"}
    before = _people(session)

    with pytest.raises(DeploymentError, match=f"already has the workforce {THEIRS}"):
        app.deploy(WORKFORCE, context=protection)
    assert _people(session) == before

    adopting = {**protection, "human-review:workforce.existing": json.dumps(theirs)}
    app.deploy(WORKFORCE, context=adopting)

    assert _people(session) == before
    team = account.sagemaker.describe_workteam(WorkteamName="reviewers")["Workteam"]
    [member] = team["MemberDefinitions"]
    assert member["CognitoMemberDefinition"]["UserPool"] == theirs["user_pool_id"]
    assert member["CognitoMemberDefinition"]["ClientId"] == theirs["client_id"]
    assert account.parameter("user-pool-id") == theirs["user_pool_id"]

    app.destroy(WORKFORCE, context=adopting)

    assert _people(session) == before
    assert account.sagemaker.list_workteams()["Workteams"] == []


def _make_their_workforce(session: boto3.Session, cloud: Address) -> dict[str, str]:
    """Make a workforce by hand; the setting that adopts it."""
    cognito, sagemaker = session.client("cognito-idp"), session.client("sagemaker")
    pool = cognito.create_user_pool(PoolName=THEIRS)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain="theirs-signs-in")
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=THEIRS,
        GenerateSecret=True,
        CallbackURLs=["https://labels.example.com/signed-in"],
        LogoutURLs=["https://labels.example.com/bye"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    sagemaker.create_workforce(
        WorkforceName=THEIRS, CognitoConfig={"UserPool": pool, "ClientId": client}
    )
    wait_for(
        "their workforce",
        lambda: (
            sagemaker.describe_workforce(WorkforceName=THEIRS)["Workforce"]["Status"] == "Active"
        ),
        seconds=30,
    )
    return {"name": THEIRS, "user_pool_id": pool, "client_id": client}


def _people(session: boto3.Session) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """The workforces, the pools and the app clients that there are, as they are."""
    cognito, sagemaker = session.client("cognito-idp"), session.client("sagemaker")
    workforces: list[Any] = list(sagemaker.list_workforces()["Workforces"])
    pools = [pool["Id"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]]
    clients: dict[str, Any] = {}
    for pool in pools:
        listed = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)
        for client in listed["UserPoolClients"]:
            described = cognito.describe_user_pool_client(
                UserPoolId=pool, ClientId=client["ClientId"]
            )
            clients[client["ClientId"]] = described["UserPoolClient"]
    return workforces, sorted(pools), clients
