"""Each stack's whole template, so that no change of it goes unseen."""

import re
from typing import Any

from aws_cdk.assertions import Template
from syrupy.assertion import SnapshotAssertion

from stacks.review_stack import ReviewStack
from stacks.workforce_stack import WorkforceStack

_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def masked(node: Any) -> Any:
    """A template without its asset hashes, which change with every edit of a handler."""
    match node:
        case dict():
            return {_HASH.sub("<asset>", key): masked(value) for key, value in node.items()}
        case list():
            return [masked(item) for item in node]
        case str():
            return _HASH.sub("<asset>", node)
        case _:
            return node


def test_workforce_template(
    workforce: WorkforceStack, review: ReviewStack, snapshot: SnapshotAssertion
) -> None:
    assert masked(Template.from_stack(workforce).to_json()) == snapshot


def test_review_template(review: ReviewStack, snapshot: SnapshotAssertion) -> None:
    assert masked(Template.from_stack(review).to_json()) == snapshot


def test_templates_of_other_kinds(
    other_reviews: tuple[ReviewStack, ReviewStack], snapshot: SnapshotAssertion
) -> None:
    of_a_service, with_its_model = other_reviews

    assert {
        "a built-in task type": masked(what_differs(of_a_service)),
        "a model of its own": masked(what_differs(with_its_model)),
    } == snapshot


def what_differs(stack: ReviewStack) -> Any:
    """What stacks of the plain kind do not have, or have otherwise."""
    resources = Template.from_stack(stack).to_json()["Resources"]
    kinds = ("Custom::A2IFlowDefinition", "AWS::SageMaker::", "AWS::IAM::", "AWS::Lambda::Function")
    return {
        name: resource
        for name, resource in resources.items()
        if resource["Type"].startswith(kinds) and not name.startswith("WorkflowReconciler")
    }
