"""What is due in every account and Region: nothing waits for anything else."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.endpoints import Endpoints
from localcloud.hosting import Hosting
from localcloud.sagemaker import SageMaker
from tests.localcloud.a2i.fake_cloud import ACCOUNT, FakeCloud

REGIONS = ("us-east-1", "eu-west-1")


class Looks:
    """What is looked at, how often, by Region."""

    def __init__(self) -> None:
        self._taken = {region: threading.Semaphore(0) for region in REGIONS}

    def take(self, a2i: Any) -> None:
        """A look at what is due in a service."""
        self._taken[a2i._region.name].release()

    async def several(self) -> None:
        """Wait for three looks in each Region."""
        for looks in self._taken.values():
            for _ in range(3):
                assert await asyncio.to_thread(looks.acquire, timeout=20)


def run_until_several(looks: Looks) -> None:
    """Do what is due until there were several looks."""

    async def run() -> None:
        sagemaker = SageMaker(
            lambda *_: FakeCloud(), lambda *_: ":memory:", Endpoints({}), delay=0.1
        )
        for region in REGIONS:
            sagemaker.a2i(ACCOUNT, region)
        running = asyncio.create_task(sagemaker.run())
        try:
            await looks.several()
        finally:
            sagemaker.stop()
            await asyncio.wait_for(running, 20)

    # In a thread: this one has an event loop already when Playwright has run in it.
    with ThreadPoolExecutor() as threads:
        threads.submit(asyncio.run, run()).result(timeout=120)


def test_a_model_that_is_long_in_loading_holds_up_neither_human_loops_nor_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, loaded = Looks(), threading.Event()
    monkeypatch.setattr(Hosting, "advance", lambda _: loaded.wait(60))
    monkeypatch.setattr(A2I, "advance", lambda a2i: looks.take(a2i))

    try:
        run_until_several(looks)
    finally:
        loaded.set()


def test_work_that_fails_again_is_tried_again_and_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Looks()

    def fail(a2i: A2I) -> None:
        looks.take(a2i)
        raise ValueError(f"as always in {a2i._region.name}")

    monkeypatch.setattr(A2I, "advance", fail)

    with caplog.at_level(logging.ERROR):
        run_until_several(looks)

    said = sorted(str(record.exc_info[1]) for record in caplog.records if record.exc_info)
    assert said == ["as always in eu-west-1", "as always in us-east-1"]
