"""Where a local cloud listens, and the file in its state directory that says so."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

_PATIENCE = 1.0  # seconds: many times as long as anybody takes to look whether a local cloud runs
_POLL = 0.02


@dataclass(frozen=True)
class Address:
    """A local cloud that runs.

    :param pid: its process.
    :param port: the TLS port of all AWS APIs.
    :param portal_port: the plain port of the worker portal.
    :param ca: the authority that clients have to trust.
    """

    pid: int
    port: int
    portal_port: int
    ca: str
    region: str
    account: str

    @property
    def endpoint_url(self) -> str:
        """The URL of every AWS API. An IP address, so that SDKs use path-style S3."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def portal_url(self) -> str:
        """The worker portal as a person's browser sees it."""
        return f"http://localhost:{self.portal_port}"


class StateDirectory:
    """What a local cloud keeps on disk: its address, certificate, log and, if asked, its state."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.log = self.path / "server.log"
        self.output = self.path / "output.log"
        self.certificate = self.path / "certificate"
        self.temporary = self.path / "tmp"
        self.data = self.path / "data"
        self._address = self.path / "endpoint.json"
        self._lock = self.path / "lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the directory for this process until the block ends.

        The lock, not the process id, tells a running local cloud from a file left behind: the
        system drops the lock with its process, while a process id may be somebody else's by then.

        :raises AlreadyRunning: when another local cloud has it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock:
            if not _locked_in_time(lock):
                raise AlreadyRunning(self.path)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            try:
                yield
            finally:
                self.let_go()

    def let_go(self) -> None:
        """Take back what says that this process has the directory: the last thing it does there."""
        self.unpublish()
        # Between the next one's lock and its process id, this one's would be read: by then it may
        # be somebody else's.
        self._lock.write_text("")

    def holder(self) -> int | None:
        """The process of the local cloud that runs with this directory."""
        if not self._lock.exists():
            return None
        with self._lock.open() as lock:
            # Shared, so that two who ask do not take each other for a local cloud.
            if _locked(lock, fcntl.LOCK_SH):
                return None
            lock.seek(0)
            return int(lock.read() or 0) or None

    def publish(self, address: Address) -> None:
        """Write ``address`` where clients look for it, whole or not at all."""
        draft = self._address.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(address), indent=2) + "\n")
        draft.replace(self._address)

    def unpublish(self) -> None:
        """Take the address back."""
        self._address.unlink(missing_ok=True)

    def address(self) -> Address | None:
        """The address of the local cloud that runs here; a file left behind does not count."""
        if self.holder() is None:
            return None
        try:
            return Address(**json.loads(self._address.read_text()))
        except FileNotFoundError:
            return None  # it is still looking for its ports


def _locked_in_time(file: IO[str]) -> bool:
    """Lock ``file`` for this process alone, as soon as nobody looks whether it is locked."""
    deadline = time.monotonic() + _PATIENCE
    while not _locked(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _locked(file: IO[str], how: int) -> bool:
    """Lock ``file`` until it is closed; False when somebody else's lock forbids it."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class AlreadyRunning(RuntimeError):  # noqa: N818 - it says what happened
    """Another local cloud runs with the same state directory."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"a local cloud already runs with the state directory {path}; stop it with down"
        )
