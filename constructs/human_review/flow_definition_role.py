"""The role that SageMaker works as: it reads what a page shows and writes what people answer."""

from collections.abc import Sequence

from aws_cdk import CfnDeletionPolicy, CfnResource
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .output_location import OutputLocation
from .permission import acknowledge_pattern
from .provider import ROLE_PATH

# https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-permissions-security.html, customer keys;
# ReEncrypt, which its wildcard also names, only serves objects that are copied.
_KEY_ACTIONS = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]


def make_role(
    scope: Construct,
    *,
    workflow: str,
    writes: Sequence[OutputLocation],
    reads: Sequence[s3.IBucket],
    keys: Sequence[kms.IKey],
) -> iam.Role:
    """A role that stays, with all it may do, when CloudFormation replaces it.

    :param writes: where answers go, and where those of waiting reviews do.
    :param reads: what task pages show objects of.
    :param keys: what answers are, and were, encrypted with.
    """
    role = iam.Role(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
        path=ROLE_PATH,
        description=f"Lets Amazon A2I show {workflow} tasks and store the answers",
        # A policy of its own would go, where a role that is replaced stays.
        inline_policies={"Reviews": _permissions(writes, reads, keys)},
    )
    resource = role.node.default_child
    assert isinstance(resource, CfnResource)
    resource.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
    resource.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE
    # Only for the keys whose own policy has to name the role.
    for key in keys:
        key.grant(role.without_policy_updates(), *_KEY_ACTIONS)
    for key in filter(None, (bucket.encryption_key for bucket in reads)):
        key.grant_decrypt(role.without_policy_updates())
    acknowledge_pattern(
        role,
        [output.objects_arn for output in writes],
        "each human loop's answers have a key of their own below the prefix",
    )
    acknowledge_pattern(
        role,
        [bucket.arn_for_objects("*") for bucket in reads],
        "a task page may show any object of a bucket that was named for it",
    )
    return role


def keys_of_answers(
    output: OutputLocation,
    encryption_key: kms.IKey | None,
    previous_outputs: Sequence[OutputLocation],
    previous_encryption_keys: Sequence[kms.IKey],
) -> list[kms.IKey]:
    """What answers are, and were, encrypted with."""
    of_buckets = [previous.bucket.encryption_key for previous in previous_outputs]
    current = encryption_key or output.bucket.encryption_key
    return [it for it in (current, *previous_encryption_keys, *of_buckets) if it is not None]


def _permissions(
    writes: Sequence[OutputLocation], reads: Sequence[s3.IBucket], keys: Sequence[kms.IKey]
) -> iam.PolicyDocument:
    """What the role may do."""
    written = [output.objects_arn for output in writes]
    statements = [iam.PolicyStatement(actions=["s3:PutObject"], resources=written)]
    if reads:
        shown = [bucket.arn_for_objects("*") for bucket in reads]
        statements.append(iam.PolicyStatement(actions=["s3:GetObject"], resources=shown))
    read_keys = [bucket.encryption_key.key_arn for bucket in reads if bucket.encryption_key]
    if read_keys:
        statements.append(iam.PolicyStatement(actions=["kms:Decrypt"], resources=read_keys))
    if keys:
        arns = [key.key_arn for key in keys]
        statements.append(iam.PolicyStatement(actions=_KEY_ACTIONS, resources=arns))
    return iam.PolicyDocument(statements=statements)
