"""A deploy changes what was changed, and calls nothing else."""

from datetime import UTC, datetime

import pytest

from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.workflow_folder import WorkflowFolder


@pytest.fixture(scope="module")
def still(app: CdkApp, workforce: str, tmp_path_factory: pytest.TempPathFactory) -> WorkflowFolder:
    """A workflow that is deployed."""
    folder = WorkflowFolder(tmp_path_factory.mktemp("still"), "still")
    folder.write(title="The same")
    app.deploy(folder.stack, context=folder.context, options=("--exclusively",))
    return folder


def test_a_deploy_that_changes_nothing_calls_nothing(
    still: WorkflowFolder, app: CdkApp, workforce: str, account: Account
) -> None:
    before = account.resources(still.stack) | account.resources(workforce)
    since = datetime.now(UTC)

    app.deploy(still.stack, context=still.context)  # and the workforce, which it depends on

    assert account.changes_made(since) == []
    assert account.resources(still.stack) | account.resources(workforce) == before


def test_a_change_beside_the_task_leaves_the_flow_definition_alone(
    still: WorkflowFolder, app: CdkApp, account: Account
) -> None:
    current = account.current(still.name)
    since = datetime.now(UTC)

    still.write(title="The same", triage={"threshold": 0.8})
    app.deploy(still.stack, context=still.context, options=("--exclusively",))

    assert account.changes_made(since) == []
    assert account.flow_definitions(still.name) == {current: "Active"}


def test_tags_of_the_stack_change_in_place(
    still: WorkflowFolder, app: CdkApp, account: Account
) -> None:
    current, pages = account.current(still.name), account.human_task_uis(still.name)
    since = datetime.now(UTC)

    tags = ("--exclusively", "--tags", "team=reviews")
    app.deploy(still.stack, context=still.context, options=tags)

    assert account.changes_made(since) == []
    assert account.flow_definitions(still.name) == {current: "Active"}
    assert account.human_task_uis(still.name) == pages
    [page] = pages
    arn = account.sagemaker.describe_human_task_ui(HumanTaskUiName=page)["HumanTaskUiArn"]
    kept = account.sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert {"Key": "team", "Value": "reviews"} in kept


def test_a_change_of_the_task_is_what_the_record_of_calls_shows(
    still: WorkflowFolder, app: CdkApp, account: Account
) -> None:
    since = datetime.now(UTC)

    still.write(title="Another")
    app.deploy(still.stack, context=still.context, options=("--exclusively",))

    assert sorted(account.changes_made(since)) == ["AddTags", "CreateFlowDefinition"]
