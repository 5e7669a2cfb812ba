"""Environment variables of the server and of its clients."""

import os
import sys
from pathlib import Path

import pytest

from localcloud.address import Address, StateDirectory
from localcloud.certificate import Certificate
from localcloud.environment import (
    client_environment,
    server_environment,
    with_loopback,
    with_this_python,
)
from localcloud.settings import Settings

ADDRESS = Address(
    pid=1, port=4571, portal_port=4580, ca="/ca.pem", region="eu-west-1", account="0" * 12
)


def server(tmp_path: Path, inherited: dict[str, str], *, persist: bool = False) -> dict[str, str]:
    settings = Settings(state=tmp_path, region="eu-west-1", persist=persist)
    state = StateDirectory(tmp_path)
    certificate = Certificate.in_directory(state.certificate)
    return server_environment(settings, state, certificate, ADDRESS, inherited)


def test_clients_are_pointed_at_the_local_cloud() -> None:
    environment = client_environment(ADDRESS)

    assert environment["AWS_ENDPOINT_URL"] == "https://127.0.0.1:4571"
    assert environment["AWS_CA_BUNDLE"] == environment["NODE_EXTRA_CA_CERTS"] == "/ca.pem"
    assert environment["AWS_REGION"] == environment["CDK_DEFAULT_REGION"] == "eu-west-1"
    assert environment["NODE_PATH"].endswith("node_modules")


def test_server_keeps_nothing_of_the_users_aws_settings(tmp_path: Path) -> None:
    environment = server(
        tmp_path,
        {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "real", "SERVICES": "s3", "HOME": "/home/me"},
    )

    assert "AWS_PROFILE" not in environment
    assert "AWS_SESSION_TOKEN" not in environment
    assert "SERVICES" not in environment
    assert environment["AWS_CONFIG_FILE"] == os.devnull
    assert environment["HOME"] == "/home/me"


def test_server_enforces_iam_on_its_own_port_over_tls(tmp_path: Path) -> None:
    environment = server(tmp_path, {})

    assert environment["AUTH"] == "true"
    assert environment["USE_SSL"] == "1"
    assert environment["GATEWAY_PORT"] == "4571"
    assert environment["MINISTACK_REGION"] == "eu-west-1"


@pytest.mark.parametrize(("persist", "flag"), [(False, "0"), (True, "1")])
def test_server_keeps_state_only_when_asked(tmp_path: Path, persist: bool, flag: str) -> None:
    environment = server(tmp_path, {}, persist=persist)

    assert environment["PERSIST_STATE"] == environment["S3_PERSIST"] == flag


def test_loopback_is_added_to_hosts_without_a_proxy() -> None:
    assert with_loopback("") == "127.0.0.1,localhost"
    assert with_loopback("corp.example") == "corp.example,127.0.0.1,localhost"


def test_this_environments_programs_come_first_and_once() -> None:
    programs = str(Path(sys.executable).parent)

    once = with_this_python("/usr/bin")

    assert once == f"{programs}{os.pathsep}/usr/bin"
    assert with_this_python(once) == once
