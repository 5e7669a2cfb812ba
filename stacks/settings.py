"""What ``cdk.json`` says about this deployment, below the context key ``human-review``.

One setting can be given on the command line, by its path: ``cdk deploy -c
human-review:workforce.termination_protection=false``.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from human_review import limits
from human_review.document import Document, checked

_KEY = "human-review"


class ExistingWorkforce(Document):
    """A workforce with a Cognito sign-in that is there already and stays as it is."""

    name: limits.WorkforceName
    user_pool_id: limits.UserPoolId
    client_id: limits.ClientId
    sub_domain: limits.SubDomain | None = None  # left out, the portal's address is not published


class WorkforceSettings(Document):
    """The workforce, its sign-in and the stack they are in."""

    existing: ExistingWorkforce | None = None
    name: limits.WorkforceName = "human-review"
    source_ip_cidrs: limits.Cidrs = Field(default_factory=list)
    dual_stack: bool = False
    mfa: Literal["off", "optional", "required"] = "optional"
    termination_protection: bool = True
    removal_policy: Literal["retain", "destroy"] = "retain"

    @model_validator(mode="after")
    def _leave_an_existing_one_alone(self) -> Self:
        changes = {
            "source_ip_cidrs": bool(self.source_ip_cidrs),
            "dual_stack": self.dual_stack,
            "mfa": self.mfa != "optional",
        }
        if self.existing is not None and any(changes.values()):
            named = ", ".join(key for key, changed in changes.items() if changed)
            raise ValueError(
                f"adopts an existing workforce, of which nothing is changed: leave out {named}"
            )
        return self


def _people(members: list[str]) -> list[str]:
    """Refuse an address that stands twice: for the user pool, case makes no difference."""
    seen: set[str] = set()
    for address in members:
        if address.lower() in seen:
            raise ValueError(f"must not name {address} twice, in whatever case")
        seen.add(address.lower())
    return members


class WorkteamSettings(Document):
    """A workteam and the addresses of its members, who are invited by mail."""

    description: limits.WorkteamDescription | None = None
    user_group: limits.GroupName | None = None  # of an existing workforce's pool; else one is made
    members: Annotated[list[limits.Email], AfterValidator(_people)] = Field(default_factory=list)


def _one_workteam() -> dict[str, WorkteamSettings]:
    return {"reviewers": WorkteamSettings()}


class ResultsSettings(Document):
    """The workflows' buckets."""

    removal_policy: Literal["retain", "destroy"] = "retain"


class Settings(Document):
    """All settings; each may be left out."""

    workflows: str = "workflows"
    workforce: WorkforceSettings = Field(default_factory=WorkforceSettings)
    workteams: Annotated[dict[limits.WorkteamName, WorkteamSettings], limits.entries(1, 25)] = (
        Field(default_factory=_one_workteam)
    )
    results: ResultsSettings = Field(default_factory=ResultsSettings)

    @model_validator(mode="after")
    def _groups_are_of_an_existing_pool(self) -> Self:
        named = [name for name, team in self.workteams.items() if team.user_group is not None]
        if named and self.workforce.existing is None:
            raise ValueError(
                f"has a user_group for {', '.join(named)}, which only a workforce.existing has "
                "already: leave user_group out, and a group is made"
            )
        return self

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """The settings in an app's context, single ones from the command line on top.

        :raises ValueError: a line for each mistake: the key, what was given and what is allowed.
        """
        document = context.get(_KEY, {})
        for key, value in sorted(context.items()):
            if key.startswith(f"{_KEY}:"):
                document = _with(document, key.removeprefix(f"{_KEY}:").split("."), value)
        return checked(cls, document, f"cdk.json, {_KEY}")


def _with(document: Any, path: list[str], value: Any) -> Any:
    """A copy of ``document`` with the value at ``path`` set."""
    if not path:
        return _parsed(value)
    head, *rest = path
    below = document if isinstance(document, dict) else {}
    return {**below, head: _with(below.get(head, {}), rest, value)}


def _parsed(value: Any) -> Any:
    """A value from the command line, which is text, as the JSON it may be."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        return value
