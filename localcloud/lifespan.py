"""Startup and shutdown of an ASGI application, told when we say and not when the server does.

Hypercorn shuts its application down after the last connection, and waits half a minute for a
client that keeps its TLS connection open, as every SDK does.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Send


class Lifespan:
    """An application's lifespan.

    :param app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._answered: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Future[None] | None = None

    async def startup(self) -> None:
        """Start the application."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        self._task = asyncio.ensure_future(self._app(scope, self._told.get, self._answered.put))
        await self._tell("lifespan.startup")

    async def shutdown(self) -> None:
        """Shut the application down."""
        await self._tell("lifespan.shutdown")

    async def _tell(self, what: str) -> None:
        await self._told.put({"type": what})
        answer = await self._answered.get()
        if answer["type"] != f"{what}.complete":
            raise RuntimeError(f"{what} failed: {answer.get('message', 'no reason given')}")


async def acknowledge(receive: Receive, send: Send) -> None:
    """Answer a server that wants to start up and shut down, and do neither."""
    message: Message = {"type": ""}
    while message["type"] != "lifespan.shutdown":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
