"""What a change that fails must leave as it was."""

from dataclasses import dataclass
from typing import Any, Self

from tests.lifecycle.account import Account


@dataclass(frozen=True)
class Snapshot:
    """All that there is of a workflow in the account."""

    current: str
    flow_definitions: dict[str, dict[str, Any]]
    tags: dict[str, str]
    human_task_uis: set[str]
    human_loops: dict[str, str]

    @classmethod
    def of(cls, account: Account, workflow: str) -> Self:
        """What there is now."""
        names = account.flow_definitions(workflow)
        current = account.current(workflow)
        return cls(
            current,
            {name: _described(account, name) for name in names},
            account.tags(current),
            account.human_task_uis(workflow),
            account.human_loops(current),
        )


def _described(account: Account, name: str) -> dict[str, Any]:
    described: dict[str, Any] = dict(
        account.sagemaker.describe_flow_definition(FlowDefinitionName=name)
    )
    return {key: value for key, value in described.items() if key != "ResponseMetadata"}
