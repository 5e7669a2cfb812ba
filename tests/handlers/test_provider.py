"""The provider routes by resource type."""

from typing import Any

import pytest

from review_resources import provider
from tests.handlers.conftest import LogLines


def an_event(resource_type: str) -> Any:
    return {
        "RequestType": "Create",
        "ResponseURL": "https://example.com/secret",
        "ResourceType": resource_type,
        "LogicalResourceId": "Resource",
        "ResourceProperties": {"ClientSecret": "secret"},
    }


def test_unknown_resource_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"one of Custom::A2IFlowDefinition, .*got Custom::Other"):
        provider.on_event(an_event("Custom::Other"), None)


def test_log_holds_ids_and_no_more(monkeypatch: pytest.MonkeyPatch, log_lines: LogLines) -> None:
    monkeypatch.setitem(
        provider.ON_EVENT, "Custom::A2IPortalSignIn", lambda _: {"PhysicalResourceId": "id"}
    )

    provider.on_event(an_event("Custom::A2IPortalSignIn"), None)

    assert log_lines() == [
        {
            "message": "Create",
            "resource_type": "Custom::A2IPortalSignIn",
            "logical_id": "Resource",
            "physical_id": "id",
        }
    ]


@pytest.mark.parametrize("resource_type", ["Custom::A2IPortalSignIn", "Custom::A2IWorkteamAccess"])
def test_what_takes_no_time_is_complete_at_once(resource_type: str) -> None:
    assert provider.is_complete(an_event(resource_type), None) == {"IsComplete": True}
