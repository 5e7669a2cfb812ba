"""Custom::A2IWorkforceGuard, against a Region with and without a workforce."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from review_resources import provider, stack, workforce_guard
from review_resources.events import Event
from tests.handlers.fake_aws import FakeAws, RefusalError
from tests.handlers.fake_sagemaker import STACK_ID

COGNITO = {"WorkforceName": "people", "UserPoolId": "eu-west-1_abc", "ClientId": "client"}
OIDC = {"WorkforceName": "people", "OidcIssuer": "https://example.com", "OidcClientId": "client"}
OIDC_CONFIG = {"Issuer": "https://example.com", "ClientId": "client"}


def a_workforce(name: str = "people", **config: Any) -> dict[str, Any]:
    """A workforce as the list shows it."""
    cognito = {"UserPool": "eu-west-1_abc", "ClientId": "client"}
    arn = f"arn:aws:sagemaker:eu-west-1:111122223333:workforce/{name}"
    config = config or {"CognitoConfig": cognito}
    return {"WorkforceName": name, "WorkforceArn": arn, **config}


@pytest.fixture
def workforces(aws: FakeAws) -> Iterator[list[dict[str, Any]]]:
    """The Region's workforces, one on each page of the list; the stack is created."""
    there: list[dict[str, Any]] = []

    def listing(given: dict[str, Any]) -> dict[str, Any]:
        first = int(given.get("NextToken", 0))
        following = {"NextToken": str(first + 1)} if first + 1 < len(there) else {}
        return {"Workforces": there[first : first + 1], **following}

    aws.operations["ListWorkforces"] = listing
    stack_is(aws, "CREATE_IN_PROGRESS")
    with aws.behind(workforce_guard.sagemaker), aws.behind(stack.cloudformation):
        yield there


def stack_is(aws: FakeAws, status: str) -> None:
    """Have the stack in a status."""
    described = {"StackName": "HumanReviewWorkforce", "StackStatus": status}
    aws.operations["DescribeStacks"] = lambda _: {"Stacks": [described]}


def guarded(request_type: str, properties: dict[str, str] | None = None) -> str:
    """Have the guard look; its physical id."""
    event = {
        "RequestType": request_type,
        "ResourceType": "Custom::A2IWorkforceGuard",
        "LogicalResourceId": "Guard",
        "PhysicalResourceId": "people--workforce-guard",
        "StackId": STACK_ID,
        "ResourceProperties": properties or COGNITO,
    }
    assert provider.is_complete(cast(Event, event), None) == {"IsComplete": True}
    return provider.on_event(cast(Event, event), None)["PhysicalResourceId"]


@pytest.mark.parametrize("properties", [COGNITO, OIDC], ids=["cognito", "oidc"])
def test_region_without_a_workforce_takes_one(
    aws: FakeAws, workforces: list[dict[str, Any]], properties: dict[str, str]
) -> None:
    assert guarded("Create", properties) == "people--workforce-guard"
    assert aws.names() == ["ListWorkforces"]


def test_vendors_workforce_is_in_nobodys_way(workforces: list[dict[str, Any]]) -> None:
    vendor = a_workforce("vendor", Status="Active")
    workforces.append(vendor)

    guarded("Create")
    guarded("Update")


@pytest.mark.parametrize(
    "existing",
    [a_workforce("default"), a_workforce("people"), a_workforce("x", OidcConfig=OIDC_CONFIG)],
    ids=["another", "the same", "oidc"],
)
def test_second_workforce_is_refused_with_how_to_adopt_it(
    workforces: list[dict[str, Any]], existing: dict[str, Any]
) -> None:
    workforces += [a_workforce("vendor", Status="Active"), existing]
    name = existing["WorkforceName"]

    with pytest.raises(RuntimeError) as refusal:
        guarded("Create")
    assert f"this Region already has the workforce {name}" in str(refusal.value)
    assert f"set human-review.workforce.existing to {name} in cdk.json" in str(refusal.value)
    assert "Workforce.from_workforce_name" in str(refusal.value)
    assert "Nothing was created" in str(refusal.value)


