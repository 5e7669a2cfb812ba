from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from human_review import (
    ReviewerGroup,
    ReviewerSignIn,
    WorkerAccess,
    Workforce,
    WorkforceBase,
    Workteam,
)
from tests.constructs.resolved import sagemaker_arn, statements_of


@pytest.fixture
def workforce(stack: cdk.Stack) -> WorkforceBase:
    return Workforce.from_workforce_name(stack, "Workforce", "people")


@pytest.fixture
def sign_in(stack: cdk.Stack) -> ReviewerSignIn:
    return ReviewerSignIn(stack, "SignIn")


def test_a_workteam_is_made_of_groups(
    stack: cdk.Stack, workforce: WorkforceBase, sign_in: ReviewerSignIn
) -> None:
    groups = [sign_in.add_group("reviewers"), sign_in.add_group("experts")]

    workteam = Workteam(stack, "Workteam", workforce=workforce, groups=groups)

    resource = workteam_of(stack)
    name = resource["Properties"]["WorkteamName"]
    assert resource["Properties"] == {
        "WorkforceName": "people",
        "WorkteamName": name,
        "Description": name,
        "MemberDefinitions": [
            {
                "CognitoMemberDefinition": {
                    "CognitoUserPool": stack.resolve(sign_in.user_pool.user_pool_id),
                    "CognitoClientId": stack.resolve(sign_in.client_id),
                    "CognitoUserGroup": stack.resolve(group.group_name),
                }
            }
            for group in groups
        ],
    }
    assert stack.resolve(workteam.workteam_arn)["Fn::GetAtt"][1] == "WorkteamArn"
    assert stack.resolve(workteam.workteam_name)["Fn::GetAtt"][1] == "WorkteamName"


def test_settings_reach_the_workteam(stack: cdk.Stack, workforce: WorkforceBase) -> None:
    Workteam(
        stack,
        "Workteam",
        workforce=workforce,
        oidc_groups=["reviewers"],
        workteam_name="reviewers",
        description="People who review",
        tags={"team": "quality"},
    )

    assert workteam_of(stack)["Properties"] == {
        "WorkforceName": "people",
        "WorkteamName": "reviewers",
        "Description": "People who review",
        "MemberDefinitions": [{"OidcMemberDefinition": {"OidcGroups": ["reviewers"]}}],
        "Tags": [{"Key": "team", "Value": "quality"}],
    }


def test_a_workteam_that_is_replaced_stays_for_the_reviews_that_wait(
    stack: cdk.Stack, workforce: WorkforceBase
) -> None:
    Workteam(stack, "Workteam", workforce=workforce, oidc_groups=["reviewers"])

    policies = ("UpdateReplacePolicy", "DeletionPolicy")
    assert [workteam_of(stack)[name] for name in policies] == ["Retain", "Delete"]


def test_a_workteam_is_made_after_its_workforces_sign_in(
    stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    workforce = Workforce(stack, "Workforce", sign_in=sign_in)

    Workteam(stack, "Workteam", workforce=workforce, groups=[sign_in.add_group("reviewers")])

    (settings,) = Template.from_stack(stack).find_resources("Custom::A2IPortalSignIn")
    assert settings in workteam_of(stack)["DependsOn"]


def test_sagemaker_may_publish_to_the_notification_topic(
    stack: cdk.Stack, workforce: WorkforceBase
) -> None:
    topic = sns.Topic(stack, "Topic")

    Workteam(stack, "Workteam", workforce=workforce, oidc_groups=["g"], notification_topic=topic)

    arn = stack.resolve(topic.topic_arn)
    assert workteam_of(stack)["Properties"]["NotificationConfiguration"] == {
        "NotificationTopicArn": arn
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::SNS::TopicPolicy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "sns:Publish",
                        "Effect": "Allow",
                        "Principal": {"Service": "sagemaker.amazonaws.com"},
                        "Resource": arn,
                        "Condition": {
                            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                            "ArnLike": {
                                "aws:SourceArn": sagemaker_arn(stack, "workteam/private-crowd", "*")
                            },
                        },
                    }
                ]
            }
        },
    )


def test_no_custom_resource_unless_access_is_limited(
    stack: cdk.Stack, workforce: WorkforceBase
) -> None:
    Workteam(stack, "Workteam", workforce=workforce, oidc_groups=["g"])

    Template.from_stack(stack).resource_count_is("AWS::Lambda::Function", 0)


