"""Starting a local cloud in the background, and stopping it."""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localcloud.address import Address, AlreadyRunning, StateDirectory
from localcloud.environment import CHECKOUT
from localcloud.settings import Settings

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
_POLL = 0.05
_OUTPUT_LINES = 20


class NotStarted(RuntimeError):  # noqa: N818 - it says what happened
    """The local cloud did not come up; the message ends with what its process said."""


@contextmanager
def running(settings: Settings) -> Iterator[Address]:
    """A local cloud in a process of its own, until the block ends.

    :raises NotStarted: when it does not come up.
    """
    state = StateDirectory(settings.state)
    process = _launch(settings, state)
    try:
        yield _ready(process, state)
    finally:
        stop(settings.state)
        process.wait(GRACE_SECONDS)


def start(settings: Settings) -> Address:
    """Start a local cloud in the background and wait until it answers.

    :raises AlreadyRunning: when one runs with the same state directory.
    :raises NotStarted: when it does not come up.
    """
    state = StateDirectory(settings.state)
    process = _launch(settings, state)
    try:
        return _ready(process, state)
    except NotStarted:
        stop(settings.state)
        raise


def stop(state_directory: Path, grace: float = GRACE_SECONDS) -> str | None:
    """Stop the local cloud of a state directory, and say how; None when none runs.

    :param grace: seconds it has for leaving by itself.
    """
    state = StateDirectory(state_directory)
    pid = state.holder()
    if pid is None:
        return None
    try:
        leads_group = os.getpgid(pid) == pid
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return None  # it ended by itself just now
    if _wait_until_released(state, grace):
        how = f"stopped the local cloud (process {pid})"
    else:
        os.kill(pid, signal.SIGKILL)
        _wait_until_released(state, grace)
        state.unpublish()
        how = f"killed the local cloud (process {pid}): it did not stop within {grace:g} seconds"
    if leads_group:
        _end_group(pid)
    return how


def answers(address: Address) -> bool:
    """Whether the local cloud at ``address`` answers, over TLS that its clients trust."""
    trust = ssl.create_default_context(cafile=address.ca)
    connection = http.client.HTTPSConnection("127.0.0.1", address.port, timeout=5, context=trust)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _launch(settings: Settings, state: StateDirectory) -> "subprocess.Popen[bytes]":
    if state.holder() is not None:
        raise AlreadyRunning(state.path)
    command = [sys.executable, "-m", "localcloud", "up"]
    command += ["--state", str(state.path), "--region", settings.region]
    command += ["--port", str(settings.port), "--portal-port", str(settings.portal_port)]
    command += ["--delay", str(settings.delay)]
    command += ["--persist"] if settings.persist else []
    if settings.human_loop_quota is not None:
        command += ["--human-loop-quota", str(settings.human_loop_quota)]
    for directory in settings.recordings:
        command += ["--recordings", str(directory.resolve())]
    for name, directory in settings.endpoints.items():
        command += ["--endpoint", f"{name}={directory.resolve()}"]
    state.path.mkdir(parents=True, exist_ok=True)
    with state.output.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _ready(process: "subprocess.Popen[bytes]", state: StateDirectory) -> Address:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        address = state.address()
        if address and address.pid == process.pid and answers(address):
            return address
        if process.poll() is not None:
            raise NotStarted(f"the local cloud did not start:\n{_last_output(state)}")
        time.sleep(_POLL)
    raise NotStarted(
        f"the local cloud does not answer after {START_SECONDS:g} seconds, "
        f"see {state.log}:\n{_last_output(state)}"
    )


def _last_output(state: StateDirectory) -> str:
    return "\n".join(state.output.read_text(errors="replace").splitlines()[-_OUTPUT_LINES:])


def _wait_until_released(state: StateDirectory, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while state.holder() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _end_group(leader: int) -> None:
    """End what the server left behind: the functions of one that was killed."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
