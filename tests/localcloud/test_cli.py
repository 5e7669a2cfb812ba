"""The command line, and what outlives a local cloud."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localcloud import Address, Settings, running
from localcloud.address import StateDirectory
from localcloud.ports import listen

CHECKOUT = Path(__file__).resolve().parents[2]

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def localcloud(state: Path) -> Iterator[Command]:
    """Runs a command of the command line on the test's state directory."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "localcloud", *arguments, "--state", str(state)]
        return subprocess.run(
            command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
        )

    yield run
    run("down")


def test_up_takes_the_next_free_ports_and_says_so(localcloud: Command, state: Path) -> None:
    with listen(24_566) as api, listen(24_580) as portal:
        taken, taken_portal = str(api.getsockname()[1]), str(portal.getsockname()[1])

        up = localcloud("up", "--detach", "--port", taken, "--portal-port", taken_portal)

    address = StateDirectory(state).address()
    assert up.returncode == 0, up.stderr
    assert address is not None
    assert f"Port {taken} is taken: using {address.port}." in up.stdout
    assert f"Portal port {taken_portal} is taken: using {address.portal_port}." in up.stdout
    assert address.endpoint_url in up.stdout
    assert address.portal_url in up.stdout


def test_env_points_a_shells_aws_clients_at_it(localcloud: Command, state: Path) -> None:
    localcloud("up", "--detach", "--port", "24566", "--portal-port", "24580")
    exports = localcloud("env").stdout
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"

    asked = subprocess.run(
        ["sh", "-c", f"{exports}\n{shlex.quote(sys.executable)} -c {shlex.quote(program)}"],
        # What a user has set already must not win.
        env={**os.environ, "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "real"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert asked.stdout.strip() == "arn:aws:iam::000000000000:root", asked.stderr


def test_status_and_down_say_what_is_and_what_they_did(localcloud: Command, state: Path) -> None:
    localcloud("up", "--detach", "--port", "24566", "--portal-port", "24580")
    pid = StateDirectory(state).holder()

    status = localcloud("status")
    assert status.returncode == 0
    assert f"The local cloud runs (process {pid}" in status.stdout

    down = localcloud("down")
    assert down.stdout.strip() == f"stopped the local cloud (process {pid})"
    assert localcloud("status").returncode == 3
    assert (state / "lock").read_text() == ""
    assert "no local cloud runs" in localcloud("down").stdout


def test_a_second_up_is_refused(localcloud: Command) -> None:
    localcloud("up", "--detach", "--port", "24566", "--portal-port", "24580")

    second = localcloud("up", "--detach")

    assert second.returncode == 1
    assert "a local cloud already runs with the state directory" in second.stderr


def test_env_without_a_local_cloud_is_refused(localcloud: Command) -> None:
    env = localcloud("env")

    assert (env.returncode, env.stdout) == (1, "")
    assert "no local cloud runs" in env.stderr


def test_a_local_cloud_that_was_killed_does_not_count(localcloud: Command, state: Path) -> None:
    localcloud("up", "--detach", "--port", "24566", "--portal-port", "24580")
    pid = StateDirectory(state).holder()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: StateDirectory(state).holder() is None)

    assert (state / "endpoint.json").exists()
    assert localcloud("status").returncode == 3
    again = localcloud("up", "--detach", "--port", "24566", "--portal-port", "24580")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--endpoint", "words"], "expected NAME=DIR, got 'words'"),
        (["--endpoint", "words=/nowhere"], "endpoint words: there is no /nowhere/inference.py"),
        (["--port", "99999"], "port must be between 1 and 65535, got 99999"),
    ],
    ids=["no directory", "no script", "no such port"],
)
def test_up_refuses_what_cannot_work(
    localcloud: Command, arguments: list[str], problem: str
) -> None:
    up = localcloud("up", "--detach", *arguments)

    assert up.returncode != 0
    assert problem in up.stderr


@pytest.mark.parametrize("command", ["up", "down", "status", "env"])
def test_every_command_explains_itself(localcloud: Command, command: str) -> None:
    explained = localcloud(command, "--help")

    assert explained.returncode == 0
    assert "where it keeps its address, certificate, log and data" in explained.stdout


def test_without_persist_the_next_local_cloud_is_empty(state: Path) -> None:
    assert kept(state, persist=False) == ([], [])


def test_with_persist_the_next_local_cloud_has_everything(state: Path) -> None:
    assert kept(state, persist=True) == (["kept"], ["kept"])


def kept(state: Path, *, persist: bool) -> tuple[list[str], list[str]]:
    """The buckets and task UIs that a second local cloud finds after a first one made them."""
    settings = Settings(state=state, port=24_566, portal_port=24_580, persist=persist)
    with running(settings) as address:
        client(address, "s3").create_bucket(Bucket="kept")
        client(address, "sagemaker").create_human_task_ui(
            HumanTaskUiName="kept", UiTemplate={"Content": "<crowd-form></crowd-form>"}
        )
    with running(settings) as address:
        buckets = client(address, "s3").list_buckets()["Buckets"]
        uis = client(address, "sagemaker").list_human_task_uis()["HumanTaskUiSummaries"]
        return [b["Name"] for b in buckets], [ui["HumanTaskUiName"] for ui in uis]


def client(address: Address, service: str) -> Any:
    session: Any = boto3.Session("test", "test", region_name=address.region)
    return session.client(service, endpoint_url=address.endpoint_url, verify=address.ca)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "still waiting after 10 seconds"
