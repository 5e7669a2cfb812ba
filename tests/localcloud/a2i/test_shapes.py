"""Requests against the API models."""

from datetime import UTC, datetime
from typing import Any

import pytest

from localcloud.a2i.errors import SerializationException, ValidationException
from localcloud.a2i.shapes import checked

FLOW_DEFINITION = "arn:aws:sagemaker:us-west-2:111122223333:flow-definition/sentiment"


def member(group: str) -> dict[str, Any]:
    return {
        "CognitoMemberDefinition": {
            "UserPool": "us-west-2_a",
            "ClientId": "client",
            "UserGroup": group,
        }
    }


def workteam(**changes: Any) -> dict[str, Any]:
    request = {
        "WorkteamName": "team",
        "Description": "people",
        "MemberDefinitions": [member("reviewers")],
    }
    return request | changes


def test_a_request_that_fits_comes_back_without_what_the_shape_does_not_know() -> None:
    assert checked("sagemaker", "CreateWorkteam", workteam(Colour="blue")) == workteam()


def test_a_member_that_is_null_was_not_given() -> None:
    assert checked("sagemaker", "CreateWorkteam", workteam(Tags=None)) == workteam()


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(
            workteam(WorkteamName="-team"),
            "1 validation error detected: Value '-team' at 'workteamName' failed to satisfy"
            " constraint: Member must satisfy regular expression pattern:"
            " [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
            id="pattern",
        ),
        pytest.param(
            {"WorkteamName": "team", "MemberDefinitions": [member("reviewers")]},
            "1 validation error detected: Value null at 'description' failed to satisfy"
            " constraint: Member must not be null",
            id="required",
        ),
        pytest.param(
            workteam(MemberDefinitions=[]),
            "1 validation error detected: Value '[]' at 'memberDefinitions' failed to satisfy"
            " constraint: Member must have length greater than or equal to 1",
            id="too few",
        ),
        pytest.param(
            workteam(Description="x" * 201),
            f"1 validation error detected: Value '{'x' * 201}' at 'description' failed to satisfy"
            " constraint: Member must have length less than or equal to 200",
            id="too long",
        ),
        pytest.param(
            workteam(
                WorkerAccessConfiguration={
                    "S3Presign": {"IamPolicyConstraints": {"SourceIp": "On"}}
                }
            ),
            "1 validation error detected: Value 'On' at"
            " 'workerAccessConfiguration.s3Presign.iamPolicyConstraints.sourceIp' failed to"
            " satisfy constraint: Member must satisfy enum value set: [Enabled, Disabled]",
            id="enum, deep inside",
        ),
        pytest.param(
            workteam(Tags=[{"Key": "team", "Value": "a"}, {"Key": "", "Value": "b"}]),
            "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy"
            " constraint: Member must have length greater than or equal to 1",
            id="one of a list",
        ),
    ],
)
def test_a_broken_constraint_is_told_as_aws_tells_it(
    request_: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationException) as refused:
        checked("sagemaker", "CreateWorkteam", request_)

    assert refused.value.message == message


def test_every_broken_constraint_is_told() -> None:
    request = workteam(WorkteamName="team-", Description="two\nlines")

    with pytest.raises(ValidationException, match=r"2 validation errors detected: .*; Value"):
        checked("sagemaker", "CreateWorkteam", request)


def test_a_long_value_is_shown_by_its_beginning() -> None:
    with pytest.raises(ValidationException) as refused:
        checked("sagemaker", "CreateWorkteam", workteam(Description="x" * 3_000_000))

    assert len(refused.value.message) < 500


@pytest.mark.parametrize(
    ("number", "bound"),
    [(0, "greater than or equal to 1"), (101, "less than or equal to 100")],
)
def test_a_number_is_out_of_bounds(number: int, bound: str) -> None:
    request = {"FlowDefinitionArn": FLOW_DEFINITION, "MaxResults": number}

    with pytest.raises(ValidationException, match=f"'maxResults'.*have value {bound}"):
        checked("sagemaker-a2i-runtime", "ListHumanLoops", request)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (workteam(WorkteamName=1), "'workteamName' is a number, not a string"),
        (workteam(MemberDefinitions="all"), "'memberDefinitions' is a string, not a list"),
        (
            workteam(MemberDefinitions=["all"]),
            "'memberDefinitions.1.member' is a string, not a structure",
        ),
        (workteam(Description=True), "'description' is a boolean, not a string"),
    ],
)
def test_another_type_is_told(request_: dict[str, Any], message: str) -> None:
    with pytest.raises(SerializationException, match=message):
        checked("sagemaker", "CreateWorkteam", request_)


def test_a_whole_number_is_not_a_boolean() -> None:
    with pytest.raises(SerializationException, match="'maxResults' is a boolean, not a integer"):
        checked("sagemaker", "ListWorkteams", {"MaxResults": True})


@pytest.mark.parametrize("group", ["Prüfer", "評価者", "raters+1", "🙂"])
def test_a_group_may_be_named_in_any_language(group: str) -> None:
    checked("sagemaker", "CreateWorkteam", workteam(MemberDefinitions=[member(group)]))


@pytest.mark.parametrize("group", ["two words", "tab\t", "\u2003"])
def test_a_group_has_no_spaces(group: str) -> None:
    with pytest.raises(ValidationException, match="userGroup"):
        checked("sagemaker", "CreateWorkteam", workteam(MemberDefinitions=[member(group)]))


def test_letters_of_other_alphabets_are_no_word_characters() -> None:
    cognito = {"UserPool": "us-wést-2_a", "ClientId": "client"}
    request = {"WorkforceName": "default", "CognitoConfig": cognito}

    with pytest.raises(ValidationException, match=r"'cognitoConfig\.userPool'"):
        checked("sagemaker", "CreateWorkforce", request)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (1_573_752_965.5, datetime(2019, 11, 14, 17, 36, 5, 500_000, UTC)),
        ("2020-02-24", datetime(2020, 2, 24, tzinfo=UTC)),
        ("2020-02-24T10:00:00Z", datetime(2020, 2, 24, 10, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_epoch_seconds_or_iso_8601(given: object, meant: datetime) -> None:
    request = {"FlowDefinitionArn": FLOW_DEFINITION, "CreationTimeAfter": given}

    found = checked("sagemaker-a2i-runtime", "ListHumanLoops", request)

    assert found["CreationTimeAfter"] == meant


@pytest.mark.parametrize("given", ["yesterday", True, [], 1e300])
def test_what_is_no_timestamp_is_told(given: object) -> None:
    request = {"FlowDefinitionArn": FLOW_DEFINITION, "CreationTimeAfter": given}

    with pytest.raises(SerializationException, match="'creationTimeAfter' is not a timestamp"):
        checked("sagemaker-a2i-runtime", "ListHumanLoops", request)
