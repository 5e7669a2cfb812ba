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
