"""Workers, and what the portal shows them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Gone = Literal["answered", "declined", "expired", "left", "not yours", "unknown"]


@dataclass(frozen=True)
class Worker:
    """Somebody who has signed in to the worker portal.

    :param sub: the identity provider's own name for them, which never changes.
    :param issuer: the identity provider: of a user pool, an address that ends in the pool's id.
    :param username: what they sign in with.
    :param groups: the groups their token says they are in.
    """

    sub: str
    issuer: str
    username: str
    groups: frozenset[str] = field(default_factory=frozenset)

    @property
    def worker_id(self) -> str:
        """The pseudonym that goes with their answers."""
        return hashlib.sha256(f"{self.issuer}{self.sub}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Job:
    """The work that one flow definition has for a worker.

    :param available: how many loops wait for this worker, the one they have started included.
    """

    flow_definition_name: str
    flow_definition_arn: str
    title: str
    description: str
    keywords: tuple[str, ...]
    available: int
    time_limit_seconds: int
    created_at: datetime


@dataclass(frozen=True)
class Task:
    """One human loop, as one worker has it open.

    :param template: the Liquid text of the page.
    :param input: the parsed InputContent.
    :param role_arn: the role that reads what the page grants access to.
    :param deadline: when the time limit is over.
    """

    task_id: str
    human_loop_name: str
    flow_definition_name: str
    title: str
    description: str
    template: str
    input: object
    role_arn: str
    accepted_at: datetime
    deadline: datetime


class TaskGone(Exception):  # noqa: N818 - it says what happened
    """A task that a worker cannot work on, or no longer.

    :param reason: why: it was answered, declined, left or took too long, or was never theirs.
    """

    def __init__(self, reason: Gone) -> None:
        super().__init__(reason)
        self.reason: Gone = reason
