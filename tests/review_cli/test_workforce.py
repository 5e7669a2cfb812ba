"""Which of the listed workforces is the Region's own."""

from typing import Any

import pytest

from review_cli.clients import Clients
from review_cli.doctor import workforce
from tests.handlers.fake_aws import Parameters
from tests.review_cli.fake_account import SAGEMAKER, FakeAccount


def a_workforce(name: str, **more: Any) -> dict[str, Any]:
    return {"WorkforceName": name, "WorkforceArn": f"{SAGEMAKER}:workforce/{name}", **more}


VENDORS = [a_workforce("vendor-1"), a_workforce("vendor-2")]


def list_page_by_page(account: FakeAccount, *pages: list[dict[str, Any]]) -> None:
    def listed(given: Parameters) -> dict[str, Any]:
        number = int(given.get("NextToken", 0))
        more = {"NextToken": str(number + 1)} if number + 1 < len(pages) else {}
        return {"Workforces": pages[number], **more}

    account.aws.operations["ListWorkforces"] = listed


@pytest.mark.parametrize(
    "provider",
    [
        {"CognitoConfig": {"UserPool": "eu-west-1_abc", "ClientId": "client"}},
        {"OidcConfig": {"Issuer": "https://example.com"}},
    ],
    ids=["Cognito", "OpenID Connect"],
)
def test_private_workforce_is_found_behind_vendors(
    account: FakeAccount, clients: Clients, provider: dict[str, Any]
) -> None:
    list_page_by_page(account, VENDORS, [a_workforce("private", **provider)])

    found = workforce.find(clients.sagemaker)

    assert found
    assert found["WorkforceName"] == "private"


def test_vendors_alone_are_no_workforce(account: FakeAccount, clients: Clients) -> None:
    list_page_by_page(account, VENDORS)

    assert workforce.find(clients.sagemaker) is None
