"""The stacks through their life: deploy, diff, update, a failed update, destroy."""

import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from demo.deployment import DeploymentError, cdk
from demo.workflow import DeployedWorkflow

_APP = Path(__file__).with_name("flow_definition_app.py")


class Trial:
    """The app beside this file, deployed with one workteam and title or another."""

    def __init__(self, environment: dict[str, str], session: boto3.Session, log: Path) -> None:
        self._environment = environment
        self._log = log
        self._ssm = session.client("ssm")
        self._sagemaker = session.client("sagemaker")

    def deploy(self, *, workteam: str, title: str) -> None:
        """Run ``cdk deploy``."""
        self._cdk("deploy", workteam, title, "--require-approval=never")

    def destroy(self) -> None:
        """Run ``cdk destroy``."""
        self._cdk("destroy", "reviewers", "any", "--force")

    def current(self) -> str:
        """The flow definition that the SSM parameter names."""
        name = "/human-review/trial/flow-definition-arn"
        return self._ssm.get_parameter(Name=name)["Parameter"]["Value"].rpartition("/")[2]

    def flow_definitions(self) -> dict[str, str]:
        """The title of each of the app's flow definitions that there are."""
        pages = self._sagemaker.get_paginator("list_flow_definitions").paginate()
        names = [
            summary["FlowDefinitionName"]
            for page in pages
            for summary in page["FlowDefinitionSummaries"]
            if summary["FlowDefinitionName"].startswith("trial--")
        ]
        return {name: self._title(name) for name in names}

    def _title(self, name: str) -> str:
        description = self._sagemaker.describe_flow_definition(FlowDefinitionName=name)
        assert description["FlowDefinitionStatus"] == "Active"
        return description["HumanLoopConfig"]["TaskTitle"]

    def _cdk(self, command: str, workteam: str, title: str, *options: str) -> None:
        app = f"{sys.executable} {_APP}"
        context = ("-c", f"workteam={workteam}", "-c", f"title={title}")
        # An output folder of its own: the checkout's belongs to its own app.
        output = ("--output", str(self._log.with_name("trial.out")))
        cdk(
            *("--app", app, *output, command, "Trial", *context, *options),
            environment=self._environment,
            log=self._log,
        )


@pytest.fixture
def trial(
    sentiment: DeployedWorkflow,  # its deployment made the workteam
    environment: dict[str, str],
    session: boto3.Session,
    tmp_path: Path,
) -> Trial:
    """The app beside this file, not deployed yet."""
    return Trial(environment, session, tmp_path / "cdk.log")


def test_a_diff_right_after_a_deploy_is_empty(
    sentiment: DeployedWorkflow, environment: dict[str, str], tmp_path: Path
) -> None:
    stack = "HumanReview-sentiment"  # brings HumanReviewWorkforce, which it depends on
    cdk("diff", stack, "--fail", environment=environment, log=tmp_path / "cdk.log")

    assert "Number of stacks with differences: 0" in (tmp_path / "cdk.log").read_text()


def test_update_failed_update_and_destroy(trial: Trial, tmp_path: Path) -> None:
    trial.deploy(workteam="reviewers", title="First")
    first = trial.current()
    assert trial.flow_definitions() == {first: "First"}

    trial.deploy(workteam="reviewers", title="Second")
    second = trial.current()
    assert second != first
    # The first is retired, not deleted: somebody may be at work on one of its reviews.
    assert trial.flow_definitions() == {first: "First", second: "Second"}

    # The service's own words reach the person who deploys; nothing is changed or left over.
    with pytest.raises(DeploymentError, match="workteam/private-crowd/missing"):
        trial.deploy(workteam="missing", title="Third")
    assert trial.current() == second
    assert trial.flow_definitions() == {first: "First", second: "Second"}

    trial.destroy()
    assert trial.flow_definitions() == {}
    with pytest.raises(ClientError, match="ParameterNotFound"):
        trial.current()
