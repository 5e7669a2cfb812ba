"""Destroying a workflow: refused while reviews are open, or stopping them, and never half done."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from demo.deployment import DeploymentError
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Address
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.crew import Worker, hire, working
from tests.lifecycle.workflow_folder import WorkflowFolder


@pytest.fixture
def ending(
    app: CdkApp, workforce: str, tmp_path: Path, request: pytest.FixtureRequest
) -> WorkflowFolder:
    """A workflow that is deployed, with the test's own settings in workflow.yaml."""
    folder = WorkflowFolder(tmp_path, "ending")
    folder.write(title="To be destroyed", **getattr(request, "param", {}))
    app.deploy(folder.stack, context=folder.context, options=("--exclusively",))
    return folder


@pytest.fixture
def worker(ending: WorkflowFolder, session: boto3.Session, cloud: Address) -> Iterator[Worker]:
    """Somebody at work."""
    [username] = hire(session, "zoe")
    with working(cloud.portal_url, username) as signed_in:
        yield signed_in


@pytest.mark.parametrize("ending", [{"on_destroy": "stop"}], ids=["on_destroy-stop"], indirect=True)
def test_destroy_is_refused_then_stops_what_is_open_and_can_be_repeated(
    ending: WorkflowFolder,
    app: CdkApp,
    account: Account,
    session: boto3.Session,
    worker: Worker,
) -> None:
    deployed = DeployedWorkflow(session, ending.name)
    pool = account.parameter("user-pool-id")
    current = account.current(ending.name)
    account.triage(ending.name, "one", "two", "three")
    before = account.resources(ending.stack)
    assert account.parameter("ending/on-destroy") == "stop"
    _set_on_destroy(account, "refuse")

    with pytest.raises(DeploymentError, match="3 reviews of workflow ending are open"):
        app.destroy(ending.stack, context=ending.context)

    reason = account.failures(ending.stack)
    assert "nothing was deleted" in reason
    assert "wait until they are answered" in reason
    assert "put-parameter --name /human-review/ending/on-destroy" in reason
    assert account.resources(ending.stack) == before
    _goes_on_working(account, deployed, worker, current)

    opened = worker.take(current)
    assert opened is not None
    _set_on_destroy(account, "stop")
    with ThreadPoolExecutor() as threads:
        destroying = threads.submit(app.destroy, ending.stack, context=ending.context)
        wait_for(
            "all but the one with the reviewer to stop",
            lambda: sorted(account.human_loops(current).values()).count("Stopped") == 2,
            seconds=120,
        )
        assert not destroying.done()
        worker.answer(opened, "in time")
        destroying.result()

    assert account.flow_definitions(ending.name) == {}
    with pytest.raises(ClientError, match="does not exist"):
        account.cloudformation.describe_stacks(StackName=ending.stack)
    _kept(session, deployed, pool)
    app.destroy(ending.stack, context=ending.context)


def test_destroy_after_somebody_deleted_things_by_hand(
    ending: WorkflowFolder, app: CdkApp, account: Account
) -> None:
    current = account.current(ending.name)
    [page] = account.human_task_uis(ending.name)
    assert account.parameter("ending/on-destroy") == "refuse"
    account.lambda_.delete_function(
        FunctionName=account.parameter("ending/reconcile-function-name")
    )
    account.sagemaker.delete_flow_definition(FlowDefinitionName=current)
    account.sagemaker.delete_human_task_ui(HumanTaskUiName=page)
    for name in ("flow-definition-arn", "on-destroy"):
        account.ssm.delete_parameter(Name=f"/human-review/ending/{name}")
    wait_for("its end", lambda: account.flow_definitions(ending.name) == {}, seconds=30)
    wait_for("the page's", lambda: account.human_task_uis(ending.name) == set(), seconds=30)

    app.destroy(ending.stack, context=ending.context)

    with pytest.raises(ClientError, match="does not exist"):
        account.cloudformation.describe_stacks(StackName=ending.stack)


def _set_on_destroy(account: Account, value: str) -> None:
    """Say what a destroy is to do, as its refusal tells one to."""
    account.ssm.put_parameter(
        Name="/human-review/ending/on-destroy", Value=value, Type="String", Overwrite=True
    )


def test_destroy_empties_the_bucket_when_that_is_chosen(
    app: CdkApp, workforce: str, account: Account, session: boto3.Session, tmp_path: Path
) -> None:
    folder = WorkflowFolder(tmp_path, "vanishing")
    folder.write(title="To be destroyed with its labels")
    context = {**folder.context, "human-review:results.removal_policy": "destroy"}
    app.deploy(folder.stack, context=context, options=("--exclusively",))
    bucket = account.parameter("vanishing/bucket-name")
    s3 = session.client("s3")
    for body in (b"one", b"another"):
        s3.put_object(Bucket=bucket, Key="labels/2026/01/02/loop.json", Body=body)
    s3.delete_object(Bucket=bucket, Key="labels/2026/01/02/loop.json")

    since = datetime.now(UTC)
    app.destroy(folder.stack, context=context)

    with pytest.raises(ClientError, match="Not Found"):
        s3.head_bucket(Bucket=bucket)
    # The local cloud's CloudFormation deletes a bucket with all that is in it; AWS's does not.
    assert _was_emptied(session, bucket, since)


def _was_emptied(session: boto3.Session, bucket: str, since: datetime) -> bool:
    """Whether DeleteObjects was called, which the record of calls knows by its method alone."""
    pages = session.client("cloudtrail").get_paginator("lookup_events").paginate(StartTime=since)
    return any(
        event["EventName"] == "POST.s3" and resource["ResourceName"] == bucket
        for page in pages
        for event in page["Events"]
        for resource in event["Resources"]
    )


def _goes_on_working(
    account: Account, deployed: DeployedWorkflow, worker: Worker, flow_definition: str
) -> None:
    """Send an item the way that callers do, have it answered, and see its label."""
    prediction = {"label": "?", "confidence": 0.2}
    deployed.send([{"id": "four", "input": "still there", "prediction": prediction}])
    wait_for("the request", lambda: len(deployed.keys("requests")) == 4, seconds=60)
    task = worker.take(flow_definition)
    assert task is not None
    worker.answer(task, "yes")
    wait_for("the label", lambda: len(deployed.keys("labels")) == 1, seconds=60)
    assert account.open_loops(flow_definition) == 3


def _kept(session: boto3.Session, deployed: DeployedWorkflow, user_pool_id: str) -> None:
    # Each has its record, the three that the destroy stopped too.
    statuses = {
        record.content["item_id"]: record.content["status"] for record in deployed.records("labels")
    }
    assert sorted(statuses.values()) == ["Completed", "Stopped", "Stopped", "Stopped"]
    assert len(deployed.keys("requests")) == len(statuses)
    pool = session.client("cognito-idp").describe_user_pool(UserPoolId=user_pool_id)
    assert pool["UserPool"]["Id"] == user_pool_id
