"""The resource types that CloudFormation has here and not in MiniStack, by real stacks."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from localcloud import Address

REGION = "ap-northeast-1"
NAME = "workforce-tests"

Template = dict[str, Any]


def template() -> Template:
    """A workforce stack, as an app would have it."""
    pool, client = {"Ref": "Pool"}, {"Ref": "Client"}
    member = {
        "CognitoUserPool": pool,
        "CognitoClientId": client,
        "CognitoUserGroup": {"Ref": "Group"},
    }
    return {
        "Resources": {
            "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {}},
            "Client": {
                "Type": "AWS::Cognito::UserPoolClient",
                "Properties": {"UserPoolId": pool, "GenerateSecret": True},
            },
            "Domain": {
                "Type": "AWS::Cognito::UserPoolDomain",
                "Properties": {"UserPoolId": pool, "Domain": "cloudformation-tests"},
            },
            "Group": {
                "Type": "AWS::Cognito::UserPoolGroup",
                "Properties": {"UserPoolId": pool, "GroupName": "reviewers"},
            },
            "User": {
                "Type": "AWS::Cognito::UserPoolUser",
                "Properties": {
                    "UserPoolId": pool,
                    "Username": "ann",
                    "MessageAction": "SUPPRESS",
                    "UserAttributes": [{"Name": "email", "Value": "ann@example.com"}],
                },
            },
            "Membership": {
                "Type": "AWS::Cognito::UserPoolUserToGroupAttachment",
                "Properties": {
                    "UserPoolId": pool,
                    "GroupName": {"Ref": "Group"},
                    "Username": {"Ref": "User"},
                },
            },
            "Workforce": {
                "Type": "AWS::SageMaker::Workforce",
                "DependsOn": ["Domain"],
                "Properties": {
                    "WorkforceName": "reviews",
                    "CognitoConfig": {"UserPool": pool, "ClientId": client},
                    "SourceIpConfig": {"Cidrs": ["10.0.0.0/16"]},
                    "Tags": [{"Key": "team", "Value": "reviews"}],
                },
            },
            "Workteam": {
                "Type": "AWS::SageMaker::Workteam",
                "DependsOn": ["Workforce"],
                "Properties": {
                    "Description": "Reviewers",
                    "WorkforceName": "reviews",
                    "MemberDefinitions": [{"CognitoMemberDefinition": member}],
                },
            },
            "HumanTaskUi": {
                "Type": "AWS::SageMaker::HumanTaskUi",
                "Properties": {
                    "HumanTaskUiName": "page-1",
                    "UiTemplate": {"Content": "<crowd-form>1</crowd-form>"},
                },
            },
        },
        "Outputs": {
            name: {"Value": {"Fn::GetAtt": attribute.split(".")}}
            for name, attribute in {
                "WorkforceArn": "Workforce.WorkforceArn",
                "SubDomain": "Workforce.SubDomain",
                "WorkteamArn": "Workteam.WorkteamArn",
                "WorkteamName": "Workteam.WorkteamName",
                "HumanTaskUiArn": "HumanTaskUi.HumanTaskUiArn",
                "MadeAt": "HumanTaskUi.CreationTime",
            }.items()
        }
        | {"Pool": {"Value": pool}},
    }


class Stack:
    """A stack of the local cloud's CloudFormation."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def create(self, body: Template) -> None:
        self._client.create_stack(StackName=self.name, TemplateBody=json.dumps(body))
        self._wait("stack_create_complete")

    def update(self, body: Template) -> None:
        self._client.update_stack(StackName=self.name, TemplateBody=json.dumps(body))
        self._wait("stack_update_complete")

    def delete(self) -> None:
        self._client.delete_stack(StackName=self.name)
        self._wait("stack_delete_complete")

    @property
    def outputs(self) -> dict[str, str]:
        [stack] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def reasons(self) -> str:
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(event.get("ResourceStatusReason", "") for event in events)

    def _wait(self, what: str) -> None:
        config = {"Delay": 0.1, "MaxAttempts": 600}
        self._client.get_waiter(what).wait(StackName=self.name, WaiterConfig=config)


@pytest.fixture
def sagemaker(connect: Any) -> Any:
    return connect("sagemaker", REGION)


@pytest.fixture
def cognito(connect: Any) -> Any:
    return connect("cognito-idp", REGION)


@pytest.fixture
def new_stack(connect: Any) -> Callable[[str], Stack]:
    return lambda name: Stack(connect("cloudformation", REGION), name)


@pytest.fixture
def stack(new_stack: Callable[[str], Stack]) -> Iterator[Stack]:
    """The workforce stack, made anew for each test: a Region has room for one."""
    made = new_stack(NAME)
    made.create(template())
    yield made
    made.delete()


