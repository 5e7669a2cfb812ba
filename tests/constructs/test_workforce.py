from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from human_review import OidcSignIn, ReviewerSignIn, ReviewProvider, Workforce
from tests.constructs.resolved import sagemaker_arn, statements_of

ADDRESSES = {
    "issuer": "https://id.example.com",
    "authorization_endpoint": "https://id.example.com/authorize",
    "token_endpoint": "https://id.example.com/token",
    "user_info_endpoint": "https://id.example.com/userinfo",
    "logout_endpoint": "https://id.example.com/logout",
    "jwks_uri": "https://id.example.com/keys",
}


def oidc(**changes: Any) -> OidcSignIn:
    secret = cdk.SecretValue.secrets_manager("reviewers", json_field="secret")
    return OidcSignIn(client_id="portal", client_secret=secret, **{**ADDRESSES, **changes})


@pytest.fixture
def sign_in(stack: cdk.Stack) -> ReviewerSignIn:
    return ReviewerSignIn(stack, "SignIn")


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["a", "b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
    )


def workforce_of(stack: cdk.Stack) -> Any:
    (resource,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Workforce").values()
    return resource


def test_a_workforce_is_retained_and_waits_for_the_domain(
    stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    Workforce(stack, "Workforce", sign_in=sign_in)

    resource = workforce_of(stack)
    domain = stack.get_logical_id(sign_in.domain.node.default_child)  # type: ignore[arg-type]
    assert resource["Properties"] == {
        "WorkforceName": "human-review",
        "CognitoConfig": stack.resolve(
            {"ClientId": sign_in.client_id, "UserPool": sign_in.user_pool.user_pool_id}
        ),
        "IpAddressType": "ipv4",
    }
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"  # a failed creation leaves none
    assert resource["UpdateReplacePolicy"] == "Retain"
    assert domain in resource["DependsOn"]


def test_the_portals_addresses_are_written_into_the_client(
    stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    workforce = Workforce(stack, "Workforce", sign_in=sign_in)

    template = Template.from_stack(stack)
    template.has_resource(
        "Custom::A2IPortalSignIn",
        {
            "DeletionPolicy": "RetainExceptOnCreate",
            "Properties": {
                "UserPoolId": stack.resolve(sign_in.user_pool.user_pool_id),
                "ClientId": stack.resolve(sign_in.client_id),
                "SubDomain": stack.resolve(workforce.sub_domain),
                "ClientSettings": Match.string_like_regexp("^[0-9a-f]{16}$"),
                "ServiceTimeout": "900",
            },
        },
    )
    (resource,) = template.find_resources("Custom::A2IPortalSignIn")
    assert stack.resolve(workforce.portal_url) == {"Fn::GetAtt": [resource, "PortalUrl"]}


def test_the_provider_may_change_this_pools_clients_before_it_is_asked_to(
    stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    Workforce(stack, "Workforce", sign_in=sign_in)

    template = Template.from_stack(stack)
    policies = template.find_resources(
        "AWS::IAM::Policy",
        {
            "Properties": {
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Action": [
                                "cognito-idp:DescribeUserPoolClient",
                                "cognito-idp:UpdateUserPoolClient",
                            ],
                            "Resource": stack.resolve(sign_in.user_pool.user_pool_arn),
                        }
                    ]
                }
            }
        },
    )
    (policy,) = policies
    template.has_resource("Custom::A2IPortalSignIn", {"DependsOn": Match.array_with([policy])})


def test_a_change_of_the_client_writes_the_sign_in_settings_again(app: cdk.App) -> None:
    as_made = sign_in_stack(app, "AsMade", revoke_tokens=True)
    same = sign_in_stack(app, "Same", revoke_tokens=True)
    changed = sign_in_stack(app, "Changed", revoke_tokens=False)

    assert client_settings(same) == client_settings(as_made)
    assert client_settings(changed) != client_settings(as_made)


def sign_in_stack(app: cdk.App, name: str, *, revoke_tokens: bool) -> cdk.Stack:
    """A workforce whose client is changed after the workforce has taken it."""
    stack = cdk.Stack(app, name)
    sign_in = ReviewerSignIn(stack, "SignIn")
    Workforce(stack, "Workforce", sign_in=sign_in)
    client = sign_in.client.node.default_child
    assert isinstance(client, cognito.CfnUserPoolClient)
    client.enable_token_revocation = revoke_tokens
    return stack


def client_settings(stack: cdk.Stack) -> str:
    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IPortalSignIn").values()
    return str(resource["Properties"]["ClientSettings"])