def test_refusal_names_the_pool_and_client(workforces: list[dict[str, Any]]) -> None:
    workforces.append(a_workforce("default"))

    with pytest.raises(RuntimeError, match=r"default \(user pool eu-west-1_abc, client client\)"):
        guarded("Create")


def test_guard_may_come_to_a_stack_that_has_its_workforce(
    aws: FakeAws, workforces: list[dict[str, Any]]
) -> None:
    workforces.append(a_workforce())
    stack_is(aws, "UPDATE_IN_PROGRESS")

    assert guarded("Create") == "people--workforce-guard"


def test_guard_that_comes_later_still_takes_no_other(
    aws: FakeAws, workforces: list[dict[str, Any]]
) -> None:
    workforces.append(a_workforce("default"))
    stack_is(aws, "UPDATE_IN_PROGRESS")

    with pytest.raises(RuntimeError, match="already has the workforce default"):
        guarded("Create")


@pytest.mark.parametrize("properties", [COGNITO, OIDC], ids=["cognito", "oidc"])
def test_update_without_a_workforce_is_fine(
    workforces: list[dict[str, Any]], properties: dict[str, str]
) -> None:
    assert guarded("Update", properties) == "people--workforce-guard"


def test_update_that_keeps_what_matters_is_fine(workforces: list[dict[str, Any]]) -> None:
    workforces.append(a_workforce())

    assert guarded("Update") == "people--workforce-guard"


def test_settings_of_an_oidc_provider_may_change(workforces: list[dict[str, Any]]) -> None:
    workforces.append(a_workforce(OidcConfig=OIDC_CONFIG))

    guarded("Update", OIDC | {"OidcIssuer": "https://another.example.com"})


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        (COGNITO | {"WorkforceName": "crew"}, "name from people to crew"),
        (COGNITO | {"UserPoolId": "p_2"}, "user pool from eu-west-1_abc to p_2"),
        (COGNITO | {"ClientId": "other"}, "user pool client from client to other"),
        (
            OIDC,
            "user pool from eu-west-1_abc to none and user pool client from client to none",
        ),
    ],
    ids=["name", "pool", "client", "oidc"],
)
def test_replacement_is_refused_with_the_way_out(
    workforces: list[dict[str, Any]], properties: dict[str, str], shown: str
) -> None:
    workforces.append(a_workforce())

    with pytest.raises(RuntimeError) as refusal:
        guarded("Update", properties)
    assert f"a change of the {shown} would replace the workforce people" in str(refusal.value)
    assert "nothing was changed. Put the former value back" in str(refusal.value)


def test_delete_looks_at_nothing(aws: FakeAws, workforces: list[dict[str, Any]]) -> None:
    workforces.append(a_workforce("default"))

    assert guarded("Delete") == "people--workforce-guard"
    assert aws.names() == []


def test_list_that_is_not_allowed_is_no_empty_one(
    aws: FakeAws, workforces: list[dict[str, Any]]
) -> None:
    def refuse(_given: dict[str, Any]) -> dict[str, Any]:
        raise RefusalError("AccessDeniedException", "sagemaker:ListWorkforces")

    aws.operations["ListWorkforces"] = refuse

    with pytest.raises(ClientError, match="sagemaker:ListWorkforces"):
        guarded("Create")


def test_guard_that_is_told_the_name_alone_looks_at_it_alone(
    workforces: list[dict[str, Any]],
) -> None:
    workforces.append(a_workforce("people"))

    guarded("Update", {"WorkforceName": "people"})
    with pytest.raises(RuntimeError, match="a change of the name from people to others would"):
        guarded("Update", {"WorkforceName": "others"})


def test_guard_that_is_told_the_name_alone_still_refuses_a_second(
    workforces: list[dict[str, Any]],
) -> None:
    workforces.append(a_workforce("people"))

    with pytest.raises(RuntimeError, match="already has the workforce people"):
        guarded("Create", {"WorkforceName": "people"})
