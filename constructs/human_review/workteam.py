"""Private workteams: the people a human loop is shown to."""

from collections.abc import Mapping, Sequence
from enum import Enum

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn, Names, Resource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from . import limits
from .provider import ReviewProvider
from .reviewer_sign_in import ReviewerGroupBase
from .workforce import WorkforceBase


class WorkerAccess(Enum):
    """To whose network address the links to objects in S3 are bound that a task page shows."""

    SOURCE_IP = "SourceIp"
    """The reviewer's public address."""
    VPC_SOURCE_IP = "VpcSourceIp"
    """The reviewer's address in a VPC that has an endpoint for S3."""


class WorkteamBase(Resource):
    """What a defined and an imported workteam have in common."""

    workteam_arn: str
    workteam_name: str

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` look the workteam up."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:DescribeWorkteam"],
            resource_arns=[self.workteam_arn],
        )


class Workteam(WorkteamBase):
    """A workteam made of groups of reviewers; an account has at most 25 in a Region.

    One that an update replaces stays, as reviews wait for its people: delete it when they are done.

    :param workforce: whose reviewers they are.
    :param groups: the groups of a Cognito sign-in, one to ten of the same one, or else
    :param oidc_groups: the names of an OIDC provider's groups, one to ten. Exactly one of the two.
    :param workteam_name: 1 to 63 letters, digits and hyphens. Default: made of its place in the
        app. A change makes a new workteam.
    :param description: 1 to 200 characters that reviewers see. Default: the workteam's name.
    :param notification_topic: where SageMaker announces Ground Truth jobs to the team; it announces
        no human loops. Default: nowhere.
    :param worker_access: binds the links that a task page shows to the reviewer's address.
        Default: a link works from everywhere while it lasts.
    :param tags: put on the workteam, at most 50. Default: the tags of the stack.
    :param provider: sets the worker access. Default: the stack's own.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workforce: WorkforceBase,
        groups: Sequence[ReviewerGroupBase] = (),
        oidc_groups: Sequence[str] = (),
        workteam_name: str | None = None,
        description: str | None = None,
        notification_topic: sns.ITopic | None = None,
        worker_access: WorkerAccess | None = None,
        tags: Mapping[str, str] | None = None,
        provider: ReviewProvider | None = None,
    ) -> None:
        members = _members(groups, oidc_groups)
        if workteam_name is not None:
            limits.check("workteam_name", limits.WorkteamName, workteam_name)
        if description is not None:
            limits.check("description", limits.WorkteamDescription, description)
        limits.check("tags", limits.Tags, dict(tags or {}))
        super().__init__(scope, id)
        name = workteam_name or Names.unique_resource_name(
            self, max_length=63, separator="-", allowed_special_characters="-"
        )
        self._workteam = sagemaker.CfnWorkteam(
            self,
            "Resource",
            workteam_name=name,
            workforce_name=workforce.workforce_name,
            description=description or name,
            member_definitions=members,
            notification_configuration=_announced_to(notification_topic),
            tags=[CfnTag(key=key, value=value) for key, value in (tags or {}).items()] or None,
        )
        self._workteam.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        self._workteam.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE
        self._workteam.node.add_dependency(workforce)
        self.workteam_arn = self._workteam.attr_workteam_arn
        self.workteam_name = self._workteam.attr_workteam_name
        if notification_topic is not None:
            self._let_sagemaker_publish(notification_topic)
        if worker_access is not None:
            self._limit_access(worker_access, provider or ReviewProvider.of(self))

    @classmethod
    def from_workteam_arn(cls, scope: Construct, id: str, workteam_arn: str) -> WorkteamBase:
        """A workteam that this app did not define, private or a vendor's."""
        limits.check("workteam_arn", limits.WorkteamArn, workteam_arn)
        # arn:…:workteam/private-crowd/<name>; the ARN may be known only when deploying.
        name = Fn.select(2, Fn.split("/", workteam_arn))
        return _Imported(scope, id, workteam_arn, name)

    @classmethod
    def from_workteam_name(cls, scope: Construct, id: str, workteam_name: str) -> WorkteamBase:
        """A private workteam of this account and Region that this app did not define."""
        limits.check("workteam_name", limits.WorkteamName, workteam_name)
        return _Imported(scope, id, _arn(scope, workteam_name), workteam_name)

    def _let_sagemaker_publish(self, topic: sns.ITopic) -> None:
        stack = Stack.of(self)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sagemaker.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={
                    "ArnLike": {"aws:SourceArn": _arn(self, "*")},
                    "StringEquals": {"aws:SourceAccount": stack.account},
                },
            )
        )

    def _limit_access(self, worker_access: WorkerAccess, provider: ReviewProvider) -> None:
        """Set what CloudFormation's workteam has no property for."""
        policy = provider.allow(
            self,
            "WorkerAccessPolicy",
            ["sagemaker:UpdateWorkteam"],
            self.workteam_arn,
        )
        # Both are named, so that changing from one to the other turns the first one off.
        constraints = {
            access.value: "Enabled" if access is worker_access else "Disabled"
            for access in WorkerAccess
        }
        resource = provider.resource(
            self,
            "WorkerAccess",
            resource_type="Custom::A2IWorkteamAccess",
            properties={
                "WorkteamName": self.workteam_name,
                "S3Presign": {"IamPolicyConstraints": constraints},
            },
        )
        resource.node.add_dependency(policy)


class _Imported(WorkteamBase):
    def __init__(self, scope: Construct, id: str, workteam_arn: str, workteam_name: str) -> None:
        super().__init__(scope, id, environment_from_arn=workteam_arn)
        self.workteam_arn = workteam_arn
        self.workteam_name = workteam_name


def _arn(scope: Construct, workteam_name: str) -> str:
    return Stack.of(scope).format_arn(
        service="sagemaker", resource="workteam/private-crowd", resource_name=workteam_name
    )


def _members(
    groups: Sequence[ReviewerGroupBase], oidc_groups: Sequence[str]
) -> list[sagemaker.CfnWorkteam.MemberDefinitionProperty]:
    if bool(groups) == bool(oidc_groups):
        given = "both" if groups else "neither"
        raise ValueError(f"a workteam takes either groups or oidc_groups, got {given}")
    if oidc_groups:
        limits.check("oidc_groups", limits.OidcGroups, list(oidc_groups))
        return [
            sagemaker.CfnWorkteam.MemberDefinitionProperty(
                oidc_member_definition=sagemaker.CfnWorkteam.OidcMemberDefinitionProperty(
                    oidc_groups=list(oidc_groups)
                )
            )
        ]
    limits.check("groups", limits.MemberGroups, list(groups))
    if any(group.sign_in is not groups[0].sign_in for group in groups):
        raise ValueError("groups must all be of one sign-in, got groups of several")
    return [_member(group) for group in groups]


def _member(group: ReviewerGroupBase) -> sagemaker.CfnWorkteam.MemberDefinitionProperty:
    return sagemaker.CfnWorkteam.MemberDefinitionProperty(
        cognito_member_definition=sagemaker.CfnWorkteam.CognitoMemberDefinitionProperty(
            cognito_client_id=group.sign_in.client_id,
            cognito_user_pool=group.sign_in.user_pool.user_pool_id,
            cognito_user_group=group.group_name,
        )
    )


def _announced_to(
    topic: sns.ITopic | None,
) -> sagemaker.CfnWorkteam.NotificationConfigurationProperty | None:
    if topic is None:
        return None
    return sagemaker.CfnWorkteam.NotificationConfigurationProperty(
        notification_topic_arn=topic.topic_arn
    )
