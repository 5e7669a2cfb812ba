"""What one component is tried on: its own clients, its own network, its own versions of functions.

Benches share a local cloud and nothing else, so what is tried on one need not wait for another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3

from demo import aws
from demo.workflow import DeployedWorkflow
from localcloud import Address
from tests.lifecycle.account import Account
from tests.lifecycle.faults.cloudformation import Provider
from tests.lifecycle.faults.functions import Functions
from tests.lifecycle.faults.matrix import Matrix
from tests.lifecycle.faults.network import Network, network

_PROVIDER = "HumanReviewWorkforce-ReviewProvider"


@dataclass(frozen=True)
class Bench:
    """A bench.

    :ivar session: the local account's root, whose own calls do not fail.
    """

    cloud: Address
    session: boto3.Session
    network: Network
    functions: Functions

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something of the account, there or not."""
        return f"arn:aws:{service}:{self.cloud.region}:{self.cloud.account}:{resource}"

    def matrix(self, component: str) -> Matrix:
        """An empty matrix."""
        return Matrix(component, self.network)

    def provider(self) -> Provider:
        """The provider of custom resources."""
        names = (self.functions.find(f"{_PROVIDER}{it}") for it in ("OnEvent", "IsComplete"))
        return Provider(self.functions, self.network, *map(self.functions.redirected, names))

    @property
    def account(self) -> Account:
        """What there is in the account."""
        return Account(self.session)

    @property
    def sentiment(self) -> DeployedWorkflow:
        """The workflow."""
        return DeployedWorkflow(self.session, "sentiment")


@contextmanager
def bench(cloud: Address) -> Iterator[Bench]:
    """A bench, until the block ends."""
    session = aws.session(cloud)
    with network(cloud) as way:
        yield Bench(cloud, session, way, Functions(session, way.url))
