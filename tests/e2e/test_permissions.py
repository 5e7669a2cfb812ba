"""Take a permission away and the deploy or the call is refused: IAM is enforced, and needed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from demo.deployment import DeploymentError
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from human_review import FlowDefinition, HumanTaskUi, Workteam
from localcloud import Address
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


def test_grants_of_imported_resources_allow_these_and_no_others(
    sentiment: DeployedWorkflow, session: boto3.Session, cloud: Address
) -> None:
    loop, content = "looked-at", {"InputContent": json.dumps({"taskObject": "It is okay"})}
    with (
        _flow_definition_like_sentiments(session, "theirs") as theirs,
        _flow_definition_like_sentiments(session, "others") as others,
        _allowed_by_grants(session, theirs) as role_arn,
    ):
        client = _clients_of(session, cloud, role_arn)
        sagemaker, loops = client("sagemaker"), client("sagemaker-a2i-runtime")
        config = theirs["HumanLoopConfig"]
        page, workteam = (config[it].rpartition("/")[2] for it in ("HumanTaskUiArn", "WorkteamArn"))

        started = {"HumanLoopName": loop, "HumanLoopInput": content}
        loops.start_human_loop(FlowDefinitionArn=theirs["FlowDefinitionArn"], **started)
        assert sagemaker.describe_human_task_ui(HumanTaskUiName=page)["HumanTaskUiName"] == page
        assert sagemaker.describe_workteam(WorkteamName=workteam)["Workteam"]

        with _denied("StartHumanLoop"):
            loops.start_human_loop(FlowDefinitionArn=others["FlowDefinitionArn"], **started)
        with _denied("DescribeHumanTaskUi"):
            sagemaker.describe_human_task_ui(HumanTaskUiName=f"{page}-2")
        with _denied("DescribeWorkteam"):
            sagemaker.describe_workteam(WorkteamName=f"{workteam}-2")
        with _denied("StopHumanLoop"):
            loops.stop_human_loop(HumanLoopName=loop)
        with _denied("DeleteFlowDefinition"):
            sagemaker.delete_flow_definition(FlowDefinitionName=theirs["FlowDefinitionName"])


def test_the_guard_counts_what_waits_to_be_triaged_and_in_no_other_queue(
    sentiment: DeployedWorkflow, session: boto3.Session, cloud: Address
) -> None:
    role = _function(session, "HumanReviewWorkforce-ReviewProviderIsComplete")["Role"]
    queue = _parameter(session, "sentiment/triage-queue-url")
    other = _parameter(session, "sentiment/dead-letter-queue-url")
    count = ["ApproximateNumberOfMessages"]

    with _trusting_the_account(session, role) as role_arn:
        sqs = _clients_of(session, cloud, role_arn)("sqs")

        assert sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=count)["Attributes"]
        with _denied("GetQueueAttributes"):
            sqs.get_queue_attributes(QueueUrl=other, AttributeNames=count)
        with _denied("ReceiveMessage"):
            sqs.receive_message(QueueUrl=queue)


@contextmanager
def _denied(operation: str) -> Iterator[None]:
    """The block is refused for want of a permission."""
    with pytest.raises(ClientError, match=f"AccessDenied.*{operation}"):
        yield


@contextmanager
def _flow_definition_like_sentiments(session: boto3.Session, name: str) -> Iterator[dict[str, Any]]:
    """A flow definition whose reviews nothing collects."""
    sagemaker: Any = session.client("sagemaker")
    pointer = "/human-review/sentiment/flow-definition-arn"
    current = session.client("ssm").get_parameter(Name=pointer)["Parameter"]["Value"]
    like = sagemaker.describe_flow_definition(FlowDefinitionName=current.rpartition("/")[2])
    settings = {key: like[key] for key in ("RoleArn", "OutputConfig", "HumanLoopConfig")}
    sagemaker.create_flow_definition(FlowDefinitionName=name, **settings)

    def described() -> dict[str, Any]:
        return dict(sagemaker.describe_flow_definition(FlowDefinitionName=name))

    wait_for("it", lambda: described()["FlowDefinitionStatus"] == "Active", seconds=30)
    try:
        yield described()
    finally:
        # Its loops, which nobody has opened, go with it.
        sagemaker.delete_flow_definition(FlowDefinitionName=name)


@contextmanager
def _allowed_by_grants(session: boto3.Session, described: dict[str, Any]) -> Iterator[str]:
    """A role that CloudFormation made, with the grants of what a flow definition is made of."""
    app = cdk.App()
    stack = cdk.Stack(app, "ImportedGrants", synthesizer=cdk.BootstraplessSynthesizer())
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    config = described["HumanLoopConfig"]
    FlowDefinition.from_flow_definition_arn(
        stack, "FlowDefinition", described["FlowDefinitionArn"]
    ).grant_start_human_loop(role)
    HumanTaskUi.from_human_task_ui_arn(
        stack, "HumanTaskUi", config["HumanTaskUiArn"]
    ).grant_describe(role)
    Workteam.from_workteam_arn(stack, "Workteam", config["WorkteamArn"]).grant_describe(role)
    cdk.CfnOutput(stack, "RoleArn", value=role.role_arn)
    template = app.synth().get_stack_by_name(stack.stack_name).template

    cloudformation = session.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack.stack_name,
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=stack.stack_name, WaiterConfig={"Delay": 1}
    )
    [made] = cloudformation.describe_stacks(StackName=stack.stack_name)["Stacks"]
    try:
        yield made["Outputs"][0]["OutputValue"]
    finally:
        cloudformation.delete_stack(StackName=stack.stack_name)


def _clients_of(session: boto3.Session, cloud: Address, role_arn: str) -> Callable[..., Any]:
    """What makes clients of somebody who has assumed the role."""
    assumed = session.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="somebody")
    credentials = assumed["Credentials"]
    theirs = boto3.Session(
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials["SessionToken"],
        region_name=cloud.region,
    )
    return partial(theirs.client, endpoint_url=cloud.endpoint_url, verify=cloud.ca)


@contextmanager
def _trusting_the_account(session: boto3.Session, role: str) -> Iterator[str]:
    """A function's role, which its account may assume for a while: its ARN."""
    iam_ = session.client("iam")
    there = iam_.get_role(RoleName=role)["Role"]
    root = f"arn:aws:iam::{there['Arn'].split(':')[4]}:root"
    trust = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    iam_.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(document))
    try:
        yield there["Arn"]
    finally:
        before = json.dumps(there["AssumeRolePolicyDocument"])
        iam_.update_assume_role_policy(RoleName=role, PolicyDocument=before)


def _triage_function(session: boto3.Session) -> dict[str, str]:
    return _function(session, _parameter(session, "sentiment/triage-function-name"))


def _parameter(session: boto3.Session, name: str) -> str:
    found = session.client("ssm").get_parameter(Name=f"/human-review/{name}")
    return found["Parameter"]["Value"]


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
