"""A web server for ASGI applications, in a thread, for as long as a test lasts."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from hypercorn.asyncio import serve
from hypercorn.config import Config


def listening_socket() -> socket.socket:
    """A socket on a free port of this machine, which nobody else can take any more."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening


@contextmanager
def served(*apps: tuple[Any, socket.socket]) -> Iterator[None]:
    """Answer requests to each application at its socket."""
    stop = threading.Event()
    ports = [listening.getsockname()[1] for _, listening in apps]
    thread = threading.Thread(target=lambda: asyncio.run(_serve(apps, stop)), daemon=True)
    thread.start()
    for port in ports:
        # The socket listens already, so this waits until the server answers.
        httpx.get(f"http://127.0.0.1:{port}/static/", timeout=20)
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive(), "the server did not stop"


async def _serve(apps: tuple[tuple[Any, socket.socket], ...], stop: threading.Event) -> None:
    async def stopped() -> None:
        await asyncio.to_thread(stop.wait)

    async with asyncio.TaskGroup() as group:
        for app, listening in apps:
            config = Config()
            config.bind = [f"fd://{listening.detach()}"]
            config.graceful_timeout = 1
            config.accesslog = config.errorlog = None
            group.create_task(serve(app, config, shutdown_trigger=stopped))
