"""One account in one Region: what every resource of the service is made in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from localcloud.a2i.clock import milliseconds
from localcloud.a2i.cloud import Cloud
from localcloud.a2i.store import Store


@dataclass(frozen=True)
class Region:
    """An account's part of a Region.

    :param name: the Region's, ``us-east-1``.
    :param now: the clock.
    :param delay: how many milliseconds a resource takes to become active or to go, at least 1.
    """

    store: Store
    cloud: Cloud
    account: str
    name: str
    now: Callable[[], datetime]
    delay: int

    def time(self) -> int:
        """The time now, as the engine keeps it."""
        return milliseconds(self.now())

    def soon(self) -> int:
        """When a resource that is changing now has changed."""
        return self.time() + self.delay

    def arn(self, resource: str) -> str:
        """The ARN of a resource such as ``human-loop/name``."""
        return f"arn:{self._partition()}:sagemaker:{self.name}:{self.account}:{resource}"

    def _partition(self) -> str:
        if self.name.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.name.startswith("us-gov-") else "aws"