def changed(resource: str, **properties: Any) -> Template:
    """The template with other properties of one resource; None takes a property out."""
    body = copy.deepcopy(template())
    merged = body["Resources"][resource]["Properties"] | properties
    body["Resources"][resource]["Properties"] = {
        name: value for name, value in merged.items() if value is not None
    }
    return body


def tags(sagemaker: Any, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}


def test_workforce_is_active_when_its_stack_is_there(
    stack: Stack, sagemaker: Any, local_cloud: Address
) -> None:
    workforce = sagemaker.describe_workforce(WorkforceName="reviews")["Workforce"]

    assert workforce["Status"] == "Active"
    assert workforce["WorkforceArn"] == stack.outputs["WorkforceArn"]
    assert workforce["SubDomain"] == stack.outputs["SubDomain"]
    assert local_cloud.portal_url == f"http://{stack.outputs['SubDomain']}"
    assert tags(sagemaker, workforce["WorkforceArn"]) == {"team": "reviews"}


def test_workteam_without_a_name_gets_one_and_its_members(stack: Stack, sagemaker: Any) -> None:
    name = stack.outputs["WorkteamName"]

    workteam = sagemaker.describe_workteam(WorkteamName=name)["Workteam"]

    assert name.startswith(f"{NAME}-Workteam-")
    assert workteam["WorkteamArn"] == stack.outputs["WorkteamArn"]
    [member] = workteam["MemberDefinitions"]
    assert member["CognitoMemberDefinition"]["UserGroup"] == "reviewers"
    assert member["CognitoMemberDefinition"]["UserPool"] == stack.outputs["Pool"]


def test_user_is_in_the_group(stack: Stack, cognito: Any) -> None:
    pool = stack.outputs["Pool"]

    [user] = cognito.list_users_in_group(UserPoolId=pool, GroupName="reviewers")["Users"]

    assert (user["Username"], user["UserStatus"]) == ("ann", "FORCE_CHANGE_PASSWORD")


def test_membership_that_leaves_the_template_ends(stack: Stack, cognito: Any) -> None:
    body = template()
    del body["Resources"]["Membership"]

    stack.update(body)

    pool = stack.outputs["Pool"]
    assert not cognito.list_users_in_group(UserPoolId=pool, GroupName="reviewers")["Users"]


def test_user_with_another_name_is_another_user(stack: Stack, cognito: Any) -> None:
    stack.update(changed("User", Username="bob"))

    pool = stack.outputs["Pool"]
    assert [u["Username"] for u in cognito.list_users(UserPoolId=pool)["Users"]] == ["bob"]
    [member] = cognito.list_users_in_group(UserPoolId=pool, GroupName="reviewers")["Users"]
    assert member["Username"] == "bob"


def test_source_addresses_and_tags_change_in_place(stack: Stack, sagemaker: Any) -> None:
    arn = stack.outputs["WorkforceArn"]
    made_at = sagemaker.describe_workforce(WorkforceName="reviews")["Workforce"]["CreateDate"]

    stack.update(
        changed(
            "Workforce",
            SourceIpConfig={"Cidrs": ["192.0.2.0/24"]},
            Tags=[{"Key": "owner", "Value": "ann"}],
        )
    )

    workforce = sagemaker.describe_workforce(WorkforceName="reviews")["Workforce"]
    assert workforce["SourceIpConfig"] == {"Cidrs": ["192.0.2.0/24"]}
    assert workforce["CreateDate"] == made_at
    assert tags(sagemaker, arn) == {"owner": "ann"}


def test_source_addresses_that_leave_the_template_are_cleared(stack: Stack, sagemaker: Any) -> None:
    stack.update(changed("Workforce", SourceIpConfig=None))

    workforce = sagemaker.describe_workforce(WorkforceName="reviews")["Workforce"]
    assert workforce["SourceIpConfig"] == {"Cidrs": []}


def test_workteam_changes_in_place_except_for_its_name(stack: Stack, sagemaker: Any) -> None:
    arn = stack.outputs["WorkteamArn"]

    stack.update(changed("Workteam", Description="Other reviewers"))
    assert stack.outputs["WorkteamArn"] == arn
    workteam = sagemaker.describe_workteam(WorkteamName=stack.outputs["WorkteamName"])["Workteam"]
    assert workteam["Description"] == "Other reviewers"

    stack.update(changed("Workteam", WorkteamName="renamed"))
    assert stack.outputs["WorkteamName"] == "renamed"
    assert [team["WorkteamName"] for team in sagemaker.list_workteams()["Workteams"]] == ["renamed"]


