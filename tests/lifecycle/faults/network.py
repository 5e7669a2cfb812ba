"""What is between the functions and AWS: microburst, which fails where it is told to.

https://github.com/pingedbrain/microburst
"""

import asyncio
import logging
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import aiohttp
from aiohttp import web
from microburst.core.context import RequestContext  # type: ignore[import-untyped]  # it has none
from microburst.core.pipeline import Microburst  # type: ignore[import-untyped]  # it has none
from microburst.detection import match_rest_operation  # type: ignore[import-untyped]  # it has none
from yarl import URL

from localcloud import Address

# The clients of all functions wait 15 seconds for an answer, so they must survive this; a quarter
# of a second is as good as fourteen to show that, and hundreds of cases are over sooner.
SLOW_MILLISECONDS = 250

_LOST = "x-lost"
_QUERY_ERROR = "x-amzn-query-error"
_THROTTLED = "ThrottlingException;Sender"
# In microburst's words; codes and statuses are those that AWS has.
FAULTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "throttled": {"error": {"code": "ThrottlingException", "status": 400}},
        "500": {"error": {"code": "InternalFailure", "status": 500}},
        "503": {"error": {"code": "ServiceUnavailable", "status": 503}},
        "reset": {"reset": True},
        # AWS does what it is asked, and its answer is lost.
        "unheard": {"response": {"set_headers": {_LOST: "yes"}}},
        "slow": {"latency": SLOW_MILLISECONDS},
    }
)
_FIRST_ATTEMPT = {"amz-sdk-request": "attempt=1"}
_ANYTHING = {"service": "*"}
# They sign as sagemaker, so that is what microburst takes them for.
_SIGNED_AS_SAGEMAKER = ("sagemaker-a2i-runtime", "sagemaker-runtime")


@dataclass(frozen=True)
class Call:
    """The nth call of one operation in the course of a change.

    :param step: counts from 1; the attempts that an SDK makes of a call are one call.
    """

    service: str
    operation: str
    step: int = 1

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}, call {self.step}"


class Network:
    """The way from the functions to the local cloud.

    :ivar url: what a function has to take for AWS.
    """

    def __init__(self, cloud: Address) -> None:
        self._cloud = cloud
        self._burst = Microburst(cloud.endpoint_url, resign=False)
        # A request is signed with the host that it was sent to, and by the function's own role.
        outbound: Any = self._burst.upstream._outbound_headers
        self._burst.upstream._outbound_headers = lambda request: {
            **outbound(request),
            "host": request.headers["Host"],
        }
        self._burst.upstream.base_url = _Signed(self._burst.upstream.base_url)
        decide: Any = self._burst.engine.decide
        self._burst.engine.decide = lambda request: decide(_named(request))
        self.url = ""
        self.heal()

    def fail(self, fault: str, call: Call, *, attempts: int | None) -> None:
        """Fail at ``call`` and, if that goes on, at all later ones of its operation.

        :param attempts: how often; None for always.
        """
        operation = {"service": call.service, "operation": call.operation}
        rule: dict[str, Any] = {**operation, **FAULTS[fault]}
        if attempts is not None:
            rule["times"] = attempts
        before = {**operation, "headers": _FIRST_ATTEMPT, "times": call.step - 1}
        self._burst.fired.clear()
        skipped = [before] if call.step > 1 else []
        rules = self._burst.engine.set_rules([*skipped, rule, _ANYTHING])
        self._failing = rules[len(skipped)].id

    def heal(self) -> None:
        """Let everything through, and forget what came."""
        self._burst.fired.clear()
        self._burst.engine.set_rules([_ANYTHING])
        self._failing = 0

    @property
    def faults(self) -> int:
        """How often it has failed since it was told to."""
        return sum(event.rule_id == self._failing for event in self._burst.fired)

    @property
    def calls(self) -> list[Call]:
        """What came since it was healed: of each operation, the first call and the last."""
        counts = Counter((event.service, event.operation) for event in self._burst.fired)
        return [Call(*name, step) for name, last in counts.items() for step in sorted({1, last})]

    async def serve(self, ready: threading.Event, stopped: asyncio.Event) -> None:
        """Carry requests until ``stopped``."""
        trust = ssl.create_default_context(cafile=self._cloud.ca)
        connector = aiohttp.TCPConnector(ssl=trust, limit=0)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
            self._burst.upstream.session = session
            app = web.Application(client_max_size=0)
            app.on_response_prepare.append(_correct)
            app.router.add_route("*", "/{path:.*}", self._burst.handle_proxy)
            # Its handlers cannot write to the connections that faults have closed.
            logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            # A host with a dot is looked up among the endpoints of all services that botocore
            # knows: to read them takes longer than a function waits for its first answer.
            self.url = f"http://localhost:{runner.addresses[0][1]}"
            ready.set()
            await stopped.wait()
            await runner.cleanup()


class _Signed(str):
    """An address, below which paths are as they were signed: %3A is no colon."""

    __slots__ = ()

    def __add__(self, path: str) -> URL:  # type: ignore[override]  # what aiohttp leaves alone
        return URL(f"{self}{path}", encoded=True)


@contextmanager
def network(cloud: Address) -> Iterator[Network]:
    """A network in a thread of its own, until the block ends."""
    way, ready = Network(cloud), threading.Event()
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[way.serve(ready, stopped)])
    thread.start()
    try:
        assert ready.wait(10), "the proxy did not start"
        yield way
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(10)
        loop.close()


async def _correct(request: web.Request, response: web.StreamResponse) -> None:
    """Give an injected answer what microburst has no words for."""
    code = response.headers.get(_QUERY_ERROR, "")
    if code.endswith(_THROTTLED):
        response.headers[_QUERY_ERROR] = _THROTTLED  # what is common to all has no name space
    if _LOST in response.headers and request.transport is not None:
        request.transport.abort()


def _named(request: RequestContext) -> RequestContext:
    """The request with the service and the operation that its path names."""
    if request.service == "sagemaker" and request.operation is None:
        for service in _SIGNED_AS_SAGEMAKER:
            operation = match_rest_operation(
                service, request.method, request.path, request.query, request.headers, request.body
            )
            if operation is not None:
                request.service, request.operation = service, operation
                request.protocol = "rest-json"
    return request
