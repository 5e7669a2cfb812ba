"""The ASGI application of the local cloud: MiniStack with SageMaker mounted, and the portal.

Import it only with the server's environment in place: MiniStack reads it at import.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from ministack import app as ministack
from ministack.core import lambda_runtime
from starlette.types import Receive, Scope, Send

from localcloud import rekognition, textract
from localcloud.a2i.portal import create_app
from localcloud.address import Address, StateDirectory
from localcloud.ai_service import AiService
from localcloud.cloudformation import resource_types
from localcloud.endpoints import Endpoints
from localcloud.lifespan import Lifespan, acknowledge
from localcloud.ministack_cloud import MiniStackCloud
from localcloud.mount import mount
from localcloud.recordings import Recordings
from localcloud.sagemaker import SageMaker
from localcloud.settings import Settings
from localcloud.wire import Handler

# What Cognito's user pool domain serves. On the portal's port a browser shows no warning.
_SIGN_IN_PATHS = ("/oauth2/authorize", "/oauth2/login", "/oauth2/token", "/login")
_KEYS = ("/.well-known/jwks.json", "/.well-known/openid-configuration")


class Application:
    """Everything that the local cloud's two ports answer."""

    def __init__(self, settings: Settings, state: StateDirectory, address: Address) -> None:
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._ministack = Lifespan(ministack.app)
        self._endpoints = Endpoints(settings.endpoints)
        self._sagemaker = SageMaker(
            self._cloud,
            _databases(settings, state),
            self._endpoints,
            human_loop_quota=settings.human_loop_quota,
            delay=settings.delay,
        )
        mount(
            {"sagemaker": self._sagemaker.handle, **self._ai_services(settings)},
            resource_types(self._sagemaker.call),
        )
        # The Region's own A2I is there from the start: work kept from the last run may be due.
        self._sagemaker.a2i(address.account, address.region)
        self._portal = create_app(
            lambda: self._sagemaker.a2i(address.account, address.region),
            self._cloud(address.account, address.region),
        )
        self._due_work: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection: by its port, and on the portal's port by its path."""
        if scope["type"] == "lifespan":
            await acknowledge(receive, send)
        elif scope["scheme"] in ("https", "wss") or _is_sign_in(scope):
            await ministack.app(scope, receive, send)
        elif _is_presigned(scope):
            await ministack.app(self._as_over_tls(scope), receive, send)
        else:
            await self._portal(scope, receive, send)

    async def start(self) -> None:
        """Load what was kept, and begin with what is due."""
        await self._ministack.startup()
        self._endpoints.load()
        self._due_work = asyncio.create_task(self._sagemaker.run())

    async def stop(self) -> None:
        """End what is due, keep what is to be kept, and end the functions' processes."""
        if self._due_work:
            self._sagemaker.stop()
            await self._due_work
        await self._ministack.shutdown()
        lambda_runtime.reset()

    def _as_over_tls(self, scope: Scope) -> Scope:
        """The request as the TLS port would have got it: that is the host it is signed for.

        Loopback counts as TLS here, so that a bucket policy that asks for TLS lets it through.
        """
        host = f"127.0.0.1:{self._address.port}".encode()
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        return {**scope, "scheme": "https", "headers": [(b"host", host), *others]}

    def _ai_services(self, settings: Settings) -> dict[str, Handler]:
        recordings = Recordings(settings.recordings)
        return {
            operation.service: AiService(
                operation, recordings, self._cloud, self._sagemaker.a2i
            ).handle
            for operation in (rekognition.DETECT, textract.ANALYZE)
        }

    def _cloud(self, account: str, region: str) -> MiniStackCloud:
        return MiniStackCloud(self._address, account, region, self._on_event_loop)

    def _on_event_loop(self, function: Callable[[], Any]) -> Any:
        """Run ``function`` on the event loop, from another thread, and wait for its result."""

        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()


def _is_sign_in(scope: Scope) -> bool:
    path: str = scope["path"]
    # The portal and the user pool both have a /logout; the pool's always says where to go next.
    is_logout = path == "/logout" and b"logout_uri=" in scope["query_string"]
    return is_logout or path in _SIGN_IN_PATHS or path.endswith(_KEYS)


def _is_presigned(scope: Scope) -> bool:
    """Whether the request is for what a task page shows: an object, by a presigned URL."""
    return scope.get("method") == "GET" and b"X-Amz-Signature=" in scope["query_string"]


def _databases(settings: Settings, state: StateDirectory) -> Callable[[str, str], str]:
    """Where A2I keeps its state in an account and Region."""
    if not settings.persist:
        return lambda _account, _region: ":memory:"
    state.data.mkdir(parents=True, exist_ok=True)
    return lambda account, region: str(state.data / f"a2i-{account}-{region}.sqlite3")
