"""A change that fails leaves exactly what was there, and says why in the service's own words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from demo.deployment import DeploymentError
from demo.waiting import wait_for
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.snapshot import Snapshot

STACK = "Failing"
NAME = "failing"
LOOP = "failing-waits-for-somebody"


class Failing:
    """The app whose changes fail."""

    def __init__(self, app: CdkApp) -> None:
        self._app = app.of("failing_app.py")

    def deploy(
        self,
        *,
        title: str,
        workteam: str = "reviewers",
        trusted: str = "sagemaker.amazonaws.com",
    ) -> None:
        """Run ``cdk deploy``.

        :param trusted: which service the flow definition's role trusts.
        """
        context = {"title": title, "workteam": workteam, "trusted": trusted}
        self._app.deploy(STACK, context=context)

    def destroy(self) -> None:
        """Run ``cdk destroy``."""
        context = dict.fromkeys(("title", "workteam", "trusted"), "any")
        self._app.destroy(STACK, context=context)


@pytest.fixture(scope="module")
def failing(app: CdkApp, workforce: str, account: Account) -> Iterator[Failing]:
    """The app, deployed, with a loop that waits."""
    deployed = Failing(app)
    deployed.deploy(title="Works")
    account.loops.start_human_loop(
        HumanLoopName=LOOP,
        FlowDefinitionArn=account.flow_definition_arn(account.current(NAME)),
        HumanLoopInput={"InputContent": '{"taskObject": "anything"}'},
    )
    yield deployed
    _end_the_loop(account)
    deployed.destroy()


def test_a_workteam_that_is_missing(failing: Failing, account: Account) -> None:
    before = Snapshot.of(account, NAME)

    with pytest.raises(DeploymentError, match="workteam/private-crowd/nobody does not exist"):
        failing.deploy(title="Second", workteam="nobody")

    assert Snapshot.of(account, NAME) == before
    assert "correct what it names and deploy again" in account.failures(STACK)


def test_a_role_that_cannot_be_assumed(failing: Failing, account: Account) -> None:
    before, since = Snapshot.of(account, NAME), datetime.now(UTC)

    with pytest.raises(DeploymentError, match=r"trust policy does not name sagemaker"):
        failing.deploy(title="Third", trusted="lambda.amazonaws.com")

    assert account.changes_made(since).count("CreateFlowDefinition") == 1
    assert Snapshot.of(account, NAME) == before
    role = account.sagemaker.describe_flow_definition(FlowDefinitionName=before.current)["RoleArn"]
    assert role in account.failures(STACK)


def test_a_flow_definition_that_an_update_takes_out(failing: Failing, account: Account) -> None:
    _end_the_loop(account)

    failing.deploy(title="Taken out")

    assert account.status(STACK) == "UPDATE_COMPLETE"
    assert account.flow_definitions(NAME) == {}


def _end_the_loop(account: Account) -> None:
    """Stop the loop that waits, if nobody has."""
    if account.human_loop_status(LOOP) == "InProgress":
        account.loops.stop_human_loop(HumanLoopName=LOOP)
    wait_for(
        "the end of the loop",
        lambda: account.human_loop_status(LOOP) not in ("InProgress", "Stopping"),
        seconds=30,
    )
