from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
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


def test_the_guard_names_the_workflow_and_the_setting(
    stack: cdk.Stack, flow_definition: FlowDefinition, reconciler: Reconciler
) -> None:
    guard = ReviewGuard(
        stack, "Guard", flow_definition=flow_definition, reconciler=reconciler, protects=[]
    )

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
    flow_definition: FlowDefinition,
    reconciler: Reconciler,
    results: ReviewResults,
) -> None:
    triage = Triage(
        stack, "Triage", flow_definition=flow_definition, results=results, threshold=0.9
    )

    ReviewGuard(
        stack,
        "Guard",
        flow_definition=flow_definition,
        reconciler=reconciler,
        protects=[],
        triage=triage,
    )

    guard = guard_of(stack)
    assert guard["Properties"]["TriageQueueUrl"] == stack.resolve(triage.queue.queue_url)
    assert resources_below(stack, triage) <= set(guard["DependsOn"])


def test_the_setting_outlives_the_flow_definition(
    stack: cdk.Stack, flow_definition: FlowDefinition, reconciler: Reconciler
) -> None:
    guard = ReviewGuard(
        stack, "Guard", flow_definition=flow_definition, reconciler=reconciler, protects=[]
    )

    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IFlowDefinition").values()
    assert resources_below(stack, guard.on_destroy_parameter) <= set(resource["DependsOn"])


@pytest.mark.parametrize(("settings", "value"), [({}, "refuse"), ({"on_destroy": "stop"}, "stop")])
def test_the_setting_is_a_parameter(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    reconciler: Reconciler,
    settings: dict[str, Any],
    value: str,
) -> None:
    ReviewGuard(
        stack,
        "Guard",
        flow_definition=flow_definition,
        reconciler=reconciler,
        protects=[],
        **settings,
    )

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
    flow_definition: FlowDefinition,
    reconciler: Reconciler,
    page: HumanTaskUi,
    results: ReviewResults,
) -> None:
    ReviewGuard(
        stack,
        "Guard",
        flow_definition=flow_definition,
        reconciler=reconciler,
        protects=[page, results],
    )

    depends_on = set(guard_of(stack)["DependsOn"])
    for protected in (flow_definition, reconciler, page, results):
        assert resources_below(stack, protected) <= depends_on


def test_a_provider_of_another_stack_is_used_by_its_token(
    app: cdk.App, stack: cdk.Stack, flow_definition: FlowDefinition, reconciler: Reconciler
) -> None:
    provider = ReviewProvider.of(cdk.Stack(app, "Elsewhere"))

    ReviewGuard(
        stack,
        "Guard",
        flow_definition=flow_definition,
        reconciler=reconciler,
        protects=[],
        provider=provider,
    )

    assert "Fn::ImportValue" in guard_of(stack)["Properties"]["ServiceToken"]


def test_on_destroy_is_one_of_two(
    stack: cdk.Stack, flow_definition: FlowDefinition, reconciler: Reconciler
) -> None:
    with pytest.raises(ValueError, match="on_destroy must be 'refuse' or 'stop', got 'delete'"):
        ReviewGuard(
            stack,
            "Guard",
            flow_definition=flow_definition,
            reconciler=reconciler,
            protects=[],
            on_destroy="delete",  # type: ignore[arg-type]  # that is what is refused
        )

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
