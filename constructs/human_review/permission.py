"""Permissions on a pattern of resources, each with its reason for cdk-nag."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct


def allow_pattern(
    role: iam.Role,
    *,
    actions: Sequence[str],
    resources: Sequence[str],
    because: str,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """Let ``role`` act on resources whose names are known only in part.

    :param because: why a pattern is needed; the security review shows it.
    """
    role.add_to_principal_policy(
        iam.PolicyStatement(actions=actions, resources=resources, conditions=conditions)
    )
    acknowledge_pattern(role, resources, because)


def acknowledge_pattern(scope: IConstruct, resources: Sequence[str], because: str) -> None:
    """Tell cdk-nag why the policies below ``scope`` may name these patterns of resources."""
    stack = Stack.of(scope)
    found = [f"AwsSolutions-IAM5[Resource::{_flat(stack.resolve(arn))}]" for arn in resources]
    acknowledge(scope, dict.fromkeys(found, because))


def acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Tell cdk-nag why findings of its AwsSolutions pack below ``scope`` are accepted.

    :param reasons: the reason of each rule, or of each finding as ``Rule[Finding]``.
    """
    # The qualified spelling, which the report lists with its reason; a plain id leaves no trace.
    Validations.of(scope).acknowledge(
        *(Acknowledgment(id=f"AwsSolutions::{rule}", reason=why) for rule, why in reasons.items())
    )


def _flat(value: Any) -> str:
    """A resolved value as cdk-nag writes it in a finding."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_flat, parts))
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::ImportValue": name}:
            return _flat(name)
        case _:
            return str(value)
