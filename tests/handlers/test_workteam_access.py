"""Custom::A2IWorkteamAccess, against a SageMaker in memory."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from review_resources import workteam_access
from review_resources.events import Event
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError


class FakeWorkteam:
    """One workteam; what is set of it stays until something else is.

    :ivar ignores_empty: whether an empty configuration changes nothing.
    """

    def __init__(self, aws: FakeAws) -> None:
        self.configuration: dict[str, Any] = {}
        self.ignores_empty = False
        aws.operations["UpdateWorkteam"] = self._update

    def _update(self, given: Parameters) -> dict[str, Any]:
        configuration = given["WorkerAccessConfiguration"]
        if configuration or not self.ignores_empty:
            constraints = configuration.get("S3Presign", {}).get("IamPolicyConstraints", {})
            kept = self.enabled() if self.ignores_empty else {}
            self.configuration = {"S3Presign": {"IamPolicyConstraints": kept | constraints}}
            if not configuration:
                self.configuration = {}
        workteam = {"WorkteamName": given["WorkteamName"]}
        return {"Workteam": workteam | {"WorkerAccessConfiguration": self.configuration}}

    def enabled(self) -> dict[str, str]:
        """The constraints that hold."""
        presign = self.configuration.get("S3Presign", {})
        constraints = presign.get("IamPolicyConstraints", {})
        return {key: value for key, value in constraints.items() if value == "Enabled"}


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeAws]:
    """SageMaker with any workteam."""
    with aws.behind(workteam_access.sagemaker):
        yield aws


@pytest.fixture
def workteam(sagemaker: FakeAws) -> FakeWorkteam:
    """The workteam."""
    return FakeWorkteam(sagemaker)


def an_event(request_type: str, **constraints: str) -> Event:
    """An event of the resource; the former constraints are of no interest to it."""
    given = constraints or {"SourceIp": "Enabled"}
    return cast(
        Event,
        {
            "RequestType": request_type,
            "PhysicalResourceId": "team",
            "ResourceProperties": {
                "WorkteamName": "team",
                "S3Presign": {"IamPolicyConstraints": given},
            },
        },
    )


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_only_the_access_is_set(
    sagemaker: FakeAws, workteam: FakeWorkteam, request_type: str
) -> None:
    response = workteam_access.on_event(an_event(request_type))

    assert response == {"PhysicalResourceId": "team"}
    constraints = {"SourceIp": "Enabled"}
    assert sagemaker.parameters("UpdateWorkteam") == [
        {
            "WorkteamName": "team",
            "WorkerAccessConfiguration": {"S3Presign": {"IamPolicyConstraints": constraints}},
        }
    ]


def test_delete_removes_the_configuration(sagemaker: FakeAws, workteam: FakeWorkteam) -> None:
    workteam_access.on_event(an_event("Create"))

    workteam_access.on_event(an_event("Delete"))

    assert sagemaker.parameters("UpdateWorkteam")[1:] == [
        {"WorkteamName": "team", "WorkerAccessConfiguration": {}}
    ]
    assert workteam.configuration == {}


def test_delete_disables_what_an_empty_configuration_leaves(workteam: FakeWorkteam) -> None:
    workteam.ignores_empty = True
    workteam_access.on_event(an_event("Create", SourceIp="Enabled"))

    workteam_access.on_event(an_event("Delete"))

    assert workteam.enabled() == {}


@pytest.mark.parametrize("ignores_empty", [False, True], ids=["replaces", "merges"])
def test_update_clears_what_is_no_longer_given(workteam: FakeWorkteam, ignores_empty: bool) -> None:
    workteam.ignores_empty = ignores_empty
    workteam_access.on_event(an_event("Create", SourceIp="Enabled"))

    workteam_access.on_event(an_event("Update", VpcSourceIp="Enabled"))

    assert workteam.enabled() == {"VpcSourceIp": "Enabled"}


@pytest.mark.parametrize("left", [{}, {"S3Presign": {}}], ids=["nothing", "no constraints"])
def test_update_to_nothing_clears_all(workteam: FakeWorkteam, left: dict[str, Any]) -> None:
    workteam_access.on_event(an_event("Create"))
    event = an_event("Update")
    event["ResourceProperties"] = {"WorkteamName": "team", **left}

    workteam_access.on_event(event)

    assert workteam.configuration == {}


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
