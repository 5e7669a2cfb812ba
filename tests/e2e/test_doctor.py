"""Things break one after another on the local cloud, and ``human-review doctor`` names each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from typer.testing import CliRunner

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from review_cli.main import app
from tests.e2e.people import invite

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CORSRuleTypeDef
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

_DOCUMENTATION = Path(__file__).parents[2] / "docs" / "doctor.md"
_ONLY_PARAMETERS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "ssm:GetParametersByPath", "Resource": "*"},
    }
)
_POINTER = "/human-review/sentiment/flow-definition-arn"


class Doctor:
    """``human-review doctor``, as a program uses it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**environment, "AWS_PROFILE": None}

    def checks(self, *options: str) -> dict[str, dict[str, str]]:
        """Every check by its name; the exit status must fit them."""
        arguments = ["doctor", "sentiment", "--json", *options]
        result = CliRunner().invoke(app, arguments, env=self._environment)
        document = json.loads(result.stdout)
        assert result.exit_code == (0 if document["healthy"] else 1)
        return {check["name"]: check for check in document["checks"]}

    def findings(self) -> dict[str, str]:
        """What is wrong: the sentence of each check that is not ok."""
        return {
            name: check["sentence"]
            for name, check in self.checks().items()
            if check["status"] != "ok"
        }


@pytest.fixture(scope="module")
def doctor(
    sentiment: DeployedWorkflow, session: boto3.Session, environment: dict[str, str]
) -> Doctor:
    """The doctor of a workflow that somebody reviews for."""
    invite(session, "doctor", into_workteam=True)
    return Doctor(environment)


def test_a_deployment_is_healthy_until_something_is_broken(
    doctor: Doctor, session: boto3.Session
) -> None:
    assert doctor.findings() == {}

    with _without_callback_urls(session) as url:
        assert doctor.findings() == {"Callback URL": f"The app client lacks {url}."}

    with _without_members(session):
        [(name, sentence)] = doctor.findings().items()
        assert name == "Reviewers"
        assert sentence.startswith("Nobody is in the group reviewers")

    with _without_policies(session):
        [(name, sentence)] = doctor.findings().items()
        assert name == "Role's output"
        assert "lacks s3:PutObject" in sentence

    with _pointer_to(session, "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/gone"):
        [(name, sentence)] = doctor.findings().items()
        assert name == "Pointer"
        assert "flow-definition/gone, which does not exist" in sentence

    assert doctor.findings() == {}


