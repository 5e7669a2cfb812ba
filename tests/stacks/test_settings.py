import json
from pathlib import Path
from typing import Any

import pytest

from stacks.settings import Settings

ROOT = Path(__file__).parents[2]
EXISTING = {"name": "people", "user_pool_id": "eu-west-1_abc", "client_id": "client"}


def test_all_settings_can_be_left_out() -> None:
    settings = Settings.from_context({})

    assert settings.workforce.name == "human-review"
    assert settings.workforce.termination_protection is True
    assert settings.workforce.removal_policy == "retain"
    assert list(settings.workteams) == ["reviewers"]
    assert settings.workflows == "workflows"


def test_cdk_json_is_understood() -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]

    settings = Settings.from_context(context)

    assert settings.workteams["reviewers"].members == []


def test_adopting_a_workforce_is_one_setting_more_than_cdk_json_has() -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context["human-review:workforce.existing"] = json.dumps(EXISTING)

    settings = Settings.from_context(context)

    assert settings.workforce.existing is not None
    assert settings.workforce.existing.name == "people"
    assert settings.workforce.existing.sub_domain is None


def test_one_setting_can_be_given_on_the_command_line() -> None:
    context = {
        "human-review": {"workforce": {"name": "people", "mfa": "required"}},
        "human-review:workforce.termination_protection": "false",
        "human-review:workforce.mfa": "off",
        "human-review:workteams.experts.members": '["ann@example.com"]',
    }

    settings = Settings.from_context(context)

    assert settings.workforce.name == "people"
    assert settings.workforce.termination_protection is False
    assert settings.workforce.mfa == "off"
    assert settings.workteams["experts"].members == ["ann@example.com"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            {"workforce": {"nmae": "x"}},
            "workforce.nmae is not a key here; did you mean name? allowed: existing, name, ",
            id="misspelt",
        ),
        pytest.param(
            {"workteams": {"reviewers": {"member": []}}},
            "workteams.reviewers.member is not a key here; did you mean members? "
            "allowed: description, user_group, members",
            id="misspelt in a workteam",
        ),
        pytest.param(
            {"workforce": {"mfa": "maybe"}},
            "workforce.mfa must be 'off', 'optional' or 'required', got 'maybe'",
            id="mfa",
        ),
        pytest.param(
            {"workforce": {"termination_protection": "no"}},
            "workforce.termination_protection must be true or false, got 'no'",
            id="not a boolean",
        ),
        pytest.param(
            {"workforce": {"existing": {"name": "people", "user_pool_id": "eu-west-1_abc"}}},
            "workforce.existing.client_id is required",
            id="no client of an existing workforce",
        ),
        pytest.param(
            {"workforce": {"existing": EXISTING, "mfa": "required", "dual_stack": True}},
            "workforce adopts an existing workforce, of which nothing is changed: leave out "
            "dual_stack, mfa, got",
            id="changes of an existing workforce",
        ),
        pytest.param(
            {"workforce": {"existing": {**EXISTING, "sub_domain": "https://x"}}},
            "workforce.existing.sub_domain must be the portal's host name, without https://, "
            "got 'https://x'",
            id="sub-domain with a scheme",
        ),
        pytest.param(
            {"workteams": {"reviewers": {"user_group": "people"}}},
            "the document has a user_group for reviewers, which only a workforce.existing has "
            "already",
            id="a group of a pool that is not made yet",
        ),
        pytest.param(
            {"results": {"removal_policy": "delete"}},
            "results.removal_policy must be 'retain' or 'destroy', got 'delete'",
            id="removal policy",
        ),
        pytest.param(
            {"workteams": {}}, "workteams must have 1 to 25 entries, it has 0", id="no workteam"
        ),
        pytest.param(
            {"workteams": {"reviewers": {"members": ["ann"]}}},
            "workteams.reviewers.members.0 must be an e-mail address, got 'ann'",
            id="no address",
        ),
        pytest.param(
            {"workteams": {"reviewers": {"members": ["ann@x.com", "Ann@x.com"]}}},
            "workteams.reviewers.members must not name Ann@x.com twice, in whatever case",
            id="somebody twice",
        ),
    ],
)
def test_a_mistake_names_the_key_and_what_is_allowed(
    document: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=r"^cdk\.json, human-review: ") as error:
        Settings.from_context({"human-review": document})

    assert message in str(error.value)
