"""Take a permission away and the deploy or the call is refused: IAM is enforced, and needed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import boto3
import pytest

from demo.deployment import DeploymentError
from demo.workflow import DeployedWorkflow
from tests.e2e.test_deploy import Trial


def test_triage_cannot_start_a_loop_that_it_may_not_start(
    sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    function = _triage_function(session)
    item = {"id": "no-permission", "input": "It is okay"}

    with _without(session, function["Role"], "sagemaker:StartHumanLoop"):
        error = _invoke(session, function["FunctionName"], item)
        assert "AccessDenied" in error["errorMessage"]
        assert "sagemaker:StartHumanLoop" in error["errorMessage"]

    # The item was not lost: asked again, it goes on.
    assert _invoke(session, function["FunctionName"], item)["results"][0]["route"] == "confidence"


def test_triage_cannot_ask_the_model_without_permission(
    sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    function = _triage_function(session)

    with _without(session, function["Role"], "sagemaker:InvokeEndpoint"):
        error = _invoke(session, function["FunctionName"], {"id": "no-model", "input": "It is"})

    assert "sagemaker:InvokeEndpoint" in error["errorMessage"]


def test_a_deploy_fails_when_the_provider_may_not_make_flow_definitions(
    sentiment: DeployedWorkflow,
    environment: dict[str, str],
    session: boto3.Session,
    tmp_path: Path,
) -> None:
    trial = Trial(environment, session, tmp_path / "cdk.log")
    trial.deploy(workteam="reviewers", title="Allowed")
    before = trial.flow_definitions()
    role = _function(session, "Trial-ReviewProviderOnEvent")["Role"]

    with (
        _without(session, role, "sagemaker:CreateFlowDefinition"),
        pytest.raises(DeploymentError, match="sagemaker:CreateFlowDefinition"),
    ):
        trial.deploy(workteam="reviewers", title="Refused")

    assert trial.flow_definitions() == before
    trial.destroy()


def _triage_function(session: boto3.Session) -> dict[str, str]:
    name = "/human-review/sentiment/triage-function-name"
    return _function(session, session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def _function(session: boto3.Session, name_prefix: str) -> dict[str, str]:
    pages = session.client("lambda").get_paginator("list_functions").paginate()
    [found] = [
        function
        for page in pages
        for function in page["Functions"]
        if function["FunctionName"].startswith(name_prefix)
    ]
    return {"FunctionName": found["FunctionName"], "Role": found["Role"].rpartition("/")[2]}


def _invoke(session: boto3.Session, name: str, item: dict[str, str]) -> dict[str, Any]:
    answer = session.client("lambda").invoke(FunctionName=name, Payload=json.dumps(item))
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    return payload


@contextmanager
def _without(session: boto3.Session, role: str, action: str) -> Iterator[None]:
    """Take ``action`` out of every inline policy of ``role`` until the block ends."""
    iam = session.client("iam")
    taken: dict[str, Any] = {}
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        policy: Any = json.loads(unquote(document)) if isinstance(document, str) else document
        left = [it for it in (_less(it, action) for it in policy["Statement"]) if it["Action"]]
        if left != policy["Statement"]:
            taken[name] = policy
            reduced = json.dumps({**policy, "Statement": left})
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=reduced)
    assert taken, f"{role} had no {action} to take away"
    try:
        yield
    finally:
        for name, policy in taken.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))


def _less(statement: dict[str, Any], action: str) -> dict[str, Any]:
    actions = statement["Action"]
    listed = [actions] if isinstance(actions, str) else actions
    return {**statement, "Action": [it for it in listed if it != action]}
