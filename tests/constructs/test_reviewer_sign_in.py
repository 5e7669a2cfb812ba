import aws_cdk as cdk
import pytest
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from human_review import ReviewerSignIn


def test_nobody_can_sign_up_and_passwords_are_strong(stack: cdk.Stack) -> None:
    ReviewerSignIn(stack, "SignIn")

    Template.from_stack(stack).has_resource_properties(
        "AWS::Cognito::UserPool",
        {
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "DeletionProtection": "ACTIVE",
            "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
            "MfaConfiguration": "OPTIONAL",
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 12,
                    "RequireLowercase": True,
                    "RequireNumbers": True,
                    "RequireSymbols": True,
                    "RequireUppercase": True,
                    "TemporaryPasswordValidityDays": 3,
                }
            },
            "UsernameAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": False},
            "UserPoolTier": "ESSENTIALS",
        },
    )


def test_the_client_has_a_secret_and_leaves_oauth_to_the_workforce(stack: cdk.Stack) -> None:
    ReviewerSignIn(stack, "SignIn")

    Template.from_stack(stack).has_resource_properties(
        "AWS::Cognito::UserPoolClient",
        {
            "GenerateSecret": True,
            "PreventUserExistenceErrors": "ENABLED",
            "CallbackURLs": Match.absent(),
            "LogoutURLs": Match.absent(),
            "AllowedOAuthFlows": Match.absent(),
        },
    )


def test_the_domain_is_made_of_the_stack_and_the_place_in_it(stack: cdk.Stack) -> None:
    ReviewerSignIn(stack, "One")
    ReviewerSignIn(stack, "Two")

    domains = Template.from_stack(stack).find_resources("AWS::Cognito::UserPoolDomain")
    names = [domain["Properties"]["Domain"]["Fn::Join"][1] for domain in domains.values()]
    uuid = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    assert all(name[1] == uuid for name in names)
    assert names[0][0] != names[1][0]
    # review-, eight characters, a hyphen and a uuid: Cognito allows 63.
    assert all(len(name[0]) + 36 <= 63 for name in names)
    assert {domain["Properties"]["ManagedLoginVersion"] for domain in domains.values()} == {1}


@pytest.mark.parametrize("kind", ["UserPool", "UserPoolClient", "UserPoolDomain"])
def test_what_a_workforce_needs_is_retained(stack: cdk.Stack, kind: str) -> None:
    ReviewerSignIn(stack, "SignIn")

    Template.from_stack(stack).has_resource(
        f"AWS::Cognito::{kind}", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    )


def test_removal_policy_destroy_lets_all_of_it_go(stack: cdk.Stack) -> None:
    ReviewerSignIn(stack, "SignIn", removal_policy=cdk.RemovalPolicy.DESTROY)

    template = Template.from_stack(stack)
    template.has_resource("AWS::Cognito::UserPoolClient", {"DeletionPolicy": "Delete"})
    template.has_resource(
        "AWS::Cognito::UserPool",
        {"DeletionPolicy": "Delete", "Properties": {"DeletionProtection": "INACTIVE"}},
    )


@pytest.mark.parametrize(
    ("mfa", "written"), [(cognito.Mfa.OFF, "OFF"), (cognito.Mfa.REQUIRED, "ON")]
)
def test_mfa_is_a_setting(stack: cdk.Stack, mfa: cognito.Mfa, written: str) -> None:
    ReviewerSignIn(stack, "SignIn", mfa=mfa)

    Template.from_stack(stack).has_resource_properties(
        "AWS::Cognito::UserPool", {"MfaConfiguration": written}
    )


def test_feature_plan_is_a_setting(stack: cdk.Stack) -> None:
    ReviewerSignIn(stack, "SignIn", feature_plan=cognito.FeaturePlan.PLUS)

    Template.from_stack(stack).has_resource_properties(
        "AWS::Cognito::UserPool", {"UserPoolTier": "PLUS"}
    )


def test_a_reviewer_is_invited_by_mail_into_each_group(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")
    reviewers, experts = sign_in.add_group("reviewers"), sign_in.add_group("experts")

    sign_in.add_reviewer("Ann", email="ann@example.com", group=reviewers).join(experts)

    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::Cognito::UserPoolUser",
        {
            "Username": "ann@example.com",
            "DesiredDeliveryMediums": ["EMAIL"],
            "UserAttributes": [
                {"Name": "email", "Value": "ann@example.com"},
                {"Name": "email_verified", "Value": "true"},
            ],
        },
    )
    template.resource_count_is("AWS::Cognito::UserPoolUser", 1)
    for group in (reviewers, experts):
        template.has_resource_properties(
            "AWS::Cognito::UserPoolUserToGroupAttachment",
            {"GroupName": stack.resolve(group.group_name)},
        )


def test_email_must_be_an_address(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")
    group = sign_in.add_group("reviewers")

    with pytest.raises(ValueError, match="email must be an e-mail address, got 'ann'"):
        sign_in.add_reviewer("Ann", email="ann", group=group)


def test_group_name_takes_no_spaces(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")

    with pytest.raises(ValueError, match="group_name must be text without spaces, got 'two words'"):
        sign_in.add_group("two words")


@pytest.mark.parametrize("name", ["Client", "Domain", "UserPool", "experts"])
def test_a_groups_name_is_not_taken(stack: cdk.Stack, name: str) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")
    sign_in.add_group("experts")

    with pytest.raises(ValueError, match=f"name must not be another group's.*got '{name}'"):
        sign_in.add_group(name)


def test_joining_a_group_twice_is_joining_it_once(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")
    group = sign_in.add_group("reviewers")
    reviewer = sign_in.add_reviewer("Ann", email="ann@example.com", group=group)

    reviewer.join(group)
    reviewer.join(sign_in.add_group("experts"))

    Template.from_stack(stack).resource_count_is("AWS::Cognito::UserPoolUserToGroupAttachment", 2)


def test_grant_manage_reviewers_names_the_pool(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(stack, "SignIn")
    user = iam.User(stack, "Admin")

    sign_in.grant_manage_reviewers(user)

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": Match.array_with(["cognito-idp:AdminCreateUser"]),
                        "Effect": "Allow",
                        "Resource": stack.resolve(sign_in.user_pool.user_pool_arn),
                    }
                ]
            }
        },
    )


@pytest.mark.parametrize(
    ("pool", "client", "message"),
    [
        ("people", "client", "user_pool_id must be a user pool's id"),
        ("eu-west-1_abc", "a client", "client_id must be an app client's id"),
    ],
    ids=["pool", "client"],
)
def test_what_is_no_id_of_a_sign_in_is_refused(
    stack: cdk.Stack, pool: str, client: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ReviewerSignIn.from_user_pool_id(stack, "SignIn", pool, client_id=client)


def test_an_imported_sign_in_takes_groups_and_makes_no_pool(stack: cdk.Stack) -> None:
    sign_in = ReviewerSignIn.from_user_pool_id(stack, "SignIn", "eu-west-1_abc", client_id="client")

    sign_in.add_group("reviewers")

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Cognito::UserPool", 0)
    template.has_resource_properties(
        "AWS::Cognito::UserPoolGroup", {"UserPoolId": "eu-west-1_abc", "GroupName": "reviewers"}
    )
