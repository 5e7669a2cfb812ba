"""One local cloud with the sentiment workflow, whose functions reach AWS by a faulty network."""

from collections.abc import Callable, Iterator

import boto3
import pytest

import localcloud
from demo import aws
from demo.deployment import deploy
from demo.workflow import DeployedWorkflow
from localcloud import Address, Settings
from tests.lifecycle.faults.cloudformation import Provider
from tests.lifecycle.faults.functions import Functions
from tests.lifecycle.faults.matrix import Matrix
from tests.lifecycle.faults.network import Network, network


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud of its own, with the workflow deployed."""
    settings = Settings(state=tmp_path_factory.mktemp("faulty"))
    with localcloud.running(settings) as address:
        environment = {**aws.environment(address), "CDK_VALIDATION": "false"}
        deploy("sentiment", environment=environment, log=settings.state / "cdk.log")
        yield address


@pytest.fixture(scope="module")
def session(cloud: Address) -> boto3.Session:
    """The local account's root, whose own calls do not fail."""
    return aws.session(cloud)


@pytest.fixture(scope="module")
def sentiment(session: boto3.Session) -> DeployedWorkflow:
    """The workflow."""
    return DeployedWorkflow(session, "sentiment")


@pytest.fixture(scope="module")
def faulty(cloud: Address) -> Iterator[Network]:
    """The network."""
    with network(cloud) as way:
        yield way


@pytest.fixture(scope="module")
def functions(session: boto3.Session, faulty: Network) -> Functions:
    """The functions."""
    return Functions(session, faulty.url)


@pytest.fixture
def provider(functions: Functions, faulty: Network) -> Provider:
    """The provider of custom resources, started anew."""
    names = [
        functions.find(f"HumanReviewWorkforce-ReviewProvider{handler}")
        for handler in ("OnEvent", "IsComplete")
    ]
    for name in names:
        functions.redirect(name)
    return Provider(functions, faulty, *names)


@pytest.fixture
def matrix(
    request: pytest.FixtureRequest, faulty: Network, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Matrix]]:
    """Makes the matrix of a component; what it has found is printed, and must be nothing."""
    made: list[Matrix] = []

    def make(component: str) -> Matrix:
        made.append(Matrix(component, faulty))
        return made[-1]

    yield make
    for matrix in made:
        with capsys.disabled():
            print(f"\nfaults: {matrix}", end="")  # noqa: T201 - what the matrix is for
        assert matrix.findings == []
