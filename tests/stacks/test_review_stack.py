import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from stacks.review_stack import ReviewStack
from stacks.workforce_stack import WorkforceStack


def test_workteam_and_provider_come_from_the_workforce(review: ReviewStack) -> None:
    template = Template.from_stack(review)

    (flow_definition,) = template.find_resources("Custom::A2IFlowDefinition").values()
    properties = flow_definition["Properties"]
    assert "Fn::ImportValue" in properties["ServiceToken"]
    assert "Fn::ImportValue" in properties["HumanLoopConfig"]["WorkteamArn"]


def test_a_workflow_has_two_functions(review: ReviewStack) -> None:
    Template.from_stack(review).resource_count_is("AWS::Lambda::Function", 2)


@pytest.mark.parametrize(
    "name", ["FlowDefinitionArn", "TriageQueueUrl", "BucketName", "DeadLetterQueueUrl"]
)
def test_outputs(review: ReviewStack, name: str) -> None:
    Template.from_stack(review).has_output(name, {})


def test_it_is_deployed_after_the_workforce(
    app: cdk.App, workforce: WorkforceStack, review: ReviewStack
) -> None:
    app.synth()

    assert [stack.stack_name for stack in review.dependencies] == [workforce.stack_name]


def test_it_fits_every_account_and_region(review: ReviewStack) -> None:
    assert cdk.Token.is_unresolved(review.account)
    assert cdk.Token.is_unresolved(review.region)
