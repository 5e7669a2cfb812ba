from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from human_review import WorkflowSpec
from stacks.review_stack import ReviewStack
from stacks.settings import Settings
from stacks.workforce_stack import WorkforceStack


def test_it_is_protected_from_termination(workforce: WorkforceStack) -> None:
    assert workforce.termination_protection is True


def test_protection_and_retention_are_settings(app: cdk.App) -> None:
    settings = Settings.model_validate(
        {"workforce": {"termination_protection": False, "removal_policy": "destroy"}}
    )

    stack = WorkforceStack(app, "HumanReviewWorkforce", settings=settings)

    assert stack.termination_protection is False
    template = Template.from_stack(stack)
    for kind in ("AWS::SageMaker::Workforce", "AWS::Cognito::UserPool", "Custom::A2IPortalSignIn"):
        template.has_resource(kind, {"DeletionPolicy": "Delete"})


def test_nothing_is_deleted_with_the_stack_unless_that_is_chosen(
    workforce: WorkforceStack,
) -> None:
    template = Template.from_stack(workforce)

    # The pool is protected from deletion, so that the undoing of a failed creation would fail.
    for kind in ("UserPool", "UserPoolClient", "UserPoolDomain"):
        template.has_resource(f"AWS::Cognito::{kind}", {"DeletionPolicy": "Retain"})
    for kind in ("AWS::SageMaker::Workforce", "Custom::A2IPortalSignIn"):
        template.has_resource(kind, {"DeletionPolicy": "RetainExceptOnCreate"})


@pytest.fixture
def adopting(app: cdk.App) -> Template:
    settings = Settings.model_validate(
        {
            "workforce": {
                "existing": {
                    "name": "people",
                    "user_pool_id": "eu-west-1_abc",
                    "client_id": "client",
                    "sub_domain": "abc.labeling.eu-west-1.sagemaker.aws",
                }
            },
            "workteams": {
                "reviewers": {"members": ["ann@example.com"]},
                "experts": {"user_group": "seniors"},
            },
        }
    )
    return Template.from_stack(WorkforceStack(app, "HumanReviewWorkforce", settings=settings))


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::SageMaker::Workforce",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "Custom::A2IPortalSignIn",
        "Custom::A2IWorkforceGuard",
    ],
)
def test_nothing_of_an_adopted_workforce_is_in_the_stack(adopting: Template, kind: str) -> None:
    adopting.resource_count_is(kind, 0)


def test_nobody_may_change_an_adopted_pools_client(adopting: Template) -> None:
    assert "cognito-idp:" not in str(adopting.find_resources("AWS::IAM::Policy"))


@pytest.mark.parametrize(
    ("workteam", "group"),
    [("reviewers", {"Ref": "SignInreviewers"}), ("experts", "seniors")],
    ids=["a group of our own", "a group of the pool's"],
)
def test_workteams_of_an_adopted_workforce(adopting: Template, workteam: str, group: Any) -> None:
    [resource] = adopting.find_resources(
        "AWS::SageMaker::Workteam", {"Properties": {"WorkteamName": workteam}}
    ).values()

    assert resource["Properties"]["WorkforceName"] == "people"
    [member] = resource["Properties"]["MemberDefinitions"]
    cognito = member["CognitoMemberDefinition"]
    assert (cognito["CognitoUserPool"], cognito["CognitoClientId"]) == ("eu-west-1_abc", "client")
    made = cognito["CognitoUserGroup"]
    if isinstance(group, dict):
        assert made["Ref"].startswith(group["Ref"])
    else:
        assert made == group
    adopting.resource_count_is("AWS::Cognito::UserPoolGroup", 1)


def test_an_adopted_portals_address_is_published(adopting: Template) -> None:
    adopting.has_output("PortalUrl", {"Value": "https://abc.labeling.eu-west-1.sagemaker.aws"})
    adopting.has_output("UserPoolId", {"Value": "eu-west-1_abc"})


def test_network_settings_reach_the_workforce(app: cdk.App) -> None:
    settings = Settings.model_validate(
        {
            "workforce": {
                "name": "people",
                "source_ip_cidrs": ["192.0.2.0/24"],
                "dual_stack": True,
                "mfa": "required",
            }
        }
    )

    template = Template.from_stack(WorkforceStack(app, "Stack", settings=settings))

    template.has_resource_properties(
        "AWS::SageMaker::Workforce",
        {
            "WorkforceName": "people",
            "SourceIpConfig": {"Cidrs": ["192.0.2.0/24"]},
            "IpAddressType": "dualstack",
        },
    )
    template.has_resource_properties("AWS::Cognito::UserPool", {"MfaConfiguration": "ON"})


def test_someone_in_two_workteams_is_invited_once(workforce: WorkforceStack) -> None:
    template = Template.from_stack(workforce)

    users = template.find_resources("AWS::Cognito::UserPoolUser").values()
    assert sorted(user["Properties"]["Username"] for user in users) == [
        "ann@example.com",
        "bob@example.com",
    ]
    template.resource_count_is("AWS::Cognito::UserPoolUserToGroupAttachment", 3)


@pytest.mark.parametrize("name", ["portal-url", "user-pool-id", "workteams/reviewers/user-group"])
def test_callers_find_it_by_parameter(workforce: WorkforceStack, name: str) -> None:
    Template.from_stack(workforce).has_resource_properties(
        "AWS::SSM::Parameter", {"Name": f"/human-review/{name}"}
    )


def test_outputs(workforce: WorkforceStack) -> None:
    template = Template.from_stack(workforce)

    template.has_output("PortalUrl", {})
    template.has_output("UserPoolId", {})


def test_review_stacks_change_nothing_in_it(
    app: cdk.App, settings: Settings, spec: WorkflowSpec
) -> None:
    alone = WorkforceStack(cdk.App(), "HumanReviewWorkforce", settings=settings)
    shared = WorkforceStack(app, "HumanReviewWorkforce", settings=settings)
    for name in ("one", "two"):
        ReviewStack(
            app,
            name,
            spec=spec.model_copy(update={"name": name}),
            workteam=shared.workteams["reviewers"],
            provider=shared.provider,
        )

    templates = [Template.from_stack(stack).to_json() for stack in (alone, shared)]

    # An export that came and went with its importers would strand the last one's removal, and a
    # permission added for a workflow would fill up the provider's role.
    assert templates[0]["Outputs"] == templates[1]["Outputs"]
    assert templates[0]["Resources"].keys() == templates[1]["Resources"].keys()
    policies = [
        {k: r["Properties"] for k, r in t["Resources"].items() if r["Type"] == "AWS::IAM::Policy"}
        for t in templates
    ]
    assert policies[0].keys() == policies[1].keys()
