"""What Rekognition and Textract need: images and forms in S3, people, and callers."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.localcloud.conftest import WORKFLOWS, Connect

REGION = "ap-southeast-2"  # it keeps a workforce, of which a Region has one
BUCKET = "ai-services"
IMAGES = WORKFLOWS / "moderation" / "demo" / "images"
FORMS = WORKFLOWS / "document" / "demo" / "forms"

FlowDefinition = Callable[..., str]
Caller = Callable[..., tuple[str, str]]


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*") -> dict[str, Any]:
    """A statement that allows one action."""
    return {"Effect": "Allow", "Action": action, "Resource": resource}


@pytest.fixture(scope="session")
def stored(connect: Connect) -> str:
    """A bucket with the example images and forms; and one in another Region."""
    s3 = connect("s3", REGION)
    for bucket, region in ((BUCKET, REGION), ("far-away", "eu-west-2")):
        connect("s3", region).create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
        )
    for directory in (IMAGES, FORMS):
        for path in directory.glob("*.png"):
            s3.put_object(Bucket=BUCKET, Key=f"in/{path.name}", Body=path.read_bytes())
    connect("s3", "eu-west-2").put_object(
        Bucket="far-away", Key="in/beach.png", Body=(IMAGES / "beach.png").read_bytes()
    )
    return BUCKET


@pytest.fixture(scope="session")
def flow_definition(connect: Connect, stored: str) -> FlowDefinition:
    """Creates an Active flow definition: ``(name, source, *conditions) -> ARN``."""
    sagemaker = connect("sagemaker", REGION)
    config = {
        "WorkteamArn": _workteam(connect),
        "HumanTaskUiArn": sagemaker.create_human_task_ui(
            HumanTaskUiName="ai-services", UiTemplate={"Content": "<crowd-form></crowd-form>"}
        )["HumanTaskUiArn"],
        "TaskTitle": "Review",
        "TaskDescription": "Review it",
        "TaskCount": 1,
    }
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    role = connect("iam").create_role(
        RoleName="ai-services",
        AssumeRolePolicyDocument=policy({**trust, "Action": "sts:AssumeRole"}),
    )

    def create(name: str, source: str | None, *conditions: dict[str, Any]) -> str:
        request: dict[str, Any] = {
            "FlowDefinitionName": name,
            "RoleArn": role["Role"]["Arn"],
            "OutputConfig": {"S3OutputPath": f"s3://{stored}/out"},
            "HumanLoopConfig": config,
        }
        if source:
            request["HumanLoopRequestSource"] = {"AwsManagedHumanLoopRequestSource": source}
        if conditions:
            text = json.dumps({"Conditions": conditions})
            given = {"HumanLoopActivationConditions": text}
            request["HumanLoopActivationConfig"] = {"HumanLoopActivationConditionsConfig": given}
        arn: str = sagemaker.create_flow_definition(**request)["FlowDefinitionArn"]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            described = sagemaker.describe_flow_definition(FlowDefinitionName=name)
            if described["FlowDefinitionStatus"] == "Active":
                return arn
        raise AssertionError(f"{name} is still {described['FlowDefinitionStatus']}")

    return create


def _workteam(connect: Connect) -> str:
    cognito = connect("cognito-idp", REGION)
    pool = cognito.create_user_pool(PoolName="ai-services")["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain="ai-services")
    cognito.create_group(UserPoolId=pool, GroupName="reviewers")
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="c", GenerateSecret=True)
    member = {"UserPool": pool, "ClientId": client["UserPoolClient"]["ClientId"]}
    created = connect("sagemaker", REGION).create_workteam(
        WorkteamName="ai-services",
        Description="reviewers",
        MemberDefinitions=[{"CognitoMemberDefinition": {**member, "UserGroup": "reviewers"}}],
    )
    return str(created["WorkteamArn"])


@pytest.fixture
def caller(connect: Connect) -> Iterator[Caller]:
    """Makes a user who may do what the statements allow, and no more; answers an access key."""
    iam = connect("iam")
    made: list[tuple[str, str]] = []

    def make(*statements: dict[str, Any]) -> tuple[str, str]:
        name = f"ai-services-caller-{len(made)}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made.append((name, key["AccessKeyId"]))
        return key["AccessKeyId"], key["SecretAccessKey"]

    yield make
    for name, key_id in made:
        iam.delete_access_key(UserName=name, AccessKeyId=key_id)
        iam.delete_user_policy(UserName=name, PolicyName="allowed")
        iam.delete_user(UserName=name)