def test_ranges_reach_the_workforce(stack: cdk.Stack, sign_in: ReviewerSignIn) -> None:
    ranges = ["192.0.2.0/24", "2001:db8::/32"]

    Workforce(stack, "Workforce", sign_in=sign_in, source_ip_cidrs=ranges)

    assert workforce_of(stack)["Properties"]["SourceIpConfig"] == {"Cidrs": ranges}


def test_network_settings_reach_the_workforce(
    stack: cdk.Stack, sign_in: ReviewerSignIn, vpc: ec2.IVpc
) -> None:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")

    Workforce(
        stack,
        "Workforce",
        sign_in=sign_in,
        workforce_name="people",
        vpc=vpc,
        security_groups=[group],
        dual_stack=True,
        tags={"team": "quality"},
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )

    resource = workforce_of(stack)
    assert resource["DeletionPolicy"] == "Delete"
    assert resource["Properties"] | {"CognitoConfig": None} == {
        "WorkforceName": "people",
        "CognitoConfig": None,
        "WorkforceVpcConfig": {
            "VpcId": "vpc-1",
            "Subnets": ["subnet-1", "subnet-2"],
            "SecurityGroupIds": ["sg-1"],
        },
        "IpAddressType": "dualstack",
        "Tags": [{"Key": "team", "Value": "quality"}],
    }


def test_subnets_can_be_chosen(stack: cdk.Stack, sign_in: ReviewerSignIn, vpc: ec2.IVpc) -> None:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")

    Workforce(
        stack,
        "Workforce",
        sign_in=sign_in,
        vpc=vpc,
        subnets=[vpc.private_subnets[1]],
        security_groups=[group],
    )

    assert workforce_of(stack)["Properties"]["WorkforceVpcConfig"]["Subnets"] == ["subnet-2"]


def test_an_oidc_workforce_has_no_sign_in_settings(stack: cdk.Stack) -> None:
    workforce = Workforce(
        stack,
        "Workforce",
        oidc=oidc(scope="openid email", authentication_request_extra_params={"audience": "a"}),
    )

    config = workforce_of(stack)["Properties"]["OidcConfig"]
    assert config["ClientId"] == "portal"
    assert config["ClientSecret"] == "{{resolve:secretsmanager:reviewers:SecretString:secret::}}"
    assert config["Issuer"] == "https://id.example.com"
    assert config["JwksUri"] == "https://id.example.com/keys"
    assert config["Scope"] == "openid email"
    assert config["AuthenticationRequestExtraParams"] == {"audience": "a"}
    Template.from_stack(stack).resource_count_is("Custom::A2IPortalSignIn", 0)
    assert stack.resolve(workforce.portal_url) == {
        "Fn::Join": ["", ["https://", stack.resolve(workforce.sub_domain)]]
    }


