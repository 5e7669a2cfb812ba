"""Changes that fail while the flow definition is Initializing, on a service that takes its time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

import localcloud
from demo import aws
from demo.deployment import DeploymentError
from demo.waiting import wait_for
from localcloud import Address, Settings
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.conftest import bootstrapped
from tests.lifecycle.snapshot import Snapshot

STACK, NAME = "Slow", "slow"
# The handler's patience is three fifths of the time-out: the flow definition is Active a little
# later, and can be deleted before the time-out itself.
SECONDS_UNTIL_ACTIVE, SERVICE_TIMEOUT = 21, 30


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud that takes its time."""
    settings = Settings(state=tmp_path_factory.mktemp("slow"), delay=SECONDS_UNTIL_ACTIVE)
    with localcloud.running(settings) as address:
        yield address


@pytest.fixture(scope="module")
def account(cloud: Address) -> Account:
    """What there is in its account."""
    return Account(aws.session(cloud))


@pytest.fixture(scope="module")
def app(cloud: Address, account: Account, tmp_path_factory: pytest.TempPathFactory) -> CdkApp:
    """The app, deployed."""
    slow = bootstrapped(cloud, tmp_path_factory.mktemp("cdk")).of("slow_app.py")
    _make_a_workteam(account.session)
    slow.deploy(STACK, context={"title": "In time", "service_timeout": "900"})
    return slow


def test_a_flow_definition_that_is_not_active_in_time(app: CdkApp, account: Account) -> None:
    before = Snapshot.of(account, NAME)

    with pytest.raises(DeploymentError, match=r"is still Initializing after \d+ seconds"):
        app.deploy(STACK, context={"title": "Late", "service_timeout": str(SERVICE_TIMEOUT)})

    assert account.status(STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert Snapshot.of(account, NAME) == before
    assert "deploy again" in account.failures(STACK)


def test_a_flow_definition_that_becomes_failed(app: CdkApp, account: Account) -> None:
    before = Snapshot.of(account, NAME)

    with ThreadPoolExecutor() as threads:
        # What a flow definition needs goes while it is Initializing.
        deleted = threads.submit(_delete_the_new_page, account, before)
        with pytest.raises(DeploymentError, match=r"failed: Human task UI \S+ does not exist"):
            app.deploy(STACK, context={"title": "Without its page", "service_timeout": "900"})
    deleted.result()

    assert account.status(STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert Snapshot.of(account, NAME) == before
    assert "most often the role, the bucket or the workteam" in account.failures(STACK)


def _delete_the_new_page(account: Account, before: Snapshot) -> None:
    """Delete the page of the new flow definition as soon as there is one."""
    wait_for(
        "a new flow definition",
        lambda: account.flow_definitions(NAME).keys() > before.flow_definitions.keys(),
        seconds=120,
    )
    [page] = account.human_task_uis(NAME) - before.human_task_uis
    account.sagemaker.delete_human_task_ui(HumanTaskUiName=page)


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
