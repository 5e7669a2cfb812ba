from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template
from constructs import IConstruct

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    Reconciler,
    ReviewGuard,
    ReviewProvider,
    ReviewResults,
    Triage,
)

MakeGuard = Callable[..., ReviewGuard]


@pytest.fixture
def make_guard(
    stack: cdk.Stack, flow_definition: FlowDefinition, reconciler: Reconciler
) -> MakeGuard:
    """Makes the workflow's guard, which protects nothing unless told otherwise."""

    def make(**settings: Any) -> ReviewGuard:
        given: dict[str, Any] = {
            "flow_definition": flow_definition,
            "reconciler": reconciler,
            "protects": [],
        }
        return ReviewGuard(stack, "Guard", **(given | settings))

    return make


def test_the_guard_names_the_workflow_and_the_setting(
    stack: cdk.Stack, make_guard: MakeGuard, reconciler: Reconciler
) -> None:
    guard = make_guard()

    properties = guard_of(stack)["Properties"]
    assert properties.pop("ServiceToken")
    assert properties == {
        "ServiceTimeout": "900",
        "Workflow": "sentiment",
        "FlowDefinitionNamePrefix": "sentiment",
        "OnDestroyParameter": stack.resolve(guard.on_destroy_parameter.parameter_name),
        "ReconcileFunctionName": stack.resolve(reconciler.function.function_name),
    }


def test_the_guard_knows_the_triage_queue_and_goes_before_it(
    stack: cdk.Stack,
    make_guard: MakeGuard,
    flow_definition: FlowDefinition,
    results: ReviewResults,
) -> None:
    triage = Triage(
        stack, "Triage", flow_definition=flow_definition, results=results, threshold=0.9
    )

    make_guard(triage=triage)

    guard = guard_of(stack)
    assert guard["Properties"]["TriageQueueUrl"] == stack.resolve(triage.queue.queue_url)
    assert resources_below(stack, triage) <= set(guard["DependsOn"])


def test_the_queue_alone_says_that_it_may_be_counted(
    stack: cdk.Stack,
    make_guard: MakeGuard,
    flow_definition: FlowDefinition,
    results: ReviewResults,
) -> None:
    triage = Triage(
        stack, "Triage", flow_definition=flow_definition, results=results, threshold=0.9
    )
    role = ReviewProvider.of(stack).is_complete_role

    make_guard(triage=triage)

    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::SQS::QueuePolicy",
        {
            "Queues": [stack.resolve(triage.queue.queue_url)],
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        {
                            "Action": "sqs:GetQueueAttributes",
                            "Effect": "Allow",
                            "Principal": {"AWS": stack.resolve(role.role_arn)},
                            "Resource": stack.resolve(triage.queue.queue_arn),
                        }
                    ]
                )
            },
        },
    )


def test_the_setting_outlives_the_flow_definition(stack: cdk.Stack, make_guard: MakeGuard) -> None:
    guard = make_guard()

    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IFlowDefinition").values()
    assert resources_below(stack, guard.on_destroy_parameter) <= set(resource["DependsOn"])


@pytest.mark.parametrize(("settings", "value"), [({}, "refuse"), ({"on_destroy": "stop"}, "stop")])
def test_the_setting_is_a_parameter(
    stack: cdk.Stack, make_guard: MakeGuard, settings: dict[str, str], value: str
) -> None:
    make_guard(**settings)

    Template.from_stack(stack).has_resource_properties(
        "AWS::SSM::Parameter",
        {
            "Name": "/human-review/sentiment/on-destroy",
            "Value": value,
            "AllowedPattern": "^(refuse|stop)$",
        },
    )


def test_a_delete_touches_the_guard_before_what_it_protects(
    stack: cdk.Stack,
    make_guard: MakeGuard,
    flow_definition: FlowDefinition,
    reconciler: Reconciler,
    page: HumanTaskUi,
    results: ReviewResults,
) -> None:
    make_guard(protects=[page, results])

    depends_on = set(guard_of(stack)["DependsOn"])
    for protected in (flow_definition, reconciler, page, results):
        assert resources_below(stack, protected) <= depends_on


def test_a_provider_of_another_stack_is_used_by_its_token(
    app: cdk.App, stack: cdk.Stack, make_guard: MakeGuard
) -> None:
    make_guard(provider=ReviewProvider.of(cdk.Stack(app, "Elsewhere")))

    assert "Fn::ImportValue" in guard_of(stack)["Properties"]["ServiceToken"]


def test_on_destroy_is_one_of_two(stack: cdk.Stack, make_guard: MakeGuard) -> None:
    with pytest.raises(ValueError, match="on_destroy must be 'refuse' or 'stop', got 'delete'"):
        make_guard(on_destroy="delete")

    assert stack.node.try_find_child("Guard") is None


def guard_of(stack: cdk.Stack) -> Any:
    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IReviewGuard").values()
    return resource


def resources_below(stack: cdk.Stack, construct: IConstruct) -> set[str]:
    """The logical ids of all resources that the construct is made of."""
    return {
        stack.get_logical_id(child)
        for child in construct.node.find_all()
        if isinstance(child, cdk.CfnResource)
    }
