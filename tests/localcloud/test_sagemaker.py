"""What is due in every account and Region: nothing waits for anything else."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.endpoints import Endpoints
from localcloud.hosting import Hosting
from localcloud.sagemaker import SageMaker
from tests.localcloud.a2i.fake_cloud import ACCOUNT, FakeCloud


def test_a_model_that_is_long_in_loading_holds_up_no_human_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = threading.Event()
    looks: dict[str, threading.Semaphore] = {}

    def advance(a2i: Any) -> None:
        looks[a2i._region.name].release()

    monkeypatch.setattr(Hosting, "advance", lambda _: loaded.wait(60))
    monkeypatch.setattr(A2I, "advance", advance)

    async def run() -> bool:
        sagemaker = SageMaker(
            lambda *_: FakeCloud(), lambda *_: ":memory:", Endpoints({}), delay=0.1
        )
        for region in ("us-east-1", "eu-west-1"):
            looks[region] = threading.Semaphore(0)
            sagemaker.a2i(ACCOUNT, region)
        running = asyncio.create_task(sagemaker.run())
        looked = [
            await asyncio.to_thread(each.acquire, timeout=20)
            for each in looks.values()
            for _ in range(3)
        ]
        loaded.set()
        sagemaker.stop()
        await running
        return all(looked)

    # In a thread: this one has an event loop already when Playwright has run in it.
    with ThreadPoolExecutor() as threads:
        assert threads.submit(asyncio.run, run()).result(timeout=120)
