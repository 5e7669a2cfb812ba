from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from human_review import FlowDefinition, Reconciler, ReviewResults
from tests.constructs.resolved import sagemaker_arn, statements_of


def test_the_function_is_told_what_it_needs(
    stack: cdk.Stack, reconciler: Reconciler, results: ReviewResults
) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::Function",
        {
            "Handler": "review_reconcile.handler.handle",
            "FunctionName": "human-review-sentiment-reconcile",
            "Timeout": 600,
            "Environment": {
                "Variables": {
                    "WORKFLOW": "sentiment",
                    "BUCKET": stack.resolve(results.bucket.bucket_name),
                    "COLLECT_QUEUE_URL": stack.resolve(results.queue.queue_url),
                    "STACK_ID": {"Ref": "AWS::StackId"},
                    "GRACE_SECONDS": "900",
                    "LOOKBACK_DAYS": "30",
                }
            },
        },
    )


def test_it_runs_every_quarter_of_an_hour(stack: cdk.Stack, reconciler: Reconciler) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::Scheduler::Schedule",
        {
            "ScheduleExpression": "rate(15 minutes)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": "ENABLED",
            "Target": {
                "Arn": stack.resolve(reconciler.function.function_arn),
                "RoleArn": stack.resolve(schedule_role(reconciler).role_arn),
                "RetryPolicy": Match.object_like({"MaximumRetryAttempts": 0}),
            },
        },
    )


def test_only_a_schedule_of_this_account_runs_it(stack: cdk.Stack, reconciler: Reconciler) -> None:
    function = stack.resolve(reconciler.function.function_arn)

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Action": "sts:AssumeRole",
                        "Condition": {
                            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
                        },
                        "Effect": "Allow",
                        "Principal": {"Service": "scheduler.amazonaws.com"},
                    }
                ]
            }
        },
    )
    assert statements_of(stack, schedule_role(reconciler)) == [
        {
            "Action": "lambda:InvokeFunction",
            "Effect": "Allow",
            "Resource": [function, {"Fn::Join": ["", [function, ":*"]]}],
        }
    ]


def test_times_are_settings(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    Reconciler(
        stack,
        "Reconciler",
        flow_definition=flow_definition,
        results=results,
        rate=cdk.Duration.hours(1),
        grace=cdk.Duration.minutes(2),
        lookback=cdk.Duration.days(7),
    )

    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::Scheduler::Schedule", {"ScheduleExpression": "rate(1 hour)"}
    )
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {"Environment": {"Variables": {"GRACE_SECONDS": "120", "LOOKBACK_DAYS": "7"}}},
    )


def test_it_may_look_replay_and_let_go_and_nothing_else(
    stack: cdk.Stack, reconciler: Reconciler, results: ReviewResults
) -> None:
    _logging, *statements = statements_of(stack, reconciler.function.runs_as)

    assert statements == [
        {
            "Action": ["sagemaker:ListFlowDefinitions", "sagemaker:ListHumanLoops"],
            "Effect": "Allow",
            "Resource": "*",
        },
        {
            "Action": ["sagemaker:DeleteFlowDefinition", "sagemaker:ListTags"],
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "flow-definition", "sentiment--*"),
        },
        {
            "Action": "sagemaker:DescribeHumanLoop",
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "human-loop", "*"),
        },
        {
            "Action": "s3:ListBucket",
            "Condition": {"StringLike": {"s3:prefix": "labels/*"}},
            "Effect": "Allow",
            "Resource": stack.resolve(results.bucket.bucket_arn),
        },
        {
            "Action": "sqs:SendMessage",
            "Effect": "Allow",
            "Resource": stack.resolve(results.queue.queue_arn),
        },
    ]


@pytest.mark.parametrize(
    ("method", "name", "statistic"),
    [
        ("metric_open_loops", "OpenLoops", "Maximum"),
        ("metric_oldest_open_loop_age", "OldestOpenLoopAge", "Maximum"),
        ("metric_loops_replayed", "LoopsReplayed", "Sum"),
        ("metric_flow_definitions_retired", "FlowDefinitionsRetired", "Maximum"),
        ("metric_flow_definitions_deleted", "FlowDefinitionsDeleted", "Sum"),
    ],
)
def test_metrics(reconciler: Reconciler, method: str, name: str, statistic: str) -> None:
    metric: cloudwatch.Metric = getattr(reconciler, method)()

    assert (metric.namespace, metric.metric_name) == ("HumanReview", name)
    assert metric.dimensions == {"Workflow": "sentiment"}
    assert metric.statistic == statistic
    assert metric.period.to_minutes() == 15


def test_it_can_be_run_at_once(stack: cdk.Stack, reconciler: Reconciler) -> None:
    user = iam.User(stack, "User")

    reconciler.grant_invoke(user)

    [statement] = statements_of(stack, user)
    assert statement["Action"] == "lambda:InvokeFunction"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param(
            {"rate": cdk.Duration.seconds(90)},
            "rate must be a whole number of minutes, a multiple of 60 seconds, got 90",
            id="a minute and a half",
        ),
        pytest.param(
            {"rate": cdk.Duration.seconds(0)}, "rate must be a whole number of minutes", id="never"
        ),
        pytest.param(
            {"lookback": cdk.Duration.hours(36)},
            "lookback must be a whole number of days, a multiple of 86400 seconds, got 129600",
            id="a day and a half",
        ),
    ],
)
def test_what_a_reconciler_refuses(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    results: ReviewResults,
    parameters: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        Reconciler(
            stack, "Reconciler", flow_definition=flow_definition, results=results, **parameters
        )

    assert stack.node.try_find_child("Reconciler") is None


def schedule_role(reconciler: Reconciler) -> iam.Role:
    role = reconciler.node.find_child("ScheduleRole")
    assert isinstance(role, iam.Role)
    return role