def test_dead_letters_are_named_with_their_reasons_and_stay(
    doctor: Doctor, sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    sqs, url = session.client("sqs"), sentiment.dead_letter_queue_url
    reason: MessageAttributeValueTypeDef = {
        "DataType": "String",
        "StringValue": "not valid JSON: line 1",
    }
    sqs.send_message(QueueUrl=url, MessageBody="{", MessageAttributes={"Reason": reason})

    [(name, sentence)] = doctor.findings().items()
    assert name == "WorkflowTriageQueue's dead letters"
    assert sentence == "1 message could not be handled: not valid JSON: line 1."

    # It was not consumed, and is not hidden from whoever comes next.
    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert doctor.findings() == {}


def test_reviews_of_a_retired_flow_definition_are_counted(
    doctor: Doctor, sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    assert doctor.checks()["Retired flow definitions"]["sentence"] == "There is none."

    with _retired(session, "sentiment--retired") as arn:
        check = doctor.checks()["Retired flow definition"]
        assert check["status"] == "ok"
        assert check["sentence"].endswith("has no open review, and goes soon.")

        with _open_review(session, sentiment, arn, "It is okay"):
            check = doctor.checks()["Retired flow definition"]
        assert check["status"] == "ok"
        assert "has 1 open review, the oldest for" in check["sentence"]


def test_an_object_that_the_role_may_not_read_is_named(
    doctor: Doctor, sentiment: DeployedWorkflow, session: boto3.Session
) -> None:
    picture = "s3://somebody-elses-bucket/1.png"

    with _open_review(session, sentiment, _current_arn(session), {"picture": picture}):
        [(name, sentence)] = doctor.findings().items()

    assert name == "Role's input"
    assert f"1 object that the role cannot read, {picture} among them: S3 answers 40" in sentence


def test_a_bucket_policy_that_denies_the_role_is_found(
    doctor: Doctor, session: boto3.Session
) -> None:
    s3 = session.client("s3")

    with _input_bucket(session) as bucket:
        ready = doctor.checks()["Role's input"]
        assert (ready["status"], bucket in ready["sentence"]) == ("ok", True)

        statement = {
            "Effect": "Deny",
            "Principal": {"AWS": _role_arn(session)},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))

        assert doctor.findings() == {
            "Role's input": f"The role cannot read s3://{bucket}/a cat & a dog.png, though a "
            "policy of its own allows it: S3 answers 403 AccessDenied."
        }


def test_the_endpoint_answers_when_it_is_asked(doctor: Doctor) -> None:
    endpoint = doctor.checks("--ask-endpoint", "It is okay")["Endpoint"]

    assert endpoint["status"] == "ok"
    assert endpoint["sentence"].startswith("sentiment predicts ")


def test_the_documented_permissions_are_enough(
    doctor: Doctor,
    sentiment: DeployedWorkflow,
    environment: dict[str, str],
    session: boto3.Session,
) -> None:
    policy = _DOCUMENTATION.read_text().partition("```json\n")[2].partition("```")[0]

    with (
        _open_review(session, sentiment, _current_arn(session), "It is okay"),
        _input_bucket(session),
        _user(session, policy) as credentials,
    ):
        restricted = Doctor({**environment, **credentials})
        assert restricted.findings() == {}
        assert restricted.checks("--ask-endpoint", "It is okay")["Endpoint"]["status"] == "ok"

    with _user(session, _ONLY_PARAMETERS) as credentials:
        findings = Doctor({**environment, **credentials}).findings()
    assert findings.keys() == {"Amazon A2I", "Workforce", "Flow definition"}
    assert all("the credentials do not allow" in sentence for sentence in findings.values())


@contextmanager
def _user(session: boto3.Session, policy: str) -> Iterator[dict[str, str]]:
    """The credentials, as environment variables, of a user who may do what the policy allows."""
    iam, name = session.client("iam"), "doctor"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="Doctor", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    try:
        yield {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=name, PolicyName="Doctor")
        iam.delete_user(UserName=name)


@contextmanager
def _without_callback_urls(session: boto3.Session) -> Iterator[str]:
    """Take the app client's callback URLs away; answers the one that was there."""
    cognito: Any = session.client("cognito-idp")
    [workforce] = session.client("sagemaker").list_workforces()["Workforces"]
    config = workforce["CognitoConfig"]
    described = cognito.describe_user_pool_client(
        UserPoolId=config["UserPool"], ClientId=config["ClientId"]
    )["UserPoolClient"]
    known = cognito.meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    settings = {key: described[key] for key in known if described.get(key, "") != ""}
    cognito.update_user_pool_client(**settings | {"CallbackURLs": ["https://other.example"]})
    try:
        yield settings["CallbackURLs"][0]
    finally:
        cognito.update_user_pool_client(**settings)


@contextmanager
def _without_members(session: boto3.Session) -> Iterator[None]:
    """Take everybody out of the workteam's group."""
    cognito, ssm = session.client("cognito-idp"), session.client("ssm")
    pool = ssm.get_parameter(Name="/human-review/user-pool-id")["Parameter"]["Value"]
    pages = cognito.get_paginator("list_users_in_group").paginate(
        UserPoolId=pool, GroupName="reviewers"
    )
    names = [user["Username"] for page in pages for user in page["Users"]]
    for name in names:
        cognito.admin_remove_user_from_group(UserPoolId=pool, GroupName="reviewers", Username=name)
    try:
        yield
    finally:
        for name in names:
            cognito.admin_add_user_to_group(UserPoolId=pool, GroupName="reviewers", Username=name)


@contextmanager
def _without_policies(session: boto3.Session) -> Iterator[None]:
    """Take the flow definition's role its permissions away."""
    iam, role = session.client("iam"), _role_arn(session).rpartition("/")[2]
    policies = {
        policy: iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }
    assert policies
    for policy in policies:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        yield
    finally:
        for name, document in policies.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


@contextmanager
def _input_bucket(session: boto3.Session) -> Iterator[str]:
    """A bucket with an object, which the flow definition's role may read."""
    s3, iam = session.client("s3"), session.client("iam")
    bucket, role = "pictures-to-review", _role_arn(session).rpartition("/")[2]
    rule: CORSRuleTypeDef = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    s3.put_object(Bucket=bucket, Key="a cat & a dog.png", Body=b"a cat and a dog")
    iam.put_role_policy(RoleName=role, PolicyName="Input", PolicyDocument=json.dumps(policy))
    try:
        yield bucket
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="Input")
        s3.delete_object(Bucket=bucket, Key="a cat & a dog.png")
        s3.delete_bucket(Bucket=bucket)


