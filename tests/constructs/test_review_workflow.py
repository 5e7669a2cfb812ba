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
from tests.constructs.resolved import statements_of


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
        template='<crowd-form><input name="answer"></crowd-form>',
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


def test_a_workflow_adds_three_functions(
    app: cdk.App, stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    ReviewWorkflow(stack, "One", spec=spec, workteam=workteam)
    second = spec.model_copy(update={"name": "second"})
    both = cdk.Stack(app, "Both")
    ReviewWorkflow(both, "One", spec=spec, workteam=workteam)
    ReviewWorkflow(both, "Two", spec=second, workteam=workteam)

    def count(stack: cdk.Stack) -> int:
        return len(Template.from_stack(stack).find_resources("AWS::Lambda::Function"))

    assert count(both) - count(stack) == 3


def test_the_page_may_show_objects_of_the_input_buckets(
    stack: cdk.Stack, workflow: ReviewWorkflow
) -> None:
    roles = Template.from_stack(stack).find_resources(
        "AWS::IAM::Role", {"Properties": {"Path": "/human-review/"}}
    )
    [role] = roles.values()
    [policy] = role["Properties"]["Policies"]

    assert {
        "Action": "s3:GetObject",
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::my-images/*"]]},
    } in policy["PolicyDocument"]["Statement"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("flow-definition-arn", lambda w: w.flow_definition.flow_definition_arn),
        ("triage-queue-url", lambda w: w.triage.queue.queue_url),
        ("triage-function-name", lambda w: w.triage.function.function_name),
        ("bucket-name", lambda w: w.results.bucket.bucket_name),
        ("reconcile-function-name", lambda w: w.reconciler.function.function_name),
        ("on-destroy", lambda _: "refuse"),
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


def test_a_bucket_that_is_destroyed_is_emptied_when_nothing_can_be_refused_any_more(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    destroy = cdk.RemovalPolicy.DESTROY

    ReviewWorkflow(stack, "Workflow", spec=spec, workteam=workteam, removal_policy=destroy)

    [emptying] = Template.from_stack(stack).find_resources("Custom::S3AutoDeleteObjects")
    assert emptying in one(stack, "Custom::A2IReviewGuard")["DependsOn"]
    assert emptying in one(stack, "Custom::A2IFlowDefinition")["DependsOn"]


def test_a_bucket_that_stays_is_never_emptied(stack: cdk.Stack, workflow: ReviewWorkflow) -> None:
    Template.from_stack(stack).resource_count_is("Custom::S3AutoDeleteObjects", 0)


def test_a_delete_touches_the_guard_before_anything_else_of_the_workflow(
    stack: cdk.Stack, workflow: ReviewWorkflow
) -> None:
    guard = one(stack, "Custom::A2IReviewGuard")
    everything = {
        stack.get_logical_id(child)
        for child in workflow.node.find_all()
        if isinstance(child, cdk.CfnResource)
    }

    [itself] = Template.from_stack(stack).find_resources("Custom::A2IReviewGuard")
    [parameter] = (
        stack.get_logical_id(child)
        for child in workflow.guard.on_destroy_parameter.node.find_all()
        if isinstance(child, cdk.CfnResource)
    )
    assert guard["Properties"]["OnDestroyParameter"] == {"Ref": parameter}
    assert set(guard["DependsOn"]) == everything - {itself, parameter}
    assert len(guard["DependsOn"]) > 30


def test_nothing_depends_on_the_guard(stack: cdk.Stack, workflow: ReviewWorkflow) -> None:
    template = Template.from_stack(stack)
    [guard] = template.find_resources("Custom::A2IReviewGuard")

    others = {k: v for k, v in template.to_json()["Resources"].items() if k != guard}
    assert guard not in str(others)


def test_what_destroying_does_is_the_folders_to_say(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    stopping = spec.model_copy(update={"on_destroy": "stop"})

    ReviewWorkflow(stack, "Workflow", spec=stopping, workteam=workteam)

    Template.from_stack(stack).has_resource_properties(
        "AWS::SSM::Parameter", {"Name": "/human-review/sentiment/on-destroy", "Value": "stop"}
    )


def test_previous_keys_stay_usable_everywhere(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    old = kms.Key(stack, "Old")

    workflow = ReviewWorkflow(
        stack, "Workflow", spec=spec, workteam=workteam, previous_encryption_keys=[old]
    )

    decrypting = {
        "Action": "kms:Decrypt",
        "Effect": "Allow",
        "Resource": stack.resolve(old.key_arn),
    }
    for function in (workflow.triage.function, workflow.results.function):
        assert decrypting in statements_of(stack, function.runs_as)
    assert stack.resolve(old.key_arn) in [
        statement["Resource"]
        for role in Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_the_reconcilers_rate_is_a_setting(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    ReviewWorkflow(
        stack, "Workflow", spec=spec, workteam=workteam, reconcile_rate=cdk.Duration.minutes(5)
    )

    schedule = one(stack, "AWS::Scheduler::Schedule")
    assert schedule["Properties"]["ScheduleExpression"] == "rate(5 minutes)"


def test_a_rate_that_is_none_is_refused_before_anything_is_made(
    stack: cdk.Stack, spec: WorkflowSpec, workteam: WorkteamBase
) -> None:
    seconds = cdk.Duration.seconds(90)

    with pytest.raises(ValueError, match="reconcile_rate must be a whole number of minutes"):
        ReviewWorkflow(stack, "Workflow", spec=spec, workteam=workteam, reconcile_rate=seconds)

    assert stack.node.try_find_child("Workflow") is None


def one(stack: cdk.Stack, kind: str) -> Any:
    (resource,) = Template.from_stack(stack).find_resources(kind).values()
    return resource
