"""What is deployed, as the SSM parameters below ``/human-review/`` tell it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from review_cli.connection import CannotLookError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

ROOT = "/human-review/"


@dataclass(frozen=True)
class Workflow:
    """A review workflow.

    :param parameters: its SSM parameters, by the last part of their names.
    """

    name: str
    parameters: Mapping[str, str]

    def parameter_name(self, key: str) -> str:
        """The full name of one of its SSM parameters."""
        return f"{ROOT}{self.name}/{key}"

    def put_parameter(self, key: str, value: str) -> str:
        """The command that writes one of its SSM parameters, which may be missing."""
        name = self.parameter_name(key)
        return f"`aws ssm put-parameter --overwrite --type String --name {name} --value {value}`"

    def with_parameter(self, key: str, value: str) -> Self:
        """The workflow, had the SSM parameter this value."""
        return replace(self, parameters={**self.parameters, key: value})


@dataclass(frozen=True)
class Deployment:
    """Everything that the account has of this in the Region.

    :param user_groups: the Cognito group of each workteam that the workforce's stack made.
    """

    portal_url: str | None
    user_pool_id: str | None
    user_groups: Mapping[str, str]
    workflows: tuple[Workflow, ...]

    @classmethod
    def find(cls, ssm: "SSMClient") -> Self:
        """Read the parameters."""
        shared: dict[str, str] = {}
        user_groups: dict[str, str] = {}
        workflows: dict[str, dict[str, str]] = {}
        pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=ROOT, Recursive=True)
        for parameter in (it for page in pages for it in page["Parameters"]):
            match parameter["Name"].removeprefix(ROOT).split("/"):
                case [key]:
                    shared[key] = parameter["Value"]
                case [workflow, key]:
                    workflows.setdefault(workflow, {})[key] = parameter["Value"]
                case ["workteams", workteam, "user-group"]:
                    user_groups[workteam] = parameter["Value"]
        return cls(
            portal_url=shared.get("portal-url"),
            user_pool_id=shared.get("user-pool-id"),
            user_groups=user_groups,
            workflows=tuple(Workflow(name, workflows[name]) for name in sorted(workflows)),
        )

    def is_empty(self) -> bool:
        """Say whether there is nothing at all."""
        return not (self.workflows or self.portal_url or self.user_pool_id)

    def only(self, names: Collection[str]) -> Self:
        """The deployment with no workflows but these.

        :raises CannotLookError: when one is not there.
        """
        known = [workflow.name for workflow in self.workflows]
        for name in names:
            if name not in known:
                raise CannotLookError(
                    f"No workflow {name} is deployed here.",
                    f"Name one of: {', '.join(known)}." if known else "Deploy it first.",
                )
        return replace(self, workflows=tuple(it for it in self.workflows if it.name in names))
