"""Amazon SageMaker as the local cloud serves it: A2I, its runtime, and hosting."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from ministack.core.responses import get_account_id, get_region

from localcloud import permissions
from localcloud.a2i import api
from localcloud.a2i.cloud import Cloud
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.endpoints import Endpoints, invoked_endpoint
from localcloud.hosting import Hosting
from localcloud.sagemaker_resources import ServiceError
from localcloud.wire import Response

ADVANCE_EVERY = 0.25
"""Seconds between two looks at what is due in every A2I."""

_MODEL_THREADS = 32

_log = logging.getLogger("localcloud.sagemaker")


class Services(NamedTuple):
    """SageMaker in one account and Region."""

    a2i: A2I
    hosting: Hosting


class SageMaker:
    """The service in every account and Region.

    :param cloud_of: the AWS around the service in an account and Region.
    :param database_of: the SQLite file of an account and Region, or ``:memory:``.
    :param endpoints: those that are there without having been created.
    :param human_loop_quota: how many human loops may be in progress at once in each of them.
    :param delay: how many seconds what A2I makes takes to become active, or to go.
    """

    def __init__(
        self,
        cloud_of: Callable[[str, str], Cloud],
        database_of: Callable[[str, str], str],
        endpoints: Endpoints,
        *,
        human_loop_quota: int | None = None,
        delay: float,
    ) -> None:
        self._cloud_of = cloud_of
        self._database_of = database_of
        self._endpoints = endpoints
        self._human_loop_quota = human_loop_quota
        self._delay = delay
        self._services: dict[tuple[str, str], Services] = {}
        self._making = threading.Lock()
        self._stopped = asyncio.Event()
        # Apart from the other threads, which callers who wait for a slow model would take up.
        self._for_models = ThreadPoolExecutor(_MODEL_THREADS, "for-models")

    def a2i(self, account: str, region: str) -> A2I:
        """Amazon A2I in one account and Region."""
        return self._in(account, region).a2i

    def _in(self, account: str, region: str) -> Services:
        with self._making:
            if (account, region) not in self._services:
                store = SqliteStore(self._database_of(account, region))
                cloud = self._cloud_of(account, region)
                self._services[account, region] = Services(
                    A2I(
                        store,
                        cloud,
                        account,
                        region,
                        delay=self._delay,
                        human_loop_quota=self._human_loop_quota,
                    ),
                    Hosting(store, cloud, account, region),
                )
            return self._services[account, region]

    async def handle(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: Mapping[str, Any],
    ) -> Response:
        """Answer a request that MiniStack has authenticated and routed here."""
        request = permissions.read(method, path, headers, body)
        if refused := permissions.refusal(headers, query, request):
            return refused
        account = get_account_id()
        here = self._in(account, get_region())
        if endpoint := invoked_endpoint(method, path):
            invoke = partial(self._endpoints.invoke, endpoint, account, headers, body)
            if here.hosting.serves(endpoint):
                invoke = partial(here.hosting.invoke, endpoint, headers, body)
            return await asyncio.get_running_loop().run_in_executor(self._for_models, invoke)
        # In a thread, because the service calls S3 and Cognito, which this event loop serves.
        service = here.hosting if here.hosting.has(request.operation or "") else here.a2i
        status, answered, answer = await asyncio.to_thread(
            api.handle, service, method, path, headers, body, query
        )
        # MiniStack corrects a Content-Type to that of the control plane, unless in lower case.
        return status, {name.lower(): value for name, value in answered.items()}, answer

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call the SageMaker API as CloudFormation does, from one of its worker threads."""
        headers = {
            "x-amz-target": f"SageMaker.{operation}",
            "content-type": "application/x-amz-json-1.1",
        }
        here = self._in(get_account_id(), get_region())
        service = here.hosting if here.hosting.has(operation) else here.a2i
        status, _, body = api.handle(
            service, "POST", "/", headers, json.dumps(request).encode(), {}
        )
        answer: dict[str, Any] = json.loads(body or b"{}")
        if status >= 400:
            raise ServiceError(answer["__type"], answer["Message"])
        return answer

    async def run(self) -> None:
        """Do what is due, in every account and Region, until `stop`."""
        # Each by itself: a model that is long in loading holds up no human loop.
        human_loops: dict[tuple[str, str], asyncio.Task[None]] = {}
        models: dict[tuple[str, str], asyncio.Task[None]] = {}
        while not self._stopped.is_set():
            for where, (a2i, hosting) in list(self._services.items()):
                if where not in human_loops:
                    human_loops[where] = self._started(a2i.advance, None)
                    models[where] = self._started(hosting.advance, self._for_models)
            await self._pause()
        await asyncio.gather(*human_loops.values())
        for loading in models.values():
            loading.cancel()  # a model that is not loaded yet is loaded at the next start

    def _started(
        self, advance: Callable[[], None], threads: ThreadPoolExecutor | None
    ) -> asyncio.Task[None]:
        return asyncio.create_task(self._do_what_is_due(advance, threads))

    async def _do_what_is_due(
        self, advance: Callable[[], None], threads: ThreadPoolExecutor | None
    ) -> None:
        """Do it again and again, also when it has failed; the same failure is logged once."""
        told = ""
        while not self._stopped.is_set():
            advancing = asyncio.get_running_loop().run_in_executor(threads, advance)
            [error] = await asyncio.gather(advancing, return_exceptions=True)
            if isinstance(error, BaseException) and repr(error) != told:
                _log.error("due work failed, and is tried again", exc_info=error)
            told = repr(error)
            await self._pause()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), ADVANCE_EVERY)
        except TimeoutError:
            return

    def stop(self) -> None:
        """Let `run` end once the work in hand is done, but for models that load."""
        self._stopped.set()
