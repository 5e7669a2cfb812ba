"""The state directory: who has it, and what it says about a server that is gone."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud.address import Address, AlreadyRunning, StateDirectory

ADDRESS = Address(
    pid=os.getpid(), port=4566, portal_port=4580, ca="ca.pem", region="us-east-1", account="0" * 12
)
DIES_WITHOUT_A_WORD = """
import os, sys
from pathlib import Path
from localcloud.address import Address, StateDirectory
state = StateDirectory(Path(sys.argv[1]))
with state.held():
    state.publish(Address(os.getpid(), 1, 2, "ca.pem", "us-east-1", "0" * 12))
    os._exit(9)
"""


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory(tmp_path / "state")


def test_an_empty_directory_has_no_address(state: StateDirectory) -> None:
    assert state.address() is None
    assert state.holder() is None


def test_address_is_what_was_published_while_it_is_held(state: StateDirectory) -> None:
    with state.held():
        state.publish(ADDRESS)

        assert state.address() == ADDRESS
        assert state.holder() == os.getpid()

    assert state.address() is None


def test_a_second_holder_is_refused(state: StateDirectory) -> None:
    with (
        state.held(),
        pytest.raises(AlreadyRunning, match="already runs with the state directory"),
        StateDirectory(state.path).held(),
    ):
        pass


def test_who_asks_whether_one_runs_keeps_none_from_starting(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with state.held():
        pass
    asking = (state.path / "lock").open()
    fcntl.flock(asking, fcntl.LOCK_SH)
    # Whoever asks has done so by the time that the one who starts looks again.
    monkeypatch.setattr("localcloud.address.time.sleep", lambda _: asking.close())

    with state.held():
        assert asking.closed
        assert state.holder() == os.getpid()


def test_two_who_ask_at_once_hear_of_none(state: StateDirectory) -> None:
    state.path.mkdir()
    (state.path / "lock").write_text("1")  # left behind by one that was killed

    with (state.path / "lock").open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)

        assert state.holder() is None


def test_who_lets_go_leaves_no_process_id_behind(state: StateDirectory) -> None:
    with state.held():
        assert (state.path / "lock").read_text() == str(os.getpid())

    assert (state.path / "lock").read_text() == ""


def test_the_address_of_a_dead_server_does_not_count(state: StateDirectory) -> None:
    program = [sys.executable, "-c", DIES_WITHOUT_A_WORD, str(state.path)]
    died = subprocess.run(program, cwd=Path.cwd(), timeout=30, check=False)

    assert died.returncode == 9
    assert (state.path / "endpoint.json").exists()
    assert state.address() is None
    with state.held():
        assert state.holder() == os.getpid()


def test_urls_name_an_address_for_sdks_and_a_name_for_people() -> None:
    assert ADDRESS.endpoint_url == "https://127.0.0.1:4566"
    assert ADDRESS.portal_url == "http://localhost:4580"