def test_task_ui_with_another_template_is_another_task_ui(stack: Stack, sagemaker: Any) -> None:
    content = {"Content": "<crowd-form>2</crowd-form>"}

    stack.update(changed("HumanTaskUi", HumanTaskUiName="page-2", UiTemplate=content))

    assert stack.outputs["HumanTaskUiArn"].endswith("human-task-ui/page-2")
    summaries = sagemaker.list_human_task_uis()["HumanTaskUiSummaries"]
    assert [ui["HumanTaskUiName"] for ui in summaries] == ["page-2"]


def test_task_ui_that_keeps_its_name_cannot_be_replaced(stack: Stack, sagemaker: Any) -> None:
    content = {"Content": "<crowd-form>2</crowd-form>"}

    with pytest.raises(WaiterError):
        stack.update(changed("HumanTaskUi", UiTemplate=content))

    assert "Error Code: ResourceInUse" in stack.reasons()
    summaries = sagemaker.list_human_task_uis()["HumanTaskUiSummaries"]
    assert [ui["HumanTaskUiName"] for ui in summaries] == ["page-1"]


def test_workforce_with_workteams_cannot_be_replaced(stack: Stack, sagemaker: Any) -> None:
    with pytest.raises(WaiterError):
        stack.update(changed("Workforce", WorkforceName="renamed"))

    assert "Error Code: ResourceInUse" in stack.reasons()
    workforce = sagemaker.describe_workforce(WorkforceName="reviews")["Workforce"]
    assert workforce["Status"] == "Active"


def test_workforce_without_workteams_is_deleted_and_made_anew(stack: Stack, sagemaker: Any) -> None:
    body = changed("Workforce", WorkforceName="renamed")
    del body["Resources"]["Workteam"]
    for output in ("WorkteamArn", "WorkteamName"):
        del body["Outputs"][output]
    without_workteam = copy.deepcopy(body)
    without_workteam["Resources"]["Workforce"] = template()["Resources"]["Workforce"]
    stack.update(without_workteam)

    stack.update(body)

    assert stack.outputs["WorkforceArn"].endswith("workforce/renamed")
    [workforce] = sagemaker.list_workforces()["Workforces"]
    assert (workforce["WorkforceName"], workforce["Status"]) == ("renamed", "Active")


def test_a_second_workforce_in_the_region_fails_the_stack(
    stack: Stack, new_stack: Callable[[str], Stack]
) -> None:
    second = new_stack("second-workforce")
    body = changed("Workforce", WorkforceName="second")
    body["Resources"]["Domain"]["Properties"]["Domain"] = "second-workforce"

    with pytest.raises(WaiterError):
        second.create(body)

    assert "already exists" in second.reasons()
    second.delete()


def test_stack_leaves_nothing_behind(new_stack: Callable[[str], Stack], sagemaker: Any) -> None:
    made = new_stack(NAME)
    made.create(template())

    made.delete()

    assert sagemaker.list_workforces()["Workforces"] == []
    assert sagemaker.list_workteams()["Workteams"] == []
    assert sagemaker.list_human_task_uis()["HumanTaskUiSummaries"] == []


def test_resources_that_are_gone_already_do_not_stop_a_delete(
    stack: Stack, sagemaker: Any, cognito: Any
) -> None:
    sagemaker.delete_workteam(WorkteamName=stack.outputs["WorkteamName"])
    sagemaker.delete_human_task_ui(HumanTaskUiName="page-1")
    cognito.admin_delete_user(UserPoolId=stack.outputs["Pool"], Username="ann")

    stack.delete()

    with pytest.raises(ClientError, match="does not exist"):
        _ = stack.outputs


@pytest.mark.parametrize(
    ("resource", "properties", "reason"),
    [
        ("Workforce", {"Owner": "me"}, r"extraneous key [Owner] is not permitted"),
        ("Workteam", {"Description": None}, r"required key [Description] not found"),
        (
            "Workteam",
            {"MemberDefinitions": [{"CognitoMemberDefinition": {"UserPool": "eu_1"}}]},
            r"extraneous key [UserPool] is not permitted",
        ),
        ("HumanTaskUi", {"HumanTaskUiName": "Page"}, r"humanTaskUiName"),
    ],
    ids=["unknown", "missing", "the API's word", "refused by the service"],
)
def test_a_template_that_cloudformation_would_refuse_is_refused(
    new_stack: Callable[[str], Stack], resource: str, properties: dict[str, Any], reason: str
) -> None:
    made = new_stack("refused")

    with pytest.raises(WaiterError):
        made.create(changed(resource, **properties))

    assert reason in made.reasons()
    made.delete()
