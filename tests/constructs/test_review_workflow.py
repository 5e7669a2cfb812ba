from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from human_review import (
    ModelSpec,
    ResponseSpec,
    ReviewWorkflow,
    TaskSpec,
    TriageSpec,
    WorkflowSpec,
    WorkteamBase,
)


@pytest.fixture
def spec() -> WorkflowSpec:
    return WorkflowSpec(
        name="sentiment",
        task=TaskSpec.model_validate(
            {
                "title": "Classify a review",
                "description": "Say what the review says",
                "count": 2,
                "availability_lifetime": "3 days",
                "time_limit": "10 minutes",
                "keywords": ["reviews"],
            }
        ),
        template="<crowd-form></crowd-form>",
        workteam="reviewers",
        triage=TriageSpec(threshold=0.9, audit_percentage=5),
        model=ModelSpec(
            endpoint_name="sentiment",
            request=["$input"],
            response=ResponseSpec(label="label", confidence="score"),
        ),
        label="sentiment.label",
        input_buckets=["my-images"],
    )


@pytest.fixture
def workflow(stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase) -> ReviewWorkflow:
    return ReviewWorkflow(stack, "Workflow", spec=spec, workteam=workteam)


def test_what_the_folder_says_reaches_the_flow_definition(
    stack: cdk.Stack, workflow: ReviewWorkflow, workteam: WorkteamBase
) -> None:
    properties = one(stack, "Custom::A2IFlowDefinition")["Properties"]

    assert properties["FlowDefinitionNamePrefix"] == "sentiment"
    assert properties["HumanLoopConfig"] == {
        "WorkteamArn": stack.resolve(workteam.workteam_arn),
        "HumanTaskUiArn": stack.resolve(workflow.human_task_ui.human_task_ui_arn),
        "TaskTitle": "Classify a review",
        "TaskDescription": "Say what the review says",
        "TaskCount": 2,
        "TaskAvailabilityLifetimeInSeconds": 259200,
        "TaskTimeLimitInSeconds": 600,
        "TaskKeywords": ["reviews"],
    }
    assert properties["OutputConfig"]["S3OutputPath"] == stack.resolve(
        workflow.results.bucket.s3_url_for_object("a2i")
    )


def test_what_the_folder_says_reaches_the_functions(
    stack: cdk.Stack, workflow: ReviewWorkflow
) -> None:
    functions = Template.from_stack(stack).find_resources("AWS::Lambda::Function")
    variables: dict[str, Any] = {}
    for function in functions.values():
        variables |= function["Properties"].get("Environment", {}).get("Variables", {})

    assert variables["WORKFLOW"] == "sentiment"
    assert (variables["THRESHOLD"], variables["AUDIT_PERCENTAGE"]) == ("0.9", "5.0")
    assert variables["LABEL"] == "sentiment.label"
    assert '"endpoint_name":"sentiment"' in variables["MODEL"]


def test_a_workflow_adds_two_functions(
    app: cdk.App, stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    ReviewWorkflow(stack, "One", spec=spec, workteam=workteam)
    second = spec.model_copy(update={"name": "second"})
    both = cdk.Stack(app, "Both")
    ReviewWorkflow(both, "One", spec=spec, workteam=workteam)
    ReviewWorkflow(both, "Two", spec=second, workteam=workteam)

    def count(stack: cdk.Stack) -> int:
        return len(Template.from_stack(stack).find_resources("AWS::Lambda::Function"))

    assert count(both) - count(stack) == 2


def test_the_page_may_show_objects_of_the_input_buckets(
    stack: cdk.Stack, workflow: ReviewWorkflow
) -> None:
    policy = stack.resolve(
        workflow.flow_definition.role.node.find_child("DefaultPolicy").document  # type: ignore[attr-defined]
    )

    assert {
        "Action": "s3:GetObject",
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::my-images/*"]]},
    } in policy["Statement"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("flow-definition-arn", lambda w: w.flow_definition.flow_definition_arn),
        ("triage-queue-url", lambda w: w.triage.queue.queue_url),
        ("triage-function-name", lambda w: w.triage.function.function_name),
        ("bucket-name", lambda w: w.results.bucket.bucket_name),
        ("dead-letter-queue-url", lambda w: w.triage.dead_letter_queue.queue_url),
    ],
)
def test_callers_find_it_by_parameter(
    stack: cdk.Stack, workflow: ReviewWorkflow, key: str, value: Any
) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::SSM::Parameter",
        {"Name": f"/human-review/sentiment/{key}", "Value": stack.resolve(value(workflow))},
    )


def test_a_key_and_a_removal_policy_are_settings(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    key = kms.Key(stack, "Key")

    ReviewWorkflow(
        stack,
        "Workflow",
        spec=spec,
        workteam=workteam,
        encryption_key=key,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )

    assert one(stack, "AWS::S3::Bucket")["DeletionPolicy"] == "Delete"
    output = one(stack, "Custom::A2IFlowDefinition")["Properties"]["OutputConfig"]
    assert output["KmsKeyId"] == stack.resolve(key.key_arn)


def one(stack: cdk.Stack, kind: str) -> Any:
    (resource,) = Template.from_stack(stack).find_resources(kind).values()
    return resource
