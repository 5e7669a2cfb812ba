import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    ModelSpec,
    Reconciler,
    ResponseSpec,
    ReviewResults,
    Triage,
    WorkteamBase,
)
from tests.constructs.resolved import sagemaker_arn, statements_of

MODEL = ModelSpec(
    endpoint_name="Sentiment",
    content_type="application/jsonlines",
    request={"features": ["$input"]},
    response=ResponseSpec(label="predicted_label", confidence="probability"),
)


@pytest.fixture
def triage(stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults) -> Triage:
    return Triage(stack, "Triage", flow_definition=flow_definition, results=results, threshold=0.9)


def test_the_function_is_told_what_it_needs(
    stack: cdk.Stack, triage: Triage, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    properties = function_of(stack)["Properties"]

    assert properties["Handler"] == "review_triage.handler.handle"
    assert properties["Environment"]["Variables"] == {
        "WORKFLOW": "sentiment",
        "FLOW_DEFINITION_PARAMETER": stack.resolve(flow_definition.arn_parameter.parameter_name),
        "BUCKET": stack.resolve(results.bucket.bucket_name),
        "DEAD_LETTER_QUEUE_URL": stack.resolve(triage.dead_letter_queue.queue_url),
        "THRESHOLD": "0.9",
        "AUDIT_PERCENTAGE": "0",
    }


def test_settings_reach_the_function(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    Triage(
        stack,
        "Triage",
        flow_definition=flow_definition,
        results=results,
        threshold=0.75,
        audit_percentage=2.5,
        model=MODEL,
        max_concurrency=4,
    )

    variables = function_of(stack)["Properties"]["Environment"]["Variables"]
    assert (variables["THRESHOLD"], variables["AUDIT_PERCENTAGE"]) == ("0.75", "2.5")
    assert json.loads(variables["MODEL"]) == {
        "endpoint_name": "Sentiment",
        "content_type": "application/jsonlines",
        "accept": "application/jsonlines",
        "request": {"features": ["$input"]},
        "response": {"label": "predicted_label", "confidence": "probability"},
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::EventSourceMapping", {"ScalingConfig": {"MaximumConcurrency": 4}}
    )


def test_numbers_may_be_known_only_when_deploying(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    def number(name: str) -> float:
        return cdk.CfnParameter(stack, name, type="Number").value_as_number

    Triage(
        stack,
        "Triage",
        flow_definition=flow_definition,
        results=results,
        threshold=number("Threshold"),
        audit_percentage=number("Audit"),
    )

    variables = function_of(stack)["Properties"]["Environment"]["Variables"]
    assert (variables["THRESHOLD"], variables["AUDIT_PERCENTAGE"]) == (
        {"Ref": "Threshold"},
        {"Ref": "Audit"},
    )


@pytest.mark.parametrize(("model", "size"), [(None, 10), (MODEL, 2)], ids=["without", "with"])
def test_a_batch_is_done_in_time_however_slow_the_endpoint_is(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    results: ReviewResults,
    model: ModelSpec | None,
    size: int,
) -> None:
    given: dict[str, Any] = {"flow_definition": flow_definition, "results": results}

    Triage(stack, "Triage", **given, threshold=0.9, model=model)

    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "FunctionName": {"Ref": Match.string_like_regexp("^Triage")},
            "BatchSize": size,
        },
    )


def test_a_batch_is_handled_in_parts_and_not_twice(stack: cdk.Stack, triage: Triage) -> None:
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": stack.resolve(triage.queue.queue_arn),
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": 10},
        },
    )
    template.has_resource_properties(
        "AWS::SQS::Queue",
        {
            "SqsManagedSseEnabled": True,
            "VisibilityTimeout": 6 * function_of(stack)["Properties"]["Timeout"],
            "RedrivePolicy": {
                "deadLetterTargetArn": stack.resolve(triage.dead_letter_queue.queue_arn),
                "maxReceiveCount": 5,
            },
        },
    )


def test_both_queues_refuse_requests_without_tls(stack: cdk.Stack, triage: Triage) -> None:
    for queue in (triage.queue, triage.dead_letter_queue):
        Template.from_stack(stack).has_resource_properties(
            "AWS::SQS::QueuePolicy",
            {
                "Queues": [stack.resolve(queue.queue_url)],
                "PolicyDocument": {
                    "Statement": Match.array_with(
                        [
                            Match.object_like(
                                {
                                    "Effect": "Deny",
                                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                                }
                            )
                        ]
                    )
                },
            },
        )