def test_worker_access_turns_one_on_and_the_other_off(
    stack: cdk.Stack, workforce: WorkforceBase
) -> None:
    workteam = Workteam(
        stack,
        "Workteam",
        workforce=workforce,
        oidc_groups=["g"],
        worker_access=WorkerAccess.SOURCE_IP,
    )

    template = Template.from_stack(stack)
    policies = template.find_resources(
        "AWS::IAM::Policy",
        {
            "Properties": {
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Action": "sagemaker:UpdateWorkteam",
                            "Resource": stack.resolve(workteam.workteam_arn),
                        }
                    ]
                }
            }
        },
    )
    (policy,) = policies
    template.has_resource(
        "Custom::A2IWorkteamAccess",
        {
            "Properties": {
                "WorkteamName": stack.resolve(workteam.workteam_name),
                "S3Presign": {
                    "IamPolicyConstraints": {"SourceIp": "Enabled", "VpcSourceIp": "Disabled"}
                },
            },
            "DependsOn": Match.array_with([policy]),
        },
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({}, "either groups or oidc_groups, got neither", id="no members"),
        pytest.param(
            {"oidc_groups": ["g"], "tags": {str(n): "" for n in range(51)}},
            "tags must have 0 to 50 entries",
            id="tags",
        ),
        pytest.param(
            {"oidc_groups": ["g"] * 11}, "oidc_groups must have 1 to 10 entries", id="too many"
        ),
        pytest.param(
            {"oidc_groups": ["a b"]}, r"oidc_groups\[0\] must be text without spaces", id="spaces"
        ),
        pytest.param(
            {"oidc_groups": ["g"], "workteam_name": "team-"},
            "workteam_name must be letters, digits and hyphens, .* got 'team-'",
            id="name",
        ),
        pytest.param(
            {"oidc_groups": ["g"], "workteam_name": "t" * 64}, "workteam_name must be", id="long"
        ),
        pytest.param(
            {"oidc_groups": ["g"], "description": "two\nlines"},
            "description must be one line of text",
            id="description",
        ),
    ],
)
def test_what_a_workteam_refuses(
    stack: cdk.Stack, workforce: WorkforceBase, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Workteam(stack, "Workteam", workforce=workforce, **parameters)

    assert stack.node.try_find_child("Workteam") is None


def test_groups_are_of_one_sign_in(
    stack: cdk.Stack, workforce: WorkforceBase, sign_in: ReviewerSignIn
) -> None:
    other = ReviewerSignIn(stack, "Other")
    groups = [sign_in.add_group("reviewers"), other.add_group("experts")]

    with pytest.raises(ValueError, match="groups must all be of one sign-in"):
        Workteam(stack, "Workteam", workforce=workforce, groups=groups)


def test_grant_describe_on_an_imported_workteam(stack: cdk.Stack) -> None:
    workteam = Workteam.from_workteam_name(stack, "Workteam", "reviewers")
    user = iam.User(stack, "User")

    workteam.grant_describe(user)

    arn = sagemaker_arn(stack, "workteam/private-crowd", "reviewers")
    assert stack.resolve(workteam.workteam_arn) == arn
    assert statements_of(stack, user) == [
        {"Action": "sagemaker:DescribeWorkteam", "Effect": "Allow", "Resource": arn}
    ]


def test_a_group_that_is_there_already_can_be_a_member(
    stack: cdk.Stack, workforce: WorkforceBase
) -> None:
    sign_in = ReviewerSignIn.from_user_pool_id(stack, "Pool", "eu-west-1_abc", client_id="client")
    group = ReviewerGroup.from_group_name(stack, "Group", "people", sign_in=sign_in)

    Workteam(stack, "Workteam", workforce=workforce, groups=[group])

    Template.from_stack(stack).resource_count_is("AWS::Cognito::UserPoolGroup", 0)
    assert workteam_of(stack)["Properties"]["MemberDefinitions"] == [
        {
            "CognitoMemberDefinition": {
                "CognitoClientId": "client",
                "CognitoUserGroup": "people",
                "CognitoUserPool": "eu-west-1_abc",
            }
        }
    ]


def test_an_imported_arn_grants_on_itself(stack: cdk.Stack) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:workteam/vendor-crowd/reviewers"
    workteam = Workteam.from_workteam_arn(stack, "Workteam", arn)
    user = iam.User(stack, "User")

    workteam.grant_describe(user)

    assert statements_of(stack, user) == [
        {"Action": "sagemaker:DescribeWorkteam", "Effect": "Allow", "Resource": arn}
    ]


def test_an_arn_known_only_when_deploying_gives_the_name(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "WorkteamArn").value_as_string

    workteam = Workteam.from_workteam_arn(stack, "Workteam", arn)

    assert stack.resolve(workteam.workteam_name) == {
        "Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "WorkteamArn"}]}]
    }


@pytest.mark.parametrize(
    "arn", ["reviewers", "arn:aws:sagemaker:eu-west-1:111122223333:workteam/reviewers"]
)
def test_what_is_no_arn_of_a_workteam_is_refused(stack: cdk.Stack, arn: str) -> None:
    with pytest.raises(ValueError, match="workteam_arn must be the ARN of a workteam, got"):
        Workteam.from_workteam_arn(stack, "Workteam", arn)


def test_an_imported_arn_gives_the_name(stack: cdk.Stack) -> None:
    workteam = Workteam.from_workteam_arn(
        stack,
        "Workteam",
        "arn:aws:sagemaker:eu-west-1:111122223333:workteam/private-crowd/reviewers",
    )

    assert workteam.workteam_name == "reviewers"


def workteam_of(stack: cdk.Stack) -> Any:
    (resource,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Workteam").values()
    return resource
