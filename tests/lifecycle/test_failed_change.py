"""A change that fails leaves exactly what was there, and says why in the service's own words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest

from demo.deployment import DeploymentError
from demo.waiting import wait_for
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp

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


@dataclass(frozen=True)
class Snapshot:
    """All that a failed change must leave as it was."""

    current: str
    flow_definitions: dict[str, dict[str, Any]]
    tags: dict[str, str]
    human_task_uis: set[str]
    human_loops: dict[str, str]

    @classmethod
    def of(cls, account: Account) -> "Snapshot":
        """What there is now."""
        names = account.flow_definitions(NAME)
        current = account.current(NAME)
        return cls(
            current,
            {name: _described(account, name) for name in names},
            account.tags(current),
            account.human_task_uis(NAME),
            account.human_loops(current),
        )


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
    account.loops.stop_human_loop(HumanLoopName=LOOP)
    deployed.destroy()
    assert account.flow_definitions(NAME) == {}


def test_a_workteam_that_is_missing(failing: Failing, account: Account) -> None:
    before = Snapshot.of(account)

    with pytest.raises(DeploymentError, match="workteam/private-crowd/nobody does not exist"):
        failing.deploy(title="Second", workteam="nobody")

    assert Snapshot.of(account) == before
    assert "correct what it names and deploy again" in account.failures(STACK)


def test_a_role_that_cannot_be_assumed(failing: Failing, account: Account) -> None:
    before = Snapshot.of(account)

    with pytest.raises(DeploymentError, match=r"assume"):
        failing.deploy(title="Third", trusted="lambda.amazonaws.com")

    assert Snapshot.of(account) == before
    role = account.sagemaker.describe_flow_definition(FlowDefinitionName=before.current)["RoleArn"]
    assert role in account.failures(STACK)


def test_a_flow_definition_that_becomes_failed(failing: Failing, account: Account) -> None:
    before = Snapshot.of(account)

    with ThreadPoolExecutor() as threads:
        # What a flow definition needs goes while it is Initializing.
        deleted = threads.submit(_delete_the_new_page, account, before)
        with pytest.raises(DeploymentError, match=r"failed: Human task UI \S+ does not exist"):
            failing.deploy(title="Fourth")
    deleted.result()

    assert Snapshot.of(account) == before
    assert "most often the role, the bucket or the workteam" in account.failures(STACK)


def _delete_the_new_page(account: Account, before: Snapshot) -> None:
    """Delete the new flow definition's page within the third of a second that it takes."""
    wait_for("the update", lambda: account.status(STACK) == "UPDATE_IN_PROGRESS", seconds=120)
    deadline = monotonic() + 60
    while account.flow_definitions(NAME).keys() == before.flow_definitions.keys():
        if monotonic() > deadline:
            raise TimeoutError("waited 60 s for a new flow definition")
    [page] = account.human_task_uis(NAME) - before.human_task_uis
    account.sagemaker.delete_human_task_ui(HumanTaskUiName=page)


def _described(account: Account, name: str) -> dict[str, Any]:
    described: dict[str, Any] = dict(
        account.sagemaker.describe_flow_definition(FlowDefinitionName=name)
    )
    return {key: value for key, value in described.items() if key != "ResponseMetadata"}
