"""One local cloud with two workflows, whose functions reach AWS by faulty networks."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

import localcloud
from demo.run import recordings
from localcloud import Address, Settings
from tests.lifecycle.conftest import bootstrapped
from tests.lifecycle.faults.bench import bench
from tests.lifecycle.faults.components import SIDE_BY_SIDE
from tests.lifecycle.faults.matrix import Matrix


@pytest.fixture(scope="module")
def faulty_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud of its own, with a workflow of each kind deployed."""
    settings = Settings(
        state=tmp_path_factory.mktemp("faulty"), recordings=recordings("moderation")
    )
    with localcloud.running(settings) as address:
        app = bootstrapped(address, tmp_path_factory.mktemp("cdk"))
        app.deploy("HumanReview-sentiment", "HumanReview-moderation")
        yield address


@pytest.fixture(scope="module")
def tried(faulty_cloud: Address) -> Iterator[Mapping[str, "Future[Matrix]"]]:
    """What has been tried of each component, or is being tried."""
    started: dict[str, Future[Matrix]] = {}
    with ExitStack() as stack:
        for line in SIDE_BY_SIDE:
            on = stack.enter_context(bench(faulty_cloud))
            one_by_one = stack.enter_context(ThreadPoolExecutor(max_workers=1))
            for component in line:
                started[component.__name__] = one_by_one.submit(component, on)
        yield started
        for future in started.values():
            future.cancel()
