"""One local cloud with the sentiment workflow, whose functions reach AWS by faulty networks."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

import localcloud
from localcloud import Address, Settings
from tests.lifecycle.conftest import bootstrapped
from tests.lifecycle.faults.bench import bench
from tests.lifecycle.faults.components import SIDE_BY_SIDE
from tests.lifecycle.faults.matrix import Matrix

_TRIED = pytest.StashKey[dict[str, "Future[Matrix]"]]()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud of its own, with the workflow deployed."""
    settings = Settings(
        state=tmp_path_factory.mktemp("faulty"),
    )
    with localcloud.running(settings) as address:
        bootstrapped(address, tmp_path_factory.mktemp("cdk")).deploy("HumanReview-sentiment")
        yield address


@pytest.fixture(scope="module")
def tried(cloud: Address, pytestconfig: pytest.Config) -> Iterator[Mapping[str, "Future[Matrix]"]]:
    """What has been tried of each component, or is being tried."""
    started = pytestconfig.stash.setdefault(_TRIED, {})
    with ExitStack() as stack:
        for line in SIDE_BY_SIDE:
            on = stack.enter_context(bench(cloud))
            one_by_one = stack.enter_context(ThreadPoolExecutor(max_workers=1))
            for component in line:
                started[component.__name__] = one_by_one.submit(component, on)
        yield started
        for future in started.values():
            future.cancel()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was tried, also when all is well."""
    ended = (it for it in config.stash.get(_TRIED, {}).values() if it.done() and not it.cancelled())
    matrices = [future.result() for future in ended if future.exception() is None]
    if not matrices:
        return
    terminalreporter.section("faults")
    for matrix in matrices:
        terminalreporter.write_line(str(matrix))
    cases = sum(matrix.cases for matrix in matrices)
    findings = sum(len(matrix.findings) for matrix in matrices)
    terminalreporter.write_line(f"in all: {cases} cases, {findings} lost or left over")