@contextmanager
def _pointer_to(session: boto3.Session, arn: str) -> Iterator[None]:
    """Let the SSM parameter name another flow definition."""
    ssm, before = session.client("ssm"), _current_arn(session)
    ssm.put_parameter(Name=_POINTER, Value=arn, Overwrite=True)
    try:
        yield
    finally:
        ssm.put_parameter(Name=_POINTER, Value=before, Overwrite=True)


@contextmanager
def _retired(session: boto3.Session, name: str) -> Iterator[str]:
    """A flow definition like the current one, with the tag of a retired one."""
    sagemaker, current = session.client("sagemaker"), _current_arn(session).rpartition("/")[2]
    described = sagemaker.describe_flow_definition(FlowDefinitionName=current)
    arn = sagemaker.create_flow_definition(
        FlowDefinitionName=name,
        RoleArn=described["RoleArn"],
        OutputConfig=described["OutputConfig"],
        HumanLoopConfig=described["HumanLoopConfig"],
        Tags=[{"Key": "human-review:retired-at", "Value": datetime.now(UTC).isoformat()}],
    )["FlowDefinitionArn"]
    _wait_until_active(sagemaker, name)
    try:
        yield arn
    finally:
        sagemaker.delete_flow_definition(FlowDefinitionName=name)


def _wait_until_active(sagemaker: "SageMakerClient", name: str) -> None:
    def active() -> bool:
        described = sagemaker.describe_flow_definition(FlowDefinitionName=name)
        return described["FlowDefinitionStatus"] == "Active"

    wait_for(f"{name} to become Active", active, seconds=30)


@contextmanager
def _open_review(
    session: boto3.Session, sentiment: DeployedWorkflow, arn: str, shown: object
) -> Iterator[None]:
    """A review such as triage starts; in the end nothing is left of it, its record included."""
    runtime, s3 = session.client("sagemaker-a2i-runtime"), session.client("s3")
    name, before = "sentiment-looked-at-1", sentiment.keys("labels")
    request = f"requests/{name}.json"
    content = json.dumps(
        {
            "taskObject": shown,
            "initialValue": "0",
            "prediction": {"label": "0", "confidence": 0.5},
            "item": {
                "id": "looked-at",
                "workflow": "sentiment",
                "attempt": 1,
                "model": "theirs",
                "route": "confidence",
            },
        }
    )
    s3.put_object(Bucket=sentiment.bucket_name, Key=request, Body=content.encode())
    runtime.start_human_loop(
        HumanLoopName=name, FlowDefinitionArn=arn, HumanLoopInput={"InputContent": content}
    )
    try:
        yield
    finally:
        runtime.stop_human_loop(HumanLoopName=name)
        wait_for("its record", lambda: sentiment.keys("labels") > before, seconds=60)
        runtime.delete_human_loop(HumanLoopName=name)
        for key in {request, *(sentiment.keys("labels") - before)}:
            s3.delete_object(Bucket=sentiment.bucket_name, Key=key)


def _role_arn(session: boto3.Session) -> str:
    """The role of the current flow definition."""
    described = session.client("sagemaker").describe_flow_definition(
        FlowDefinitionName=_current_arn(session).rpartition("/")[2]
    )
    return described["RoleArn"]


def _current_arn(session: boto3.Session) -> str:
    return session.client("ssm").get_parameter(Name=_POINTER)["Parameter"]["Value"]
