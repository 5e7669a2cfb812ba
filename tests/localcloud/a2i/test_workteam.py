"""The workteam operations."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL, Clock, FakeCloud, Later

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

ARN = "arn:aws:sagemaker:us-west-2:111122223333:workteam/private-crowd/team"


def cognito(**changes: str) -> Any:
    member = {"UserPool": USER_POOL, "ClientId": CLIENT, "UserGroup": "reviewers"}
    return {"CognitoMemberDefinition": member | changes}


def create(sagemaker: "SageMakerClient", name: str, *members: Any, **more: Any) -> str:
    return sagemaker.create_workteam(
        WorkteamName=name,
        Description="people",
        MemberDefinitions=members or [cognito()],
        **more,
    )["WorkteamArn"]


def test_a_workteam_is_there_at_once(sagemaker: "SageMakerClient", workteam: str) -> None:
    shown = sagemaker.describe_workteam(WorkteamName="team")["Workteam"]

    assert workteam == shown["WorkteamArn"] == ARN
    assert shown["WorkforceArn"] == "arn:aws:sagemaker:us-west-2:111122223333:workforce/reviewers"
    assert shown["MemberDefinitions"] == [cognito()]
    assert shown["Description"] == "People who review"
    assert shown["SubDomain"] == "portal.labeling.us-west-2.sagemaker.aws"


def test_the_first_workteam_may_make_the_workforce(
    sagemaker: "SageMakerClient", later: Later
) -> None:
    create(sagemaker, "team")
    later()

    found = sagemaker.describe_workforce(WorkforceName="default")["Workforce"]
    assert found["Status"] == "Active"
    assert found["CognitoConfig"] == {"UserPool": USER_POOL, "ClientId": CLIENT}


def test_a_name_is_taken(sagemaker: "SageMakerClient", workteam: str) -> None:
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="team already exists"):
        create(sagemaker, "team")


def test_there_are_25_workteams_in_a_region(sagemaker: "SageMakerClient", workforce: str) -> None:
    for number in range(25):
        create(sagemaker, f"team-{number}")

    with pytest.raises(sagemaker.exceptions.ResourceLimitExceeded, match="at most 25"):
        create(sagemaker, "one-more")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param([cognito(UserPool="us-west-2_Other")], "workforce's UserPool", id="pool"),
        pytest.param([cognito(), cognito(ClientId="other")], "workforce's ClientId", id="client"),
        pytest.param([cognito(UserGroup="nobody")], "Group nobody does not exist", id="group"),
        pytest.param([{}], "exactly one of", id="neither"),
        pytest.param(
            [cognito() | {"OidcMemberDefinition": {"Groups": ["a"]}}], "exactly one of", id="both"
        ),
        pytest.param(
            [{"OidcMemberDefinition": {"Groups": ["a"]}}],
            "needs a workforce with OidcConfig",
            id="OIDC group in a Cognito workforce",
        ),
        pytest.param([cognito()] * 11, "length less than or equal to 10", id="too many"),
    ],
)
def test_members_that_do_not_fit_the_workforce(
    sagemaker: "SageMakerClient", workforce: str, members: list[Any], message: str
) -> None:
    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        create(sagemaker, "team", *members)


def test_a_workforce_that_is_not_there_or_not_active(
    sagemaker: "SageMakerClient", workforce: str
) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*No workforce"):
        create(sagemaker, "team", WorkforceName="missing")
    sagemaker.delete_workforce(WorkforceName=workforce)
    with pytest.raises(ClientError, match=r"ValidationException.*is Deleting, not Active"):
        create(sagemaker, "team", WorkforceName=workforce)


def test_a_missing_workteam_is_told_by_a_validation_exception(
    sagemaker: "SageMakerClient", workforce: str
) -> None:
    for operation in (
        sagemaker.describe_workteam,
        sagemaker.update_workteam,
        sagemaker.delete_workteam,
    ):
        with pytest.raises(ClientError, match=r"ValidationException.*The work team"):
            operation(WorkteamName="missing")


def test_update_replaces_what_is_given_and_keeps_the_rest(
    sagemaker: "SageMakerClient", workteam: str, clock: Clock
) -> None:
    created = sagemaker.describe_workteam(WorkteamName="team")["Workteam"]
    constraints: Any = {"S3Presign": {"IamPolicyConstraints": {"SourceIp": "Enabled"}}}
    clock.forward(60)

    sagemaker.update_workteam(WorkteamName="team", WorkerAccessConfiguration=constraints)
    updated = sagemaker.update_workteam(
        WorkteamName="team", MemberDefinitions=[cognito(UserGroup="experts")]
    )["Workteam"]

    assert updated["WorkerAccessConfiguration"] == constraints
    assert updated["MemberDefinitions"] == [cognito(UserGroup="experts")]
    assert updated["Description"] == "People who review"
    assert (updated["LastUpdatedDate"] - created["LastUpdatedDate"]).seconds == 60
    assert updated["CreateDate"] == created["CreateDate"]


def test_update_checks_members_as_create_does(
    sagemaker: "SageMakerClient", workteam: str, cloud: FakeCloud
) -> None:
    with pytest.raises(ClientError, match="Group nobody does not exist"):
        sagemaker.update_workteam(
            WorkteamName="team", MemberDefinitions=[cognito(UserGroup="nobody")]
        )


def test_delete_answers_whether_it_was_done(sagemaker: "SageMakerClient", workteam: str) -> None:
    assert sagemaker.delete_workteam(WorkteamName="team")["Success"] is True
    assert sagemaker.list_workteams()["Workteams"] == []


def test_a_workteam_that_a_flow_definition_uses_stays(
    sagemaker: "SageMakerClient", flow_definition: str
) -> None:
    assert sagemaker.delete_workteam(WorkteamName="team")["Success"] is False
    assert sagemaker.describe_workteam(WorkteamName="team")


def test_lists_have_pages_orders_and_filters(
    sagemaker: "SageMakerClient", workforce: str, clock: Clock
) -> None:
    for name in ("delta", "alpha", "charlie", "bravo"):
        clock.forward(1)
        create(sagemaker, name)

    def names(**request: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_workteams").paginate(
            **request, PaginationConfig={"PageSize": 3}
        )
        return [item["WorkteamName"] for page in pages for item in page["Workteams"]]

    assert names() == ["delta", "alpha", "charlie", "bravo"]
    assert names(SortOrder="Descending") == ["bravo", "charlie", "alpha", "delta"]
    assert names(SortBy="Name") == ["alpha", "bravo", "charlie", "delta"]
    assert names(SortBy="Name", SortOrder="Descending") == ["delta", "charlie", "bravo", "alpha"]
    assert names(NameContains="L") == ["delta", "alpha", "charlie"]
    assert len(sagemaker.list_workteams(MaxResults=3)["Workteams"]) == 3


def test_a_page_has_ten_items_unless_more_are_asked_for(
    sagemaker: "SageMakerClient", workforce: str
) -> None:
    for number in range(11):
        create(sagemaker, f"team-{number}")

    first = sagemaker.list_workteams()
    assert len(first["Workteams"]) == 10
    rest = sagemaker.list_workteams(NextToken=first["NextToken"])
    assert len(rest["Workteams"]) == 1
    assert "NextToken" not in rest
    assert len(sagemaker.list_workteams(MaxResults=100)["Workteams"]) == 11


@pytest.mark.parametrize("token", ["nonsense", "W10=", "eyJhZnRlciI6IDF9"])
def test_a_next_token_that_nobody_gave(
    sagemaker: "SageMakerClient", workforce: str, token: str
) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*Invalid NextToken"):
        sagemaker.list_workteams(NextToken=token)
