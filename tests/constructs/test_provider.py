from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from human_review import ReviewProvider
from tests.constructs.resolved import sagemaker_arn, statements_of


def test_a_stack_has_one_provider(stack: cdk.Stack) -> None:
    inner = cdk.aws_sns.Topic(stack, "Inner")

    assert ReviewProvider.of(stack) is ReviewProvider.of(inner)


def test_stacks_have_providers_of_their_own(app: cdk.App) -> None:
    one, two = cdk.Stack(app, "One"), cdk.Stack(app, "Two")

    assert ReviewProvider.of(one) is not ReviewProvider.of(two)


def test_the_starting_handler_may_change_named_flow_definitions_only(stack: cdk.Stack) -> None:
    ReviewProvider.of(stack)

    statements = handler_statements(stack, "OnEventRole")
    assert statements == [
        {
            "Action": [
                "sagemaker:AddTags",
                "sagemaker:CreateFlowDefinition",
                "sagemaker:DeleteTags",
                "sagemaker:DescribeFlowDefinition",
                "sagemaker:ListTags",
            ],
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "flow-definition", "*--*"),
        },
        {
            "Action": "iam:PassRole",
            "Effect": "Allow",
            "Resource": roles(stack),
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        },
        {"Action": "iam:GetRole", "Effect": "Allow", "Resource": roles(stack)},
        looking_at_stacks(stack, "cloudformation:DescribeStacks"),
        {
            "Action": [
                "sagemaker:ListFlowDefinitions",
                "sagemaker:ListHumanLoops",
                "sagemaker:ListWorkforces",
            ],
            "Effect": "Allow",
            "Resource": "*",
        },
        {
            "Action": "sagemaker:DescribeWorkteam",
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "workteam", "*"),
        },
    ]


def test_the_waiting_handler_makes_nothing(stack: cdk.Stack) -> None:
    ReviewProvider.of(stack)

    statements = handler_statements(stack, "IsCompleteRole")
    assert statements == [
        {
            "Action": [
                "sagemaker:AddTags",
                "sagemaker:DeleteFlowDefinition",
                "sagemaker:DeleteTags",
                "sagemaker:DescribeFlowDefinition",
                "sagemaker:ListTags",
            ],
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "flow-definition", "*--*"),
        },
        looking_at_stacks(
            stack, ["cloudformation:DescribeStackResource", "cloudformation:DescribeStacks"]
        ),
        {
            "Action": ["sagemaker:ListFlowDefinitions", "sagemaker:ListHumanLoops"],
            "Effect": "Allow",
            "Resource": "*",
        },
        {
            "Action": "ssm:GetParameterHistory",
            "Effect": "Allow",
            "Resource": parameters(stack, "flow-definition-arn"),
        },
        {
            "Action": "sagemaker:StopHumanLoop",
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "human-loop", "*"),
        },
        {
            "Action": "ssm:GetParameter",
            "Effect": "Allow",
            "Resource": parameters(stack, "on-destroy"),
        },
        {
            "Action": "lambda:InvokeFunction",
            "Effect": "Allow",
            "Resource": stack.resolve(
                stack.format_arn(
                    service="lambda",
                    resource="function",
                    resource_name="human-review-*-reconcile",
                    arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
                )
            ),
        },
    ]


def test_no_role_has_a_managed_policy(stack: cdk.Stack) -> None:
    ReviewProvider.of(stack)

    roles = Template.from_stack(stack).find_resources("AWS::IAM::Role")
    assert roles
    assert all("ManagedPolicyArns" not in role["Properties"] for role in roles.values())


def test_every_function_has_a_log_group_that_ends(stack: cdk.Stack) -> None:
    ReviewProvider.of(stack)

    template = Template.from_stack(stack)
    template.all_resources_properties("AWS::Logs::LogGroup", {"RetentionInDays": 90})
    template.all_resources_properties(
        "AWS::Lambda::Function", {"LoggingConfig": {"LogGroup": Match.any_value()}}
    )


def test_the_provider_gives_up_before_cloudformation_does(stack: cdk.Stack) -> None:
    provider = ReviewProvider.of(stack)

    provider.resource(stack, "Thing", resource_type="Custom::Thing", properties={"Key": "value"})

    template = Template.from_stack(stack)
    (machine,) = template.find_resources("AWS::StepFunctions::StateMachine").values()
    definition = "".join(
        part
        for part in machine["Properties"]["DefinitionString"]["Fn::Join"][1]
        if isinstance(part, str)
    )
    # Every two seconds for ten minutes, and CloudFormation waits fifteen.
    assert '"IntervalSeconds":2,"MaxAttempts":300,"BackoffRate":1' in definition
    template.has_resource_properties(
        "Custom::Thing",
        {
            "Key": "value",
            "ServiceTimeout": "900",
            "ServiceToken": stack.resolve(provider.service_token),
        },
    )


def roles(stack: cdk.Stack) -> Any:
    return stack.resolve(
        stack.format_arn(service="iam", region="", resource="role/human-review", resource_name="*")
    )


def parameters(stack: cdk.Stack, name: str) -> Any:
    return stack.resolve(
        stack.format_arn(
            service="ssm", resource="parameter", resource_name=f"human-review/*/{name}"
        )
    )


def looking_at_stacks(stack: cdk.Stack, actions: str | list[str]) -> dict[str, Any]:
    return {
        "Action": actions,
        "Effect": "Allow",
        "Resource": stack.resolve(
            stack.format_arn(service="cloudformation", resource="stack", resource_name="*")
        ),
    }


def handler_statements(stack: cdk.Stack, role: str) -> Any:
    """What one of the provider's handlers may do besides logging."""
    found = stack.node.find_child("ReviewProvider").node.find_child(role)
    assert isinstance(found, iam.Role)
    _logging, *statements = statements_of(stack, found)
    return statements
