"""Custom::A2IWorkteamAccess, against a SageMaker in memory."""

from collections.abc import Iterator
from typing import cast

import pytest
from botocore.exceptions import ClientError

from review_resources import workteam_access
from review_resources.events import Event
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeAws]:
    """SageMaker with any workteam."""
    aws.operations["UpdateWorkteam"] = lambda given: {
        "Workteam": {"WorkteamName": given["WorkteamName"]}
    }
    with aws.behind(workteam_access.sagemaker):
        yield aws


def an_event(request_type: str) -> Event:
    constraints = {"SourceIp": "Enabled"}
    return cast(
        Event,
        {
            "RequestType": request_type,
            "PhysicalResourceId": "team",
            "ResourceProperties": {
                "WorkteamName": "team",
                "S3Presign": {"IamPolicyConstraints": constraints},
            },
        },
    )


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_only_the_access_is_set(sagemaker: FakeAws, request_type: str) -> None:
    response = workteam_access.on_event(an_event(request_type))

    assert response == {"PhysicalResourceId": "team"}
    constraints = {"SourceIp": "Enabled"}
    assert sagemaker.parameters("UpdateWorkteam") == [
        {
            "WorkteamName": "team",
            "WorkerAccessConfiguration": {"S3Presign": {"IamPolicyConstraints": constraints}},
        }
    ]


def test_delete_disables_what_was_enabled(sagemaker: FakeAws) -> None:
    workteam_access.on_event(an_event("Delete"))

    (given,) = sagemaker.parameters("UpdateWorkteam")
    assert given["WorkerAccessConfiguration"] == {
        "S3Presign": {"IamPolicyConstraints": {"SourceIp": "Disabled"}}
    }


def refuse_with(aws: FakeAws, code: str, message: str) -> None:
    def refuse(_given: Parameters) -> dict[str, object]:
        raise RefusalError(code, message)

    aws.operations["UpdateWorkteam"] = refuse


def test_delete_after_the_workteam_is_no_error(sagemaker: FakeAws) -> None:
    refuse_with(sagemaker, "ValidationException", "The work team team does not exist.")

    assert workteam_access.on_event(an_event("Delete")) == {"PhysicalResourceId": "team"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "1 validation error detected"),
        ("AccessDeniedException", "no permission on this work team"),
    ],
)
def test_delete_hides_no_other_error(sagemaker: FakeAws, code: str, message: str) -> None:
    refuse_with(sagemaker, code, message)

    with pytest.raises(ClientError, match=message):
        workteam_access.on_event(an_event("Delete"))


def test_create_without_a_workteam_fails(sagemaker: FakeAws) -> None:
    refuse_with(sagemaker, "ValidationException", "The work team team does not exist.")

    with pytest.raises(ClientError, match="does not exist"):
        workteam_access.on_event(an_event("Create"))