def test_the_function_may_do_what_it_does_and_no_more(
    stack: cdk.Stack, triage: Triage, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    def objects(*keys: str) -> list[Any]:
        return [stack.resolve(results.bucket.arn_for_objects(f"{key}/*")) for key in keys]

    loops = sagemaker_arn(stack, "human-loop", "sentiment-*")
    flow_definitions = sagemaker_arn(stack, "flow-definition", "sentiment--*")
    assert permissions_of(stack, triage) == {
        "sqs:ChangeMessageVisibility": [stack.resolve(triage.queue.queue_arn)],
        "sqs:DeleteMessage": [stack.resolve(triage.queue.queue_arn)],
        "sqs:GetQueueAttributes": [stack.resolve(triage.queue.queue_arn)],
        "sqs:GetQueueUrl": [stack.resolve(triage.queue.queue_arn)],
        "sqs:ReceiveMessage": [stack.resolve(triage.queue.queue_arn)],
        "sqs:SendMessage": [stack.resolve(triage.dead_letter_queue.queue_arn)],
        "ssm:GetParameter": [stack.resolve(flow_definition.arn_parameter.parameter_arn)],
        "sagemaker:StartHumanLoop": [flow_definitions, loops],
        "sagemaker:DescribeHumanLoop": [loops],
        "s3:PutObject": objects("accepted", "requests"),
        "s3:GetObject": objects("accepted", "requests"),
        "s3:ListBucket": [stack.resolve(results.bucket.bucket_arn)],
    }


def test_with_a_model_it_may_invoke_that_endpoint(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    triage = Triage(
        stack,
        "Triage",
        flow_definition=flow_definition,
        results=results,
        threshold=0.9,
        model=MODEL,
    )

    # The ARN of an endpoint is lower-case, whatever its name is.
    assert permissions_of(stack, triage)["sagemaker:InvokeEndpoint"] == [
        sagemaker_arn(stack, "endpoint", "sentiment")
    ]


def test_with_a_key_it_may_use_it(
    stack: cdk.Stack, workteam: WorkteamBase, page: HumanTaskUi
) -> None:
    key = kms.Key(stack, "Key")
    results = ReviewResults(stack, "Results", workflow_name="sentiment", encryption_key=key)

    triage = triage_into(results, "sentiment", workteam, page)

    permissions = permissions_of(stack, triage)
    assert permissions["kms:Decrypt"] == [stack.resolve(key.key_arn)]
    assert permissions["kms:GenerateDataKey"] == [stack.resolve(key.key_arn)]


def test_a_long_workflow_name_is_cut_as_the_loops_names_are(
    stack: cdk.Stack, workteam: WorkteamBase, page: HumanTaskUi
) -> None:
    name = "a" * 29 + "-" + "b" * 10
    results = ReviewResults(stack, "Results", workflow_name=name)

    triage = triage_into(results, name, workteam, page)

    assert permissions_of(stack, triage)["sagemaker:DescribeHumanLoop"] == [
        sagemaker_arn(stack, "human-loop", "a" * 29 + "-*")
    ]


def triage_into(
    results: ReviewResults, name: str, workteam: WorkteamBase, page: HumanTaskUi
) -> Triage:
    """Triage of a workflow that is made into results of its own."""
    stack = cdk.Stack.of(results)
    flow_definition = FlowDefinition(
        stack,
        "FlowDefinition",
        name_prefix=name,
        workteam=workteam,
        human_task_ui=page,
        task_title="Title",
        task_description="Description",
        output_bucket=results.bucket,
    )
    return Triage(stack, "Triage", flow_definition=flow_definition, results=results, threshold=0.9)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({"threshold": 1.1}, "threshold must be between 0 and 1, got 1.1", id="high"),
        pytest.param(
            {"threshold": float("nan")}, "threshold must be between 0 and 1, got nan", id="nan"
        ),
        pytest.param({"threshold": "0.9"}, "threshold must be a number, got '0.9'", id="text"),
        pytest.param(
            {"audit_percentage": 101},
            "audit_percentage must be between 0 and 100, got 101",
            id="audit",
        ),
        pytest.param(
            {"max_concurrency": 1},
            "max_concurrency must be between 2 and 1000, got 1",
            id="concurrency",
        ),
        pytest.param({"labels": ["a", "a"]}, "labels must not name a twice", id="label twice"),
        pytest.param(
            {"labels": ["x" * 98 + f"{n:02}" for n in range(30)]},
            "labels must be at most 2048 bytes of JSON, it has ",
            id="labels",
        ),
        pytest.param(
            {
                "labels": ["x" * 98 + f"{n:02}" for n in range(15)],
                "model": MODEL.model_copy(update={"request": ["$input", "y" * 1600]}),
            },
            "model and labels must be at most 3072 bytes of JSON together, got 1[0-9]{3} of model "
            "and 1546 of labels",
            id="more than an environment holds",
        ),
    ],
)
def test_what_triage_refuses(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    results: ReviewResults,
    parameters: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        Triage(
            stack,
            "Triage",
            flow_definition=flow_definition,
            results=results,
            **{"threshold": 0.9, **parameters},
        )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param(
            {"name_prefix": "ranking"},
            "must be of one workflow, got those of ranking and of sentiment",
            id="of another workflow",
        ),
        pytest.param({"output_prefix": "answers"}, "must be 'a2i', .* got 'answers'", id="prefix"),
        pytest.param({"output_bucket": None}, "must be the bucket of the results", id="bucket"),
    ],
)
def test_answers_that_nobody_would_collect_are_refused(
    stack: cdk.Stack,
    workteam: WorkteamBase,
    page: HumanTaskUi,
    results: ReviewResults,
    parameters: dict[str, Any],
    message: str,
) -> None:
    if "output_bucket" in parameters:
        parameters = {"output_bucket": s3.Bucket(stack, "Another")}
    given: dict[str, Any] = {
        "name_prefix": "sentiment",
        "workteam": workteam,
        "human_task_ui": page,
        "task_title": "Title",
        "task_description": "Description",
        "output_bucket": results.bucket,
    }
    other = FlowDefinition(stack, "Other", **{**given, **parameters})

    with pytest.raises(ValueError, match=message):
        Triage(stack, "Triage", flow_definition=other, results=results, threshold=0.9)
    with pytest.raises(ValueError, match=message):
        Reconciler(stack, "Reconciler", flow_definition=other, results=results)

    assert stack.node.try_find_child("Triage") is None
    assert stack.node.try_find_child("Reconciler") is None


