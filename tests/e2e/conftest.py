"""One local cloud with the sentiment workflow deployed, for all tests in this folder."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import Browser, Page

import localcloud
from demo import aws
from demo.deployment import deploy
from demo.workflow import DeployedWorkflow
from localcloud import Address, Settings


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud of its own."""
    with localcloud.running(Settings(state=tmp_path_factory.mktemp("localcloud"))) as address:
        yield address


@pytest.fixture(scope="session")
def environment(cloud: Address) -> dict[str, str]:
    """The environment in which the CDK CLI talks to the local cloud.

    CDK's own template validator takes seconds in each command; ``make demo`` and tests/test_app.py
    run with it.
    """
    return {**aws.environment(cloud), "CDK_VALIDATION": "false"}


@pytest.fixture(scope="session")
def session(cloud: Address) -> boto3.Session:
    """The local account's root."""
    return aws.session(cloud)


@pytest.fixture(scope="session")
def cdk_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the CDK CLI printed, in all."""
    return tmp_path_factory.mktemp("cdk") / "cdk.log"


@pytest.fixture(scope="session")
def sentiment(
    environment: dict[str, str], session: boto3.Session, cdk_log: Path
) -> DeployedWorkflow:
    """The sentiment workflow, deployed by ``cdk bootstrap`` and ``cdk deploy``."""
    deploy("sentiment", environment=environment, log=cdk_log)
    return DeployedWorkflow(session, "sentiment")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a browser that nobody has signed in with."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()
