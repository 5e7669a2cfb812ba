"""What a stack's constructs come to in its template."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam


def sagemaker_arn(stack: cdk.Stack, resource: str, name: str) -> Any:
    """The ARN of a resource of SageMaker in the stack's account and Region."""
    return stack.resolve(
        stack.format_arn(service="sagemaker", resource=resource, resource_name=name)
    )


def statements_of(stack: cdk.Stack, principal: iam.Role | iam.User) -> Any:
    """The statements of the inline policy that belongs to ``principal``."""
    policy = principal.node.find_child("DefaultPolicy")
    assert isinstance(policy, iam.Policy)
    return stack.resolve(policy.document)["Statement"]
