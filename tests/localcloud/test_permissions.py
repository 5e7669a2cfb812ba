"""Which permission, on which resource, each operation needs."""

import json
from typing import Any

import pytest

from localcloud.permissions import Check, Request, checks, read

ACCOUNT, REGION = "111122223333", "eu-west-1"
PREFIX = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:"
FLOW_DEFINITION = f"{PREFIX}flow-definition/sentiment"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reviews"


def control_plane(operation: str, **members: Any) -> Request:
    headers = {"x-amz-target": f"SageMaker.{operation}"}
    return read("POST", "/", headers, json.dumps(members).encode())


def needed(request: Request) -> list[Check]:
    return list(checks(request, ACCOUNT, REGION))


@pytest.mark.parametrize(
    ("operation", "member", "resource"),
    [
        ("CreateWorkforce", "WorkforceName", "workforce/sentiment"),
        ("UpdateWorkforce", "WorkforceName", "workforce/sentiment"),
        ("DescribeWorkteam", "WorkteamName", "workteam/private-crowd/sentiment"),
        ("DeleteHumanTaskUi", "HumanTaskUiName", "human-task-ui/sentiment"),
        ("CreateFlowDefinition", "FlowDefinitionName", "flow-definition/sentiment"),
        ("DeleteFlowDefinition", "FlowDefinitionName", "flow-definition/sentiment"),
    ],
)
def test_operation_of_the_control_plane_is_about_what_it_names(
    operation: str, member: str, resource: str
) -> None:
    [check] = needed(control_plane(operation, **{member: "sentiment"}))

    assert (check.action, check.resource) == (f"sagemaker:{operation}", PREFIX + resource)


@pytest.mark.parametrize("operation", ["ListWorkteams", "ListFlowDefinitions", "ListHumanTaskUis"])
def test_list_is_about_no_resource(operation: str) -> None:
    [check] = needed(control_plane(operation, NameContains="x"))

    assert check.resource == "*"


@pytest.mark.parametrize("operation", ["AddTags", "ListTags", "DeleteTags"])
def test_tagging_is_about_the_tagged_resource(operation: str) -> None:
    [check] = needed(control_plane(operation, ResourceArn=FLOW_DEFINITION))

    assert check.resource == FLOW_DEFINITION


@pytest.mark.parametrize(
    ("method", "path", "operation", "resource"),
    [
        ("GET", "/human-loops/a-1", "DescribeHumanLoop", f"{PREFIX}human-loop/a-1"),
        ("DELETE", "/human-loops/a-1", "DeleteHumanLoop", f"{PREFIX}human-loop/a-1"),
        ("GET", "/human-loops", "ListHumanLoops", "*"),
        ("POST", "/endpoints/words/invocations", "InvokeEndpoint", f"{PREFIX}endpoint/words"),
    ],
)
def test_request_to_a_runtime_is_told_by_its_path(
    method: str, path: str, operation: str, resource: str
) -> None:
    [check] = needed(read(method, path, {}, b""))

    assert (check.action, check.resource) == (f"sagemaker:{operation}", resource)


def test_stopping_a_human_loop_is_about_the_loop() -> None:
    [check] = needed(read("POST", "/human-loops/stop", {}, b'{"HumanLoopName": "a-1"}'))

    assert check == Check("sagemaker:StopHumanLoop", f"{PREFIX}human-loop/a-1")


def test_starting_a_human_loop_is_about_its_flow_definition() -> None:
    body = json.dumps({"HumanLoopName": "a-1", "FlowDefinitionArn": FLOW_DEFINITION}).encode()

    [check] = needed(read("POST", "/human-loops", {}, body))

    assert check == Check("sagemaker:StartHumanLoop", FLOW_DEFINITION)


@pytest.mark.parametrize("operation", ["CreateFlowDefinition", "RenderUiTemplate"])
def test_giving_a_role_needs_passrole_to_sagemaker(operation: str) -> None:
    passed = needed(control_plane(operation, RoleArn=ROLE))[-1]

    assert passed == Check("iam:PassRole", ROLE, {"iam:PassedToService": "sagemaker.amazonaws.com"})


def test_flow_definition_is_made_with_its_workteam_and_tags_as_condition_keys() -> None:
    workteam = f"{PREFIX}workteam/private-crowd/reviewers"
    request = control_plane(
        "CreateFlowDefinition",
        FlowDefinitionName="sentiment",
        HumanLoopConfig={"WorkteamArn": workteam},
        Tags=[{"Key": "team", "Value": "reviews"}],
    )

    context = needed(request)[0].context

    assert context["sagemaker:WorkteamArn"] == workteam
    assert context["sagemaker:WorkteamType"] == "private-crowd"
    assert context["aws:requesttag/team"] == "reviews"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"FlowDefinitionName": 7}'])
def test_a_body_that_names_nothing_needs_the_action_on_everything(body: bytes) -> None:
    request = read("POST", "/", {"x-amz-target": "SageMaker.CreateFlowDefinition"}, body)

    [check] = needed(request)

    assert check.resource == "*"


def test_a_path_that_is_no_operation_needs_nothing() -> None:
    assert needed(read("GET", "/elsewhere", {}, b"")) == []
