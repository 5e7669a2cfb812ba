"""The Region's private workforce: who may sign in to the worker portal, and from where."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsii
from aws_cdk import (
    CfnTag,
    CustomResource,
    IStableStringProducer,
    Lazy,
    RemovalPolicy,
    Resource,
    SecretValue,
    Stack,
)
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from . import limits
from .provider import ReviewProvider
from .region import check_region
from .reviewer_sign_in import ReviewerSignIn, ReviewerSignInBase
from .workforce_guard import WorkforceGuard


@dataclass(frozen=True, kw_only=True)
class OidcSignIn:
    """An OpenID Connect identity provider that reviewers sign in with, instead of Cognito.

    Every address is https, 500 characters at most. Register
    ``https://<sub-domain>/oauth2/idpresponse`` with the provider as the callback.
    """

    client_id: str
    client_secret: SecretValue
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    user_info_endpoint: str
    logout_endpoint: str
    jwks_uri: str
    scope: str | None = None
    """Scopes to ask for, separated by spaces. Left out, SageMaker asks for its own."""
    authentication_request_extra_params: Mapping[str, str] | None = None
    """At most ten more parameters for the authorization request. Left out, there are none."""

    def __post_init__(self) -> None:
        for name in (
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "user_info_endpoint",
            "logout_endpoint",
            "jwks_uri",
        ):
            limits.check(name, limits.HttpsUrl, getattr(self, name))
        limits.check("client_id", limits.OidcClientId, self.client_id)
        if self.scope is not None:
            limits.check("scope", limits.OidcScope, self.scope)
        extra = self.authentication_request_extra_params or {}
        limits.check("authentication_request_extra_params", limits.OidcExtraParams, dict(extra))


class WorkforceBase(Resource):
    """What a defined and an imported workforce have in common."""

    workforce_name: str
    workforce_arn: str

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` look the workforce up, its sub-domain included."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:DescribeWorkforce"],
            resource_arns=[self.workforce_arn],
        )


class Workforce(WorkforceBase):
    """The private workforce; an account has one in each Region, which all its workteams share.

    The name, and a Cognito pool and client, cannot be changed: CloudFormation would delete the
    workforce first, with everybody's sign-in. Such a change is refused before anything is touched,
    and so is a workforce where the Region has one already; that one can be used with
    :meth:`from_workforce_name`. An OIDC provider can be changed while there are no workteams.

    :param sign_in: the Cognito sign-in, or else
    :param oidc: the OpenID Connect provider. Exactly one of the two.
    :param workforce_name: 1 to 63 letters, digits and hyphens.
    :param source_ip_cidrs: from where the portal can be reached, ten ranges at most; SageMaker has
        none for a portal in a ``vpc``. Default: from everywhere.
    :param vpc: a VPC to reach the portal through as well; needs ``security_groups``, and excludes
        ``source_ip_cidrs``. Default: no VPC.
    :param subnets: where in the VPC SageMaker makes its endpoints, 16 at most. Default: the VPC's
        private subnets.
    :param security_groups: of these endpoints, one to five. Default: none, which only suits a
        workforce without a VPC.
    :param dual_stack: whether the portal is served over IPv6 too. Default: IPv4 only.
    :param tags: put on the workforce, at most 50. Default: the tags of the stack.
    :param provider: makes the sign-in settings and looks at what is there. Default: the stack's
        own.
    :param removal_policy: what becomes of the workforce when it leaves the stack. Default: it
        stays, with its sign-in settings, as other workteams may be using it; only when the
        deployment that made it fails does it go.
    """

    sub_domain: str
    """The portal's host name, without a scheme."""
    portal_url: str
    """The portal's address; with a Cognito sign-in, known once people can sign in there."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        sign_in: ReviewerSignInBase | None = None,
        oidc: OidcSignIn | None = None,
        workforce_name: str = "human-review",
        source_ip_cidrs: Sequence[str] = (),
        vpc: ec2.IVpc | None = None,
        subnets: Sequence[ec2.ISubnet] = (),
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        dual_stack: bool = False,
        tags: Mapping[str, str] | None = None,
        provider: ReviewProvider | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ) -> None:
        check_region(Stack.of(scope).region)
        if (sign_in is None) == (oidc is None):
            given = "neither" if sign_in is None else "both"
            raise ValueError(f"a workforce takes either sign_in or oidc, got {given}")
        limits.check("workforce_name", limits.WorkforceName, workforce_name)
        limits.check("source_ip_cidrs", limits.Cidrs, list(source_ip_cidrs))
        if vpc is not None and source_ip_cidrs:
            raise ValueError(
                "source_ip_cidrs must be left out with a vpc: SageMaker does not restrict the "
                "addresses of a portal in a VPC"
            )
        limits.check("tags", limits.Tags, dict(tags or {}))
        vpc_config = _vpc_config(vpc, subnets, security_groups)
        super().__init__(scope, id)
        self._workforce = sagemaker.CfnWorkforce(
            self,
            "Resource",
            workforce_name=workforce_name,
            cognito_config=_cognito_config(sign_in),
            oidc_config=_oidc_config(oidc),
            source_ip_config=_source_ip_config(source_ip_cidrs),
            workforce_vpc_config=vpc_config,
            ip_address_type="dualstack" if dual_stack else "ipv4",
            tags=[CfnTag(key=key, value=value) for key, value in (tags or {}).items()] or None,
        )
        self._workforce.apply_removal_policy(removal_policy)
        provider = provider or ReviewProvider.of(self)
        self._look_first(sign_in, oidc, workforce_name, provider)
        self.workforce_name = workforce_name
        self.workforce_arn = self._workforce.attr_workforce_arn
        self.sub_domain = self._workforce.attr_sub_domain
        self.portal_url = f"https://{self.sub_domain}"
        if sign_in is not None:
            self._workforce.node.add_dependency(*sign_in.ready())
            settings = self._portal_sign_in(sign_in, provider, removal_policy)
            self.portal_url = settings.get_att_string("PortalUrl")

    @classmethod
    def from_workforce_name(cls, scope: Construct, id: str, workforce_name: str) -> WorkforceBase:
        """A workforce that this app did not define."""
        return _Imported(scope, id, workforce_name)

    def _look_first(
        self,
        sign_in: ReviewerSignInBase | None,
        oidc: OidcSignIn | None,
        workforce_name: str,
        provider: ReviewProvider,
    ) -> None:
        """Refuse a second workforce, or a replacement, before anything is made or touched."""
        guard = WorkforceGuard(
            self,
            "Guard",
            workforce_name=workforce_name,
            signs_in_with=_signs_in_with(sign_in, oidc),
            provider=provider,
        )
        self._workforce.node.add_dependency(guard)
        # A stack that only holds the sign-in cannot wait for this one, which needs it.
        if sign_in is not None and Stack.of(sign_in) is Stack.of(self):
            sign_in.node.add_dependency(guard.vacancy)

    def _portal_sign_in(
        self,
        sign_in: ReviewerSignInBase,
        provider: ReviewProvider,
        removal_policy: RemovalPolicy,
    ) -> CustomResource:
        """Write the portal's addresses into the app client, where CloudFormation cannot.

        Neither can exist first: the addresses are made of the workforce's sub-domain, and the
        workforce is made of the client.
        """
        policy = provider.allow(
            self,
            "PortalSignInPolicy",
            ["cognito-idp:DescribeUserPoolClient", "cognito-idp:UpdateUserPoolClient"],
            sign_in.user_pool.user_pool_arn,
        )
        settings = provider.resource(
            self,
            "PortalSignIn",
            resource_type="Custom::A2IPortalSignIn",
            properties={
                "UserPoolId": sign_in.user_pool.user_pool_id,
                "ClientId": sign_in.client_id,
                "SubDomain": self.sub_domain,
                "ClientSettings": _client_settings(sign_in),
            },
            removal_policy=removal_policy,
        )
        settings.node.add_dependency(policy)
        return settings


class _Imported(WorkforceBase):
    def __init__(self, scope: Construct, id: str, workforce_name: str) -> None:
        limits.check("workforce_name", limits.WorkforceName, workforce_name)
        super().__init__(scope, id)
        self.workforce_name = workforce_name
        self.workforce_arn = Stack.of(self).format_arn(
            service="sagemaker", resource="workforce", resource_name=workforce_name
        )


def _signs_in_with(sign_in: ReviewerSignInBase | None, oidc: OidcSignIn | None) -> dict[str, str]:
    """What a workforce cannot exchange without being replaced."""
    if sign_in is not None:
        return {"UserPoolId": sign_in.user_pool.user_pool_id, "ClientId": sign_in.client_id}
    assert oidc is not None
    return {"OidcIssuer": oidc.issuer, "OidcClientId": oidc.client_id}


def _cognito_config(
    sign_in: ReviewerSignInBase | None,
) -> sagemaker.CfnWorkforce.CognitoConfigProperty | None:
    if sign_in is None:
        return None
    return sagemaker.CfnWorkforce.CognitoConfigProperty(
        client_id=sign_in.client_id, user_pool=sign_in.user_pool.user_pool_id
    )


def _oidc_config(
    oidc: OidcSignIn | None,
) -> sagemaker.CfnWorkforce.OidcConfigProperty | None:
    if oidc is None:
        return None
    return sagemaker.CfnWorkforce.OidcConfigProperty(
        client_id=oidc.client_id,
        client_secret=oidc.client_secret.unsafe_unwrap(),
        issuer=oidc.issuer,
        authorization_endpoint=oidc.authorization_endpoint,
        token_endpoint=oidc.token_endpoint,
        user_info_endpoint=oidc.user_info_endpoint,
        logout_endpoint=oidc.logout_endpoint,
        jwks_uri=oidc.jwks_uri,
        scope=oidc.scope,
        authentication_request_extra_params=oidc.authentication_request_extra_params,
    )


def _source_ip_config(
    cidrs: Sequence[str],
) -> sagemaker.CfnWorkforce.SourceIpConfigProperty | None:
    return sagemaker.CfnWorkforce.SourceIpConfigProperty(cidrs=list(cidrs)) if cidrs else None


def _vpc_config(
    vpc: ec2.IVpc | None,
    subnets: Sequence[ec2.ISubnet],
    security_groups: Sequence[ec2.ISecurityGroup],
) -> sagemaker.CfnWorkforce.WorkforceVpcConfigRequestProperty | None:
    if vpc is None:
        if subnets or security_groups:
            raise ValueError("subnets and security_groups need a vpc")
        return None
    subnet_ids = [subnet.subnet_id for subnet in subnets] or vpc.select_subnets().subnet_ids
    limits.check("security_groups", limits.SecurityGroups, list(security_groups))
    limits.check("subnets", limits.Subnets, subnet_ids)
    return sagemaker.CfnWorkforce.WorkforceVpcConfigRequestProperty(
        vpc_id=vpc.vpc_id,
        subnets=subnet_ids,
        security_group_ids=[group.security_group_id for group in security_groups],
    )


def _client_settings(sign_in: ReviewerSignInBase) -> str:
    """Text that changes with the app client's own properties.

    Whenever CloudFormation updates the client it also resets the settings written here, so a
    change of the client has to run the custom resource again.
    """
    if not isinstance(sign_in, ReviewerSignIn):
        return "imported"
    client = sign_in.client.node.default_child
    assert isinstance(client, cognito.CfnUserPoolClient)
    return Lazy.string(_Fingerprint(client))


@jsii.implements(IStableStringProducer)
class _Fingerprint:
    """A hash of a resource's properties as they are when the app is synthesized."""

    def __init__(self, resource: cognito.CfnUserPoolClient) -> None:
        self._resource = resource

    def produce(self) -> str:
        properties: Any = Stack.of(self._resource).resolve(self._resource._cfn_properties)
        text = json.dumps(properties, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
