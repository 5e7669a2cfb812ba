"""A local cloud with the workforce, for all tests here that do not need one of their own."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

import localcloud
from demo import aws
from localcloud import Address, Settings
from tests.lifecycle.account import Account
from tests.lifecycle.cdk_app import CdkApp

WORKFORCE = "HumanReviewWorkforce"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud that records the calls it gets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOUDTRAIL_RECORDING", "1")
        with localcloud.running(Settings(state=tmp_path_factory.mktemp("cloud"))) as address:
            yield address


@pytest.fixture(scope="session")
def session(cloud: Address) -> boto3.Session:
    """The local account's root."""
    return aws.session(cloud)


@pytest.fixture(scope="session")
def account(session: boto3.Session) -> Account:
    """What there is in the account."""
    return Account(session)


@pytest.fixture(scope="session")
def app(cloud: Address, tmp_path_factory: pytest.TempPathFactory) -> CdkApp:
    """The checkout's app, on the bootstrapped local cloud."""
    return bootstrapped(cloud, tmp_path_factory.mktemp("cdk"))


@pytest.fixture(scope="session")
def workforce(app: CdkApp) -> str:
    """The stack of the Region's workforce, deployed."""
    app.deploy(WORKFORCE)
    return WORKFORCE


def bootstrapped(cloud: Address, folder: Path) -> CdkApp:
    """The checkout's app, on a local cloud that it can be deployed to."""
    # The template rules have tests of their own, and take seconds of every synthesis.
    app = CdkApp({**aws.environment(cloud), "CDK_VALIDATION": "false"}, folder)
    app.bootstrap()
    return app
