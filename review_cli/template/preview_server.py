"""Serves the preview of a page on this machine."""

import asyncio
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from hypercorn.asyncio import serve
from hypercorn.config import Config

from localcloud.ports import HOST, listen
from review_cli.connection import CannotLookError
from review_cli.template.preview_app import create_app
from review_cli.template.source import PageSource


def run(page: PageSource, first: str | None, port: int, *, open_browser: bool) -> None:
    """Serve the preview until it is interrupted."""
    with _listening(port) as listener:
        url = _url(listener)
        typer.echo(f"{page.name}: {url}")
        typer.echo("It follows what you save. Ctrl+C ends it.")
        if open_browser:
            webbrowser.open(url)
        asyncio.run(_serve(page, first, listener, ends=(signal.SIGINT, signal.SIGTERM)))


@contextmanager
def served(page: PageSource, first: str | None, port: int = 0) -> Iterator[str]:
    """Serve the preview beside what runs in the block, which is given its address."""
    with _listening(port) as listener:
        loop = asyncio.new_event_loop()
        stopping = asyncio.Event()

        def serve_in_thread() -> None:
            loop.run_until_complete(_serve(page, first, listener, stopping=stopping))

        thread = threading.Thread(target=serve_in_thread)
        thread.start()
        try:
            yield _url(listener)
        finally:
            loop.call_soon_threadsafe(stopping.set)
            thread.join()
            loop.close()


async def _serve(
    page: PageSource,
    first: str | None,
    listener: socket.socket,
    *,
    stopping: asyncio.Event | None = None,
    ends: tuple[signal.Signals, ...] = (),
) -> None:
    stopping = stopping or asyncio.Event()
    for each in ends:
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    config = Config()
    config.bind = [f"fd://{os.dup(listener.fileno())}"]  # the server closes its own
    config.accesslog = config.errorlog = None
    config.graceful_timeout = 1

    async def stopped() -> None:
        await stopping.wait()

    app = create_app(page, first, stopping)
    await serve(app, config, shutdown_trigger=stopped)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket on the port, or on one of the next that is free."""
    try:
        listener = listen(port)
    except OSError as error:
        raise CannotLookError(
            f"There is {error.strerror}.", "Name another port with --port."
        ) from error
    with listener:
        yield listener


def _url(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}/"
