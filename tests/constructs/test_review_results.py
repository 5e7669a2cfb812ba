from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from human_review import ReviewResults
from tests.constructs.resolved import sagemaker_arn, statements_of


def test_the_bucket_is_private_versioned_and_retained(
    stack: cdk.Stack, results: ReviewResults
) -> None:
    Template.from_stack(stack).has_resource(
        "AWS::S3::Bucket",
        {
            "DeletionPolicy": "RetainExceptOnCreate",  # nothing is left of a failed creation
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                    ]
                },
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "VersioningConfiguration": {"Status": "Enabled"},
                "CorsConfiguration": {
                    "CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]
                },
            },
        },
    )


def test_the_bucket_refuses_requests_without_tls(stack: cdk.Stack, results: ReviewResults) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::S3::BucketPolicy",
        {
            "PolicyDocument": {
                "Statement": [
                    Match.object_like(
                        {
                            "Action": "s3:*",
                            "Effect": "Deny",
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    )
                ]
            }
        },
    )


def test_a_key_and_a_removal_policy_are_settings(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    results = ReviewResults(
        stack,
        "Results",
        workflow_name="sentiment",
        encryption_key=key,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )

    Template.from_stack(stack).has_resource(
        "AWS::S3::Bucket",
        {
            "DeletionPolicy": "Delete",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": stack.resolve(key.key_arn),
                            },
                        }
                    ]
                }
            },
        },
    )
    assert {
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Effect": "Allow",
        "Resource": stack.resolve(key.key_arn),
    } in statements_of(stack, results.function.runs_as)


def test_what_was_written_before_a_change_of_the_key_can_still_be_read(stack: cdk.Stack) -> None:
    old, new = kms.Key(stack, "Old"), kms.Key(stack, "New")
    results = ReviewResults(
        stack,
        "Results",
        workflow_name="sentiment",
        encryption_key=new,
        previous_encryption_keys=[old],
    )
    trainer = iam.User(stack, "Trainer")

    results.grant_read(trainer)

    decrypting = {
        "Action": "kms:Decrypt",
        "Effect": "Allow",
        "Resource": stack.resolve(old.key_arn),
    }
    for reader in (results.function.runs_as, trainer):
        assert decrypting in statements_of(stack, reader)


def test_the_end_of_any_of_the_workflows_loops_is_queued(
    stack: cdk.Stack, results: ReviewResults
) -> None:
    template = Template.from_stack(stack)
    prefix = sagemaker_arn(stack, "flow-definition", "sentiment--")
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventPattern": {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker A2I HumanLoop Status Change"],
                "detail": {"flowDefinitionArn": [{"prefix": prefix}]},
            },
            "State": "ENABLED",
            "Targets": [
                Match.object_like(
                    {
                        "Arn": stack.resolve(results.queue.queue_arn),
                        "DeadLetterConfig": {
                            "Arn": stack.resolve(results.dead_letter_queue.queue_arn)
                        },
                    }
                )
            ],
        },
    )
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": stack.resolve(results.queue.queue_arn),
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    )


def test_the_queue_is_patient_and_has_a_dead_letter_queue(
    stack: cdk.Stack, results: ReviewResults
) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::SQS::Queue",
        {
            "SqsManagedSseEnabled": True,
            "VisibilityTimeout": 6 * function_of(stack)["Timeout"],
            "RedrivePolicy": {
                "deadLetterTargetArn": stack.resolve(results.dead_letter_queue.queue_arn),
                "maxReceiveCount": 5,
            },
        },
    )


def test_the_function_is_told_what_it_needs(stack: cdk.Stack, results: ReviewResults) -> None:
    function = function_of(stack)

    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert function["Environment"]["Variables"] == {
        "WORKFLOW": "sentiment",
        "BUCKET": stack.resolve(results.bucket.bucket_name),
        "CONSENSUS": "majority",
    }


def test_the_label_is_a_setting(stack: cdk.Stack) -> None:
    ReviewResults(stack, "Results", workflow_name="sentiment", label="sentiment.label")

    assert function_of(stack)["Environment"]["Variables"]["LABEL"] == "sentiment.label"


def test_the_function_may_do_what_it_does_and_no_more(
    stack: cdk.Stack, results: ReviewResults
) -> None:
    def objects(key: str) -> Any:
        return stack.resolve(results.bucket.arn_for_objects(f"{key}/*"))

    logging, receiving, *own = statements_of(stack, results.function.runs_as)
    assert logging["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert receiving["Resource"] == stack.resolve(results.queue.queue_arn)
    assert [(statement["Action"], statement["Resource"]) for statement in own] == [
        ("s3:GetObject", [objects("a2i"), objects("requests")]),
        ("s3:PutObject", objects("labels")),
        ("s3:ListBucket", stack.resolve(results.bucket.bucket_arn)),
        (
            "sagemaker:ListTags",
            sagemaker_arn(stack, "flow-definition", "sentiment--*"),
        ),
    ]


def test_logs_are_kept_for_three_months(stack: cdk.Stack, results: ReviewResults) -> None:
    Template.from_stack(stack).has_resource(
        "AWS::Logs::LogGroup",
        {"DeletionPolicy": "Delete", "Properties": {"RetentionInDays": 90}},
    )


def test_grant_read(stack: cdk.Stack, results: ReviewResults) -> None:
    user = iam.User(stack, "User")

    results.grant_read(user)

    (statement,) = statements_of(stack, user)
    assert statement["Action"] == ["s3:GetBucket*", "s3:GetObject*", "s3:List*"]
    assert stack.resolve(results.bucket.bucket_arn) in statement["Resource"]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("metric_labels_collected", "LabelsCollected"),
        ("metric_loops_failed", "LoopsFailed"),
        ("metric_loops_stopped", "LoopsStopped"),
    ],
)
def test_metrics(results: ReviewResults, metric: str, name: str) -> None:
    counted = getattr(results, metric)()

    assert (counted.namespace, counted.metric_name) == ("HumanReview", name)
    assert (counted.dimensions, counted.statistic) == ({"Workflow": "sentiment"}, "Sum")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({"workflow_name": "A"}, "workflow_name must be lower-case", id="name"),
        pytest.param({"label": "a["}, "label must be a JMESPath expression", id="label"),
    ],
)
def test_what_results_refuse(stack: cdk.Stack, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReviewResults(stack, "Results", **{"workflow_name": "sentiment", **parameters})


def function_of(stack: cdk.Stack) -> Any:
    found = Template.from_stack(stack).find_resources(
        "AWS::Lambda::Function", {"Properties": {"Handler": "review_collect.handler.handle"}}
    )
    (function,) = found.values()
    return function["Properties"]