def test_another_stacks_provider_gets_its_permission_from_this_stack(
    app: cdk.App, stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    elsewhere = cdk.Stack(app, "Elsewhere")
    provider = ReviewProvider.of(elsewhere)

    Workforce(stack, "Workforce", sign_in=sign_in, provider=provider)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::IAM::Policy", 1)
    template.resource_count_is("AWS::Lambda::Function", 0)


def test_the_workforce_waits_for_its_guard(stack: cdk.Stack, sign_in: ReviewerSignIn) -> None:
    Workforce(stack, "Workforce", sign_in=sign_in, workforce_name="people")

    guards = guards_of(stack)
    assert set(guards) <= set(workforce_of(stack)["DependsOn"])
    assert list(guards.values()) == [
        {
            "WorkforceName": "people",
            "UserPoolId": stack.resolve(sign_in.user_pool.user_pool_id),
            "ClientId": stack.resolve(sign_in.client_id),
        },
        {"WorkforceName": "people"},
    ]


def test_no_sign_in_is_made_for_a_second_workforce(
    stack: cdk.Stack, sign_in: ReviewerSignIn
) -> None:
    sign_in.add_group("reviewers")

    Workforce(stack, "Workforce", sign_in=sign_in)

    [vacancy] = [name for name, told in guards_of(stack).items() if "UserPoolId" not in told]
    template = Template.from_stack(stack)
    for kind in ("UserPool", "UserPoolClient", "UserPoolDomain", "UserPoolGroup"):
        [resource] = template.find_resources(f"AWS::Cognito::{kind}").values()
        assert vacancy in resource["DependsOn"]


def test_another_stacks_sign_in_cannot_wait(app: cdk.App, stack: cdk.Stack) -> None:
    elsewhere = cdk.Stack(app, "Elsewhere")

    Workforce(stack, "Workforce", sign_in=ReviewerSignIn(elsewhere, "SignIn"))

    app.synth()
    assert elsewhere.dependencies == []


def test_the_guard_of_an_oidc_workforce_knows_the_provider_but_not_the_secret(
    stack: cdk.Stack,
) -> None:
    Workforce(stack, "Workforce", oidc=oidc())

    guards = guards_of(stack)
    assert set(guards) <= set(workforce_of(stack)["DependsOn"])
    assert list(guards.values()) == [
        {
            "WorkforceName": "human-review",
            "OidcIssuer": "https://id.example.com",
            "OidcClientId": "portal",
        },
        {"WorkforceName": "human-review"},
    ]


def guards_of(stack: cdk.Stack) -> dict[str, Any]:
    """What each of the workforce's guards is told, the one that is told most first."""
    guards = Template.from_stack(stack).find_resources("Custom::A2IWorkforceGuard")
    told = {
        name: {k: v for k, v in guard["Properties"].items() if not k.startswith("Service")}
        for name, guard in guards.items()
    }
    return dict(sorted(told.items(), key=lambda item: -len(item[1])))


def test_a_workforce_that_is_only_used_has_no_guard(stack: cdk.Stack) -> None:
    Workforce.from_workforce_name(stack, "Workforce", "people")

    Template.from_stack(stack).resource_count_is("Custom::A2IWorkforceGuard", 0)


def test_sign_in_or_oidc_but_not_both(stack: cdk.Stack, sign_in: ReviewerSignIn) -> None:
    with pytest.raises(ValueError, match="either sign_in or oidc, got neither"):
        Workforce(stack, "Neither")
    with pytest.raises(ValueError, match="either sign_in or oidc, got both"):
        Workforce(stack, "Both", sign_in=sign_in, oidc=oidc())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({"workforce_name": "-x"}, "workforce_name must be 1 to 63 letters", id="name"),
        pytest.param(
            {"source_ip_cidrs": ["10.0.0.0/8"] * 11},
            "source_ip_cidrs must have 0 to 10 entries, it has 11",
            id="too many ranges",
        ),
        pytest.param(
            {"source_ip_cidrs": ["10.0.0.1/8"]},
            r"source_ip_cidrs\[0\] must be an IPv4 or IPv6 range .*host bits set",
            id="not a range",
        ),
        pytest.param({"tags": {"a": "?"}}, r"tags\[a\] must be letters, numbers", id="tags"),
        pytest.param(
            {"subnets": [object()]}, "subnets and security_groups need a vpc", id="no vpc"
        ),
    ],
)
def test_what_a_workforce_refuses(
    stack: cdk.Stack, sign_in: ReviewerSignIn, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Workforce(stack, "Workforce", sign_in=sign_in, **parameters)

    assert stack.node.try_find_child("Workforce") is None


def test_a_vpc_needs_a_security_group(
    stack: cdk.Stack, sign_in: ReviewerSignIn, vpc: ec2.IVpc
) -> None:
    with pytest.raises(ValueError, match="security_groups must have 1 to 5 entries, it has 0"):
        Workforce(stack, "Workforce", sign_in=sign_in, vpc=vpc)


def test_a_portal_in_a_vpc_has_no_ranges(
    stack: cdk.Stack, sign_in: ReviewerSignIn, vpc: ec2.IVpc
) -> None:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")

    with pytest.raises(ValueError, match="source_ip_cidrs must be left out with a vpc"):
        Workforce(
            stack,
            "Workforce",
            sign_in=sign_in,
            vpc=vpc,
            security_groups=[group],
            source_ip_cidrs=["192.0.2.0/24"],
        )

    assert stack.node.try_find_child("Workforce") is None


def test_oidc_addresses_are_https() -> None:
    with pytest.raises(ValueError, match="issuer must be an https address, got 'http://id'"):
        oidc(issuer="http://id")


def test_tokens_are_not_checked(stack: cdk.Stack, sign_in: ReviewerSignIn) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string

    Workforce(stack, "Workforce", sign_in=sign_in, workforce_name=name)

    assert workforce_of(stack)["Properties"]["WorkforceName"] == {"Ref": "Name"}


def test_an_imported_workforce_is_known_by_its_name(stack: cdk.Stack) -> None:
    workforce = Workforce.from_workforce_name(stack, "Workforce", "people")
    user = iam.User(stack, "User")

    workforce.grant_describe(user)

    Template.from_stack(stack).resource_count_is("AWS::SageMaker::Workforce", 0)
    assert statements_of(stack, user) == [
        {
            "Action": "sagemaker:DescribeWorkforce",
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, "workforce", "people"),
        }
    ]
