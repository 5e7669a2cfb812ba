"""The workforce operations."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from localcloud.a2i.service import A2I
from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL, FakeCloud, Later

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

COGNITO: Any = {"UserPool": USER_POOL, "ClientId": CLIENT}
ENDPOINTS = ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint")
OIDC: Any = {
    "ClientId": "client",
    "ClientSecret": "hidden",
    **dict.fromkeys((*ENDPOINTS, "LogoutEndpoint", "JwksUri"), "https://idp.example"),
}


def status(sagemaker: "SageMakerClient", name: str = "reviewers") -> str:
    return sagemaker.describe_workforce(WorkforceName=name)["Workforce"]["Status"]


def test_a_workforce_takes_a_moment_to_become_active(
    sagemaker: "SageMakerClient", later: Later
) -> None:
    arn = sagemaker.create_workforce(WorkforceName="reviewers", CognitoConfig=COGNITO)

    assert arn["WorkforceArn"] == "arn:aws:sagemaker:us-west-2:111122223333:workforce/reviewers"
    assert status(sagemaker) == "Initializing"
    later(0.2)
    assert status(sagemaker) == "Initializing"
    later(0.2)
    assert status(sagemaker) == "Active"


def test_describe_shows_what_was_given_and_the_portals_sub_domain(
    sagemaker: "SageMakerClient", workforce: str, a2i: A2I
) -> None:
    shown = sagemaker.describe_workforce(WorkforceName=workforce)["Workforce"]

    assert shown["CognitoConfig"] == COGNITO
    assert shown["SubDomain"] == "portal.labeling.us-west-2.sagemaker.aws"
    assert shown["SourceIpConfig"] == {"Cidrs": []}
    assert shown["CreateDate"].isoformat().startswith("2026-11-14T")
    portal = a2i.workforce_for_portal()
    assert portal is not None
    assert portal["SubDomain"] == shown["SubDomain"]


def test_there_is_one_workforce_in_a_region(sagemaker: "SageMakerClient", workforce: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*already exists.*reviewers"):
        sagemaker.create_workforce(WorkforceName="another", CognitoConfig=COGNITO)


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        pytest.param({}, "Exactly one of", id="neither Cognito nor OIDC"),
        pytest.param({"CognitoConfig": COGNITO, "OidcConfig": OIDC}, "Exactly one of", id="both"),
        pytest.param(
            {"CognitoConfig": COGNITO | {"UserPool": "us-west-2_Missing"}},
            "User pool us-west-2_Missing does not exist",
            id="missing pool",
        ),
        pytest.param(
            {"CognitoConfig": COGNITO | {"ClientId": "missing"}},
            "User pool client missing does not exist",
            id="missing client",
        ),
        pytest.param(
            {
                "CognitoConfig": COGNITO,
                "SourceIpConfig": {"Cidrs": [f"10.0.{n}.0/24" for n in range(11)]},
            },
            "11 CIDR blocks; at most 10",
            id="too many CIDR blocks",
        ),
        pytest.param(
            {"CognitoConfig": COGNITO, "SourceIpConfig": {"Cidrs": ["10.0.0.0"]}},
            "'sourceIpConfig.cidrs.1.member' failed to satisfy constraint: Member must satisfy"
            " regular expression pattern",
            id="an address that is no block",
        ),
        pytest.param(
            {"CognitoConfig": COGNITO, "WorkforceVpcConfig": {"VpcId": "vpc-1"}},
            "WorkforceVpcConfig lacks SecurityGroupIds, Subnets",
            id="half a VPC",
        ),
        pytest.param(
            {"CognitoConfig": COGNITO, "IpAddressType": "ipv6"},
            r"Member must satisfy enum value set: \[ipv4, dualstack\]",
            id="unknown address type",
        ),
    ],
)
def test_create_refuses(
    sagemaker: "SageMakerClient", configuration: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        sagemaker.create_workforce(WorkforceName="reviewers", **configuration)


def test_a_user_pool_needs_a_domain(sagemaker: "SageMakerClient", cloud: FakeCloud) -> None:
    del cloud.pools[USER_POOL]["Domain"]

    with pytest.raises(ClientError, match="has no domain"):
        sagemaker.create_workforce(WorkforceName="reviewers", CognitoConfig=COGNITO)


def test_a_user_pool_client_needs_a_secret(sagemaker: "SageMakerClient", cloud: FakeCloud) -> None:
    del cloud.clients[USER_POOL, CLIENT]["ClientSecret"]

    with pytest.raises(ClientError, match="has no client secret"):
        sagemaker.create_workforce(WorkforceName="reviewers", CognitoConfig=COGNITO)


@pytest.mark.parametrize("name", ["", "-starts-with-a-dash", "a" * 64, "with space"])
def test_a_name_breaks_its_pattern(sagemaker: "SageMakerClient", name: str) -> None:
    with pytest.raises(ClientError, match="at 'workforceName' failed to satisfy constraint"):
        sagemaker.create_workforce(WorkforceName=name, CognitoConfig=COGNITO)


def test_a_name_may_end_in_a_dash(sagemaker: "SageMakerClient") -> None:
    sagemaker.create_workforce(WorkforceName="reviewers-", CognitoConfig=COGNITO)

    assert status(sagemaker, "reviewers-") == "Initializing"


def test_an_oidc_workforce_never_shows_its_secret(a2i: A2I) -> None:
    # Not through boto3, which drops what the model does not know.
    a2i.call("CreateWorkforce", {"WorkforceName": "reviewers", "OidcConfig": OIDC})

    answer = a2i.call("DescribeWorkforce", {"WorkforceName": "reviewers"})
    shown = answer["Workforce"]["OidcConfig"]
    assert shown["ClientId"] == "client"
    assert "ClientSecret" not in shown


def test_a_missing_workforce_is_told_by_a_validation_exception(
    sagemaker: "SageMakerClient", workforce: str
) -> None:
    for operation in (
        sagemaker.describe_workforce,
        sagemaker.update_workforce,
        sagemaker.delete_workforce,
    ):
        with pytest.raises(ClientError, match=r"ValidationException.*No workforce"):
            operation(WorkforceName="missing")


def test_update_takes_a_moment_and_keeps_what_is_not_given(
    sagemaker: "SageMakerClient", workforce: str, later: Later
) -> None:
    updated = sagemaker.update_workforce(
        WorkforceName=workforce, SourceIpConfig={"Cidrs": ["10.0.0.0/16"]}
    )["Workforce"]

    assert updated["Status"] == "Updating"
    later()
    sagemaker.update_workforce(WorkforceName=workforce, IpAddressType="dualstack")
    later()
    shown = sagemaker.describe_workforce(WorkforceName=workforce)["Workforce"]
    assert shown["Status"] == "Active"
    assert shown["SourceIpConfig"] == {"Cidrs": ["10.0.0.0/16"]}
    assert shown["IpAddressType"] == "dualstack"
    assert shown["CognitoConfig"] == COGNITO


def test_update_clears_source_addresses(
    sagemaker: "SageMakerClient", workforce: str, later: Later
) -> None:
    sagemaker.update_workforce(WorkforceName=workforce, SourceIpConfig={"Cidrs": ["10.0.0.0/16"]})
    later()
    updated = sagemaker.update_workforce(WorkforceName=workforce, SourceIpConfig={"Cidrs": []})

    assert updated["Workforce"]["SourceIpConfig"] == {"Cidrs": []}


def test_update_sets_and_takes_away_the_vpc(
    sagemaker: "SageMakerClient", workforce: str, later: Later
) -> None:
    network: Any = {"VpcId": "vpc-1", "SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    updated = sagemaker.update_workforce(WorkforceName=workforce, WorkforceVpcConfig=network)
    endpoint = updated["Workforce"]["WorkforceVpcConfig"].pop("VpcEndpointId")
    later()

    assert endpoint.startswith("vpce-")
    assert updated["Workforce"]["WorkforceVpcConfig"] == network
    with pytest.raises(ClientError, match="not supported for a worker portal in a VPC"):
        sagemaker.update_workforce(
            WorkforceName=workforce, SourceIpConfig={"Cidrs": ["10.0.0.0/16"]}
        )
    sagemaker.update_workforce(WorkforceName=workforce, WorkforceVpcConfig={})
    shown = sagemaker.describe_workforce(WorkforceName=workforce)["Workforce"]
    assert "WorkforceVpcConfig" not in shown


def test_two_updates_at_once_are_a_conflict(sagemaker: "SageMakerClient", workforce: str) -> None:
    sagemaker.update_workforce(WorkforceName=workforce, IpAddressType="dualstack")

    with pytest.raises(sagemaker.exceptions.ConflictException, match="is Updating"):
        sagemaker.update_workforce(WorkforceName=workforce, IpAddressType="ipv4")


def test_a_cognito_workforce_does_not_become_an_oidc_one(
    sagemaker: "SageMakerClient", workforce: str
) -> None:
    with pytest.raises(ClientError, match="uses Amazon Cognito"):
        sagemaker.update_workforce(WorkforceName=workforce, OidcConfig=OIDC)


def test_an_oidc_configuration_changes_only_without_work_teams(
    sagemaker: "SageMakerClient", later: Later
) -> None:
    sagemaker.create_workforce(WorkforceName="reviewers", OidcConfig=OIDC)
    later()
    sagemaker.create_workteam(
        WorkteamName="team",
        Description="people",
        MemberDefinitions=[{"OidcMemberDefinition": {"Groups": ["reviewers"]}}],
    )

    with pytest.raises(ClientError, match="when it has no work teams; it has team"):
        sagemaker.update_workforce(WorkforceName="reviewers", OidcConfig=OIDC)
    sagemaker.delete_workteam(WorkteamName="team")
    changed = sagemaker.update_workforce(
        WorkforceName="reviewers", OidcConfig=OIDC | {"ClientId": "new"}
    )
    assert changed["Workforce"]["OidcConfig"]["ClientId"] == "new"


def test_a_workforce_with_work_teams_is_in_use(
    sagemaker: "SageMakerClient", workforce: str, workteam: str
) -> None:
    with pytest.raises(ClientError, match=r"ResourceInUse.*team") as refused:
        sagemaker.delete_workforce(WorkforceName=workforce)
    assert refused.value.response["Error"]["Code"] == "ResourceInUse"


def test_a_deleted_workforce_is_gone_after_a_moment_and_its_region_free(
    sagemaker: "SageMakerClient", workforce: str, later: Later
) -> None:
    sagemaker.delete_workforce(WorkforceName=workforce)

    assert status(sagemaker) == "Deleting"
    with pytest.raises(ClientError, match="already exists"):
        sagemaker.create_workforce(WorkforceName="next", CognitoConfig=COGNITO)
    later()
    assert sagemaker.list_workforces()["Workforces"] == []
    sagemaker.create_workforce(WorkforceName="next", CognitoConfig=COGNITO)


def test_a_workforce_that_is_changing_is_not_deleted(sagemaker: "SageMakerClient") -> None:
    sagemaker.create_workforce(WorkforceName="reviewers", CognitoConfig=COGNITO)

    with pytest.raises(sagemaker.exceptions.ConflictException, match="Initializing"):
        sagemaker.delete_workforce(WorkforceName="reviewers")


def test_list_finds_it_by_a_part_of_its_name(sagemaker: "SageMakerClient", workforce: str) -> None:
    found = sagemaker.list_workforces(NameContains="view")["Workforces"]

    assert [item["WorkforceName"] for item in found] == ["reviewers"]
    assert sagemaker.list_workforces(NameContains="nobody")["Workforces"] == []
