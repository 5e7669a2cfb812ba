"""Custom::A2IPortalSignIn, against a client in memory that resets what it is not given."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.model import ListShape, Shape, StructureShape

from review_resources import portal_sign_in
from review_resources.events import Event
from review_resources.portal_sign_in import cognito_idp, merged, portal_url, without
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError

POOL, CLIENT = "eu-west-1_abc", "client"
HOST = "x1.labeling.eu-west-1.sagemaker.aws"
URL = f"https://{HOST}"
# Long enough for every string that the model knows.
OTHER = "https://other.example/callback"
OURS = {
    "CallbackURLs",
    "LogoutURLs",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "AllowedOAuthFlowsUserPoolClient",
    "SupportedIdentityProviders",
}


class FakeUserPoolClient:
    """One client; UpdateUserPoolClient replaces all its settings, as Cognito does."""

    def __init__(self, aws: FakeAws, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.conflicts = 0
        self.is_gone = False
        aws.operations |= {
            "DescribeUserPoolClient": self._describe,
            "UpdateUserPoolClient": self._update,
        }

    def _describe(self, _given: Parameters) -> dict[str, Any]:
        if self.is_gone:
            raise RefusalError("ResourceNotFoundException")
        read_only = {"ClientSecret": "secret", "CreationDate": 1, "LastModifiedDate": 2}
        return {"UserPoolClient": {**self.settings, **read_only}}

    def _update(self, given: Parameters) -> dict[str, Any]:
        if self.conflicts:
            self.conflicts -= 1
            raise RefusalError("ConcurrentModificationException")
        self.settings = given
        return {"UserPoolClient": given}


def example(shape: Shape) -> Any:
    """A value that a service's model allows for a member."""
    match shape:
        case StructureShape():
            return {key: example(member) for key, member in shape.members.items()}
        case ListShape():
            return [example(shape.member)]
        case _:
            return {"integer": 5, "boolean": False}.get(shape.type_name, OTHER)


@pytest.fixture
def every_setting() -> dict[str, Any]:
    """A client that has each setting that can be written."""
    shape = cognito_idp.meta.service_model.operation_model("UpdateUserPoolClient").input_shape
    return {**example(cast(Shape, shape)), "UserPoolId": POOL, "ClientId": CLIENT}


@pytest.fixture
def client(aws: FakeAws) -> Iterator[FakeUserPoolClient]:
    """A client as CloudFormation makes it."""
    with aws.behind(cognito_idp):
        yield FakeUserPoolClient(
            aws, {"UserPoolId": POOL, "ClientId": CLIENT, "ClientName": "reviewers"}
        )


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def an_event(request_type: str, **changes: Any) -> Event:
    """One lifecycle event of the resource."""
    properties = {"UserPoolId": POOL, "ClientId": CLIENT, "SubDomain": HOST, "ClientSettings": "1"}
    return cast(
        Event,
        {
            "RequestType": request_type,
            "ResourceProperties": properties,
            "OldResourceProperties": properties,
            "PhysicalResourceId": f"{POOL}/{CLIENT}",
            **changes,
        },
    )


def test_portal_is_allowed_to_sign_people_in(client: FakeUserPoolClient) -> None:
    response = portal_sign_in.on_event(an_event("Create"))

    assert response == {"PhysicalResourceId": f"{POOL}/{CLIENT}", "Data": {"PortalUrl": URL}}
    assert client.settings == {
        "UserPoolId": POOL,
        "ClientId": CLIENT,
        "ClientName": "reviewers",
        "CallbackURLs": [f"{URL}/oauth2/idpresponse"],
        "LogoutURLs": [f"{URL}/logout"],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["email", "openid", "profile"],
        "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
    }


def test_every_other_setting_survives_create_and_delete(
    client: FakeUserPoolClient, every_setting: dict[str, Any]
) -> None:
    client.settings = every_setting
    others = {key: value for key, value in every_setting.items() if key not in OURS}
    assert len(others) > 15

    portal_sign_in.on_event(an_event("Create"))
    assert client.settings.items() >= others.items()
    portal_sign_in.on_event(an_event("Delete"))
    assert client.settings.items() >= others.items()


def test_urls_of_others_stay(client: FakeUserPoolClient, every_setting: dict[str, Any]) -> None:
    client.settings = every_setting

    portal_sign_in.on_event(an_event("Create"))
    assert client.settings["CallbackURLs"] == [OTHER, f"{URL}/oauth2/idpresponse"]
    portal_sign_in.on_event(an_event("Delete"))
    assert client.settings["CallbackURLs"] == [OTHER]
    assert client.settings["LogoutURLs"] == [OTHER]
    assert client.settings["AllowedOAuthFlowsUserPoolClient"] is True


