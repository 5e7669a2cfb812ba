from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from human_review import WorkflowSpec
from stacks.review_stack import ReviewStack
from stacks.workforce_stack import WorkforceStack


def test_workteam_and_provider_come_from_the_workforce(review: ReviewStack) -> None:
    template = Template.from_stack(review)

    (flow_definition,) = template.find_resources("Custom::A2IFlowDefinition").values()
    properties = flow_definition["Properties"]
    assert "Fn::ImportValue" in properties["ServiceToken"]
    assert "Fn::ImportValue" in properties["HumanLoopConfig"]["WorkteamArn"]


def test_a_workflow_has_three_functions(review: ReviewStack) -> None:
    Template.from_stack(review).resource_count_is("AWS::Lambda::Function", 3)


@pytest.mark.parametrize(
    "name",
    [
        "FlowDefinitionArn",
        "TriageQueueUrl",
        "BucketName",
        "DeadLetterQueueUrl",
        "CollectDeadLetterQueueUrl",
    ],
)
def test_outputs(review: ReviewStack, name: str) -> None:
    Template.from_stack(review).has_output(name, {})


def test_a_delete_touches_the_guard_first(review: ReviewStack) -> None:
    template = Template.from_stack(review)

    [(guard, resource)] = template.find_resources("Custom::A2IReviewGuard").items()
    everything = set(template.to_json()["Resources"]) - {guard}
    setting = resource["Properties"]["OnDestroyParameter"]["Ref"]
    assert {*resource["DependsOn"], setting} == everything


@pytest.mark.parametrize(
    ("chosen", "policy"),
    [({}, "RetainExceptOnCreate"), ({"removal_policy": cdk.RemovalPolicy.DESTROY}, "Delete")],
    ids=["kept", "destroyed"],
)
def test_what_becomes_of_the_bucket(
    app: cdk.App,
    workforce: WorkforceStack,
    spec: WorkflowSpec,
    chosen: dict[str, Any],
    policy: str,
) -> None:
    stack = ReviewStack(
        app,
        "Stack",
        spec=spec,
        workteam=workforce.workteams["reviewers"],
        provider=workforce.provider,
        **chosen,
    )

    Template.from_stack(stack).has_resource("AWS::S3::Bucket", {"DeletionPolicy": policy})


def test_it_is_deployed_after_the_workforce(
    app: cdk.App, workforce: WorkforceStack, review: ReviewStack
) -> None:
    app.synth()

    assert [stack.stack_name for stack in review.dependencies] == [workforce.stack_name]


def test_it_fits_every_account_and_region(review: ReviewStack) -> None:
    assert cdk.Token.is_unresolved(review.account)
    assert cdk.Token.is_unresolved(review.region)
