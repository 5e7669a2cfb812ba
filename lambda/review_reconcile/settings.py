"""What one workflow's reconciler is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self


@dataclass(frozen=True)
class Settings:
    """One workflow: where its loops' records are, and how long to look back.

    :param stack_id: whose flow definitions to look at; None for all with the workflow's name.
    :param grace: how long a retired flow definition is kept at least.
    :param lookback: how old a loop may be whose event is still replayed.
    """

    workflow: str
    bucket: str
    collect_queue_url: str
    stack_id: str | None
    grace: timedelta
    lookback: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables that the stack sets on the function."""
        return cls(
            workflow=environment["WORKFLOW"],
            bucket=environment["BUCKET"],
            collect_queue_url=environment["COLLECT_QUEUE_URL"],
            stack_id=environment.get("STACK_ID") or None,
            grace=timedelta(seconds=_number(environment, "GRACE_SECONDS", "900")),
            lookback=timedelta(days=_number(environment, "LOOKBACK_DAYS", "30")),
        )


def _number(environment: Mapping[str, str], name: str, default: str) -> int:
    given = environment.get(name) or default
    if not given.isdecimal():
        raise ValueError(f"{name} must be a whole number of at least 0, got {given!r}")
    return int(given)