def test_grant_send_and_invoke(stack: cdk.Stack, triage: Triage) -> None:
    user = iam.User(stack, "User")

    triage.grant_send(user)
    triage.grant_invoke(user)

    send, invoke = statements_of(stack, user)
    assert "sqs:SendMessage" in send["Action"]
    assert send["Resource"] == stack.resolve(triage.queue.queue_arn)
    assert invoke["Action"] == "lambda:InvokeFunction"
    assert stack.resolve(triage.function.function_arn) in invoke["Resource"]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("metric_accepted", "Accepted"),
        ("metric_reviews_started", "ReviewsStarted"),
        ("metric_refused", "Refused"),
    ],
)
def test_metrics(triage: Triage, metric: str, name: str) -> None:
    counted = getattr(triage, metric)()

    assert (counted.namespace, counted.metric_name) == ("HumanReview", name)
    assert (counted.dimensions, counted.statistic) == ({"Workflow": "sentiment"}, "Sum")


def function_of(stack: cdk.Stack) -> Any:
    found = Template.from_stack(stack).find_resources(
        "AWS::Lambda::Function", {"Properties": {"Handler": "review_triage.handler.handle"}}
    )
    (function,) = found.values()
    return function


def permissions_of(stack: cdk.Stack, triage: Triage) -> dict[str, list[Any]]:
    """What the function may do besides logging: each action, and on what."""
    permissions: dict[str, list[Any]] = {}
    for statement in statements_of(stack, triage.function.runs_as):
        actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
        for action in actions:
            permissions.setdefault(action, []).extend(resources)
    return {
        action: sorted(resources, key=json.dumps)
        for action, resources in permissions.items()
        if not action.startswith("logs:")
    }


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
