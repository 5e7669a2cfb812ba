"""IAM is enforced: on SageMaker's resources, on passing a role, and on SageMaker itself."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud import Address

REGION = "eu-west-1"
PREFIX = f"arn:aws:sagemaker:{REGION}:000000000000:"

User = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def user(connect: Any) -> User:
    """Makes a user who may do what its statements allow, and no more; answers its access key."""
    iam = connect("iam")
    made: list[str] = []

    def make(*statements: dict[str, Any]) -> tuple[str, str]:
        name = f"user-{len(made)}"
        made.append(name)
        iam.create_user(UserName=name)
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        if statements:
            document = json.dumps(policy)
            iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    return make


@pytest.fixture(scope="module")
def workteam_arn(connect: Any) -> str:
    """A workteam, with the pool and the workforce it needs."""
    cognito, sagemaker = connect("cognito-idp", REGION), connect("sagemaker", REGION)
    pool = cognito.create_user_pool(PoolName="reviewers")["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain="iam-tests")
    cognito.create_group(UserPoolId=pool, GroupName="reviewers")
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="c", GenerateSecret=True)
    member = {"UserPool": pool, "ClientId": client["UserPoolClient"]["ClientId"]}
    created = sagemaker.create_workteam(
        WorkteamName="reviewers",
        Description="reviewers",
        MemberDefinitions=[{"CognitoMemberDefinition": {**member, "UserGroup": "reviewers"}}],
    )
    return str(created["WorkteamArn"])


@pytest.fixture(scope="module")
def human_task_ui_arn(connect: Any) -> str:
    ui = connect("sagemaker", REGION).create_human_task_ui(
        HumanTaskUiName="page", UiTemplate={"Content": "<crowd-form></crowd-form>"}
    )
    return str(ui["HumanTaskUiArn"])


@pytest.fixture(scope="module")
def role(connect: Any) -> Callable[[str, str], str]:
    """Makes a role that a service may assume, and that may write everywhere."""
    iam = connect("iam")

    def make(name: str, service: str) -> str:
        statement = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": service},
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])

    return make


@pytest.fixture(scope="module")
def role_arn(role: Callable[[str, str], str]) -> str:
    return role("reviews", "sagemaker.amazonaws.com")


@pytest.fixture(scope="module")
def flow_definition(
    connect: Any, workteam_arn: str, human_task_ui_arn: str
) -> Callable[..., dict[str, Any]]:
    """The request for a flow definition."""
    connect("s3", REGION).create_bucket(
        Bucket="iam-tests", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    human_loop_config = {
        "WorkteamArn": workteam_arn,
        "HumanTaskUiArn": human_task_ui_arn,
        "TaskTitle": "Review",
        "TaskDescription": "Review it",
        "TaskCount": 1,
    }

    def request(name: str, role_arn: str) -> dict[str, Any]:
        return {
            "FlowDefinitionName": name,
            "RoleArn": role_arn,
            "OutputConfig": {"S3OutputPath": "s3://iam-tests/a2i"},
            "HumanLoopConfig": human_loop_config,
        }

    return request


def allow(actions: list[str], resource: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def pass_role(role_arn: str, service: str = "sagemaker.amazonaws.com") -> dict[str, Any]:
    return allow(["iam:PassRole"], role_arn, StringEquals={"iam:PassedToService": service})


def wait_until_active(sagemaker: Any, name: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        described = sagemaker.describe_flow_definition(FlowDefinitionName=name)
        if described["FlowDefinitionStatus"] == "Active":
            return
    raise AssertionError(f"{name} is still {described['FlowDefinitionStatus']}")


CREATE = ["sagemaker:CreateFlowDefinition"]


def test_an_action_that_no_policy_allows_is_refused(
    connect: Any, user: User, flow_definition: Any, role_arn: str
) -> None:
    sagemaker = connect("sagemaker", REGION, user(pass_role(role_arn)))

    with pytest.raises(ClientError) as refused:
        sagemaker.create_flow_definition(**flow_definition("sentiment", role_arn))

    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert (
        "user/user-0 is not authorized to perform: sagemaker:CreateFlowDefinition on resource: "
        f"{PREFIX}flow-definition/sentiment because no identity-based policy allows"
    ) in str(refused.value)


def test_a_resource_that_no_policy_names_is_refused(
    connect: Any, user: User, flow_definition: Any, role_arn: str
) -> None:
    allowed = allow(CREATE, f"{PREFIX}flow-definition/sentiment--*")
    sagemaker = connect("sagemaker", REGION, user(allowed, pass_role(role_arn)))

    with pytest.raises(ClientError, match=r"AccessDenied.*flow-definition/moderation--1"):
        sagemaker.create_flow_definition(**flow_definition("moderation--1", role_arn))

    created = sagemaker.create_flow_definition(**flow_definition("sentiment--1", role_arn))
    assert created["FlowDefinitionArn"] == f"{PREFIX}flow-definition/sentiment--1"


@pytest.mark.parametrize("service", [None, "lambda.amazonaws.com"])
def test_a_role_that_may_not_be_passed_to_sagemaker_is_refused(
    connect: Any, user: User, flow_definition: Any, role_arn: str, service: str | None
) -> None:
    passing = [pass_role(role_arn, service)] if service else []
    sagemaker = connect("sagemaker", REGION, user(allow(CREATE, "*"), *passing))

    with pytest.raises(ClientError, match=rf"AccessDenied.*iam:PassRole on resource: {role_arn}"):
        sagemaker.create_flow_definition(**flow_definition("sentiment--2", role_arn))


def test_an_explicit_deny_wins(connect: Any, user: User) -> None:
    deny = {"Effect": "Deny", "Action": "sagemaker:ListWorkteams", "Resource": "*"}
    credentials = user(allow(["sagemaker:*"], "*"), deny)

    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        connect("sagemaker", REGION, credentials).list_workteams()


def test_a_human_loop_needs_permission_on_its_flow_definition(
    connect: Any, user: User, flow_definition: Any, role_arn: str
) -> None:
    sagemaker = connect("sagemaker", REGION)
    arn = sagemaker.create_flow_definition(**flow_definition("loops--1", role_arn))[
        "FlowDefinitionArn"
    ]
    wait_until_active(sagemaker, "loops--1")
    loop = {
        "HumanLoopName": "loop-1",
        "FlowDefinitionArn": arn,
        "HumanLoopInput": {"InputContent": "{}"},
    }
    start = ["sagemaker:StartHumanLoop"]
    other = connect("sagemaker-a2i-runtime", REGION, user(allow(start, f"{arn}x")))
    allowed = connect("sagemaker-a2i-runtime", REGION, user(allow(start, arn)))

    with pytest.raises(ClientError, match="AccessDenied") as refused:
        other.start_human_loop(**loop)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    assert allowed.start_human_loop(**loop)["HumanLoopArn"] == f"{PREFIX}human-loop/loop-1"
    with pytest.raises(ClientError, match=r"AccessDenied.*human-loop/loop-1"):
        allowed.describe_human_loop(HumanLoopName="loop-1")


def test_an_endpoint_needs_permission_on_itself(connect: Any, user: User) -> None:
    credentials = user(allow(["sagemaker:InvokeEndpoint"], f"{PREFIX}endpoint/words"))
    runtime = connect("sagemaker-runtime", REGION, credentials)
    request = {"ContentType": "text/plain", "Body": b"good"}

    assert runtime.invoke_endpoint(EndpointName="words", **request)["Body"].read() == b"1"
    with pytest.raises(ClientError, match=r"AccessDenied.*endpoint/other"):
        runtime.invoke_endpoint(EndpointName="other", **request)


def test_a_wrong_secret_is_refused(connect: Any, user: User) -> None:
    key, _ = user(allow(["sagemaker:*"], "*"))

    with pytest.raises(ClientError, match="signature"):
        connect("sagemaker", REGION, (key, "wrong")).list_workteams()


def test_a_role_that_does_not_trust_sagemaker_is_refused(
    connect: Any, flow_definition: Any, role: Callable[[str, str], str]
) -> None:
    arn = role("of-another-service", "lambda.amazonaws.com")

    with pytest.raises(ClientError, match=r"ValidationException.*assume"):
        connect("sagemaker", REGION).create_flow_definition(**flow_definition("trust--1", arn))


def test_a_role_that_is_not_there_is_refused(connect: Any, flow_definition: Any) -> None:
    arn = "arn:aws:iam::000000000000:role/nobody"

    with pytest.raises(ClientError, match=r"ValidationException.*assume"):
        connect("sagemaker", REGION).create_flow_definition(**flow_definition("trust--2", arn))


def test_a_path_is_part_of_a_roles_name(
    connect: Any, flow_definition: Any, role_arn: str, local_cloud: Address
) -> None:
    wrong_path = role_arn.replace("role/", "role/elsewhere/")

    with pytest.raises(ClientError, match=r"ValidationException.*assume"):
        connect("sagemaker", REGION).create_flow_definition(
            **flow_definition("trust--3", wrong_path)
        )


def test_policies_of_a_role_with_a_path_can_be_simulated(connect: Any) -> None:
    iam = connect("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(
        RoleName="writer", Path="/reviews/", AssumeRolePolicyDocument=json.dumps(document)
    )["Role"]["Arn"]
    write = allow(["s3:PutObject"], "arn:aws:s3:::results/a2i/*")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [write]})
    iam.put_role_policy(RoleName="writer", PolicyName="write", PolicyDocument=policy)

    def decision(key: str) -> str:
        [result] = iam.simulate_principal_policy(
            PolicySourceArn=arn,
            ActionNames=["s3:PutObject"],
            ResourceArns=[f"arn:aws:s3:::results/{key}"],
        )["EvaluationResults"]
        return str(result["EvalDecision"])

    assert decision("a2i/output.json") == "allowed"
    assert decision("labels/x.json") == "implicitDeny"


def test_a_role_is_allowed_by_its_path(connect: Any, user: User) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "any.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    for name, path in (("of-reviews", "/human-review/"), ("of-others", "/")):
        connect("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document)
    arn = "arn:aws:iam::000000000000:role/human-review/*"
    iam = connect("iam", REGION, user(allow(["iam:GetRole"], arn)))

    assert iam.get_role(RoleName="of-reviews")["Role"]["Path"] == "/human-review/"
    with pytest.raises(ClientError, match="not authorized to perform: iam:GetRole"):
        iam.get_role(RoleName="of-others")