def test_what_cannot_be_written_is_never_sent(aws: FakeAws, client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))

    (given,) = aws.parameters("UpdateUserPoolClient")
    assert given.keys().isdisjoint({"GenerateSecret", "ClientSecret", "CreationDate"})


def test_merging_twice_changes_nothing(every_setting: dict[str, Any]) -> None:
    once = merged(every_setting, URL)

    assert merged(once, URL) == once


def test_create_again_writes_nothing(aws: FakeAws, client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))
    portal_sign_in.on_event(an_event("Create"))

    assert aws.names().count("UpdateUserPoolClient") == 1


def test_update_puts_back_what_cloudformation_reset(client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))
    client.settings = {"UserPoolId": POOL, "ClientId": CLIENT, "ClientName": "renamed"}

    portal_sign_in.on_event(an_event("Update"))

    assert client.settings["ClientName"] == "renamed"
    assert client.settings["CallbackURLs"] == [f"{URL}/oauth2/idpresponse"]


def test_update_moves_the_portal(client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))
    moved = {"UserPoolId": POOL, "ClientId": CLIENT, "SubDomain": "new.example"}

    response = portal_sign_in.on_event(an_event("Update", ResourceProperties=moved))

    assert response["Data"] == {"PortalUrl": "https://new.example"}
    assert client.settings["CallbackURLs"] == ["https://new.example/oauth2/idpresponse"]
    assert client.settings["LogoutURLs"] == ["https://new.example/logout"]


def test_update_to_another_client_is_a_replacement(client: FakeUserPoolClient) -> None:
    other = {"UserPoolId": POOL, "ClientId": "other", "SubDomain": HOST}

    response = portal_sign_in.on_event(an_event("Update", ResourceProperties=other))

    assert response["PhysicalResourceId"] == f"{POOL}/other"


def test_delete_takes_away_what_needs_a_callback_url(client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))

    portal_sign_in.on_event(an_event("Delete"))

    assert client.settings["CallbackURLs"] == []
    assert client.settings["LogoutURLs"] == []
    assert client.settings["AllowedOAuthFlows"] == []
    assert client.settings["AllowedOAuthScopes"] == []
    assert client.settings["AllowedOAuthFlowsUserPoolClient"] is False


def test_flow_without_callback_url_stays() -> None:
    machine = {
        "CallbackURLs": [],
        "LogoutURLs": [],
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/read"],
        "AllowedOAuthFlowsUserPoolClient": True,
    }

    assert without(machine, URL) == machine


def test_default_redirect_goes_with_its_url() -> None:
    settings = merged({"DefaultRedirectURI": f"{URL}/oauth2/idpresponse"}, URL)

    assert "DefaultRedirectURI" not in without(settings, URL)


def test_delete_twice_is_no_error(aws: FakeAws, client: FakeUserPoolClient) -> None:
    portal_sign_in.on_event(an_event("Create"))

    portal_sign_in.on_event(an_event("Delete"))
    response = portal_sign_in.on_event(an_event("Delete"))

    assert response == {"PhysicalResourceId": f"{POOL}/{CLIENT}"}
    assert aws.names().count("UpdateUserPoolClient") == 2


def test_delete_after_the_client_is_no_error(client: FakeUserPoolClient) -> None:
    client.is_gone = True

    response = portal_sign_in.on_event(an_event("Delete"))

    assert response["PhysicalResourceId"] == f"{POOL}/{CLIENT}"


def test_create_without_a_client_fails(client: FakeUserPoolClient) -> None:
    client.is_gone = True

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        portal_sign_in.on_event(an_event("Create"))


def test_another_writer_at_the_same_time_is_read_again(
    aws: FakeAws, client: FakeUserPoolClient, pauses: list[float]
) -> None:
    client.conflicts = 2

    portal_sign_in.on_event(an_event("Create"))

    assert aws.names().count("DescribeUserPoolClient") == 3
    assert client.settings["CallbackURLs"] == [f"{URL}/oauth2/idpresponse"]
    assert len(pauses) == 2


def test_conflict_without_end_fails(client: FakeUserPoolClient, pauses: list[float]) -> None:
    client.conflicts = 100

    with pytest.raises(ClientError, match="ConcurrentModificationException"):
        portal_sign_in.on_event(an_event("Create"))
    assert sum(pauses) < 60


@pytest.mark.parametrize(
    ("sub_domain", "url"),
    [
        (HOST, URL),
        ("localhost:4580", "http://localhost:4580"),
        ("127.0.0.1:4580", "http://127.0.0.1:4580"),
        ("[::1]:4580", "http://[::1]:4580"),
        ("localhost", "http://localhost"),
        ("localhost.example.com", "https://localhost.example.com"),
        ("127.0.0.1.example.com:443", "https://127.0.0.1.example.com:443"),
    ],
)
def test_only_a_loopback_portal_is_plain_http(sub_domain: str, url: str) -> None:
    assert portal_url(sub_domain) == url
