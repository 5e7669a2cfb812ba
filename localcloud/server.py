"""The server process: one event loop, a TLS port for AWS and a plain port for the portal."""

import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from localcloud.address import Address, StateDirectory
from localcloud.certificate import Certificate
from localcloud.environment import server_environment
from localcloud.ports import listen
from localcloud.settings import ACCOUNT, Settings


def serve(settings: Settings, ready: Callable[[Address], None]) -> None:
    """Run the local cloud until SIGINT or SIGTERM; the process ends with it.

    :param ready: called when it answers.
    """
    state = StateDirectory(settings.state)
    with state.held():
        api, portal = listen(settings.port), listen(settings.portal_port)
        certificate = Certificate.in_directory(state.certificate)
        address = Address(
            pid=os.getpid(),
            port=api.getsockname()[1],
            portal_port=portal.getsockname()[1],
            ca=str(certificate.ca),
            region=settings.region,
            account=ACCOUNT,
        )
        _clear(state.temporary)
        _log_to(state.log)
        environment = server_environment(settings, state, certificate, address, os.environ)
        os.environ.clear()
        os.environ.update(environment)

        def publish() -> None:
            state.publish(address)
            ready(address)

        config = _config(certificate, f"fd://{api.detach()}", f"fd://{portal.detach()}")
        asyncio.run(_serve(config, settings, state, address, publish))


async def _serve(
    config: Config,
    settings: Settings,
    state: StateDirectory,
    address: Address,
    publish: Callable[[], None],
) -> None:
    from localcloud import application  # MiniStack reads the environment when imported

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_unless_client_left)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    app = application.Application(settings, state, address)
    await app.start()
    serving = asyncio.create_task(hypercorn_serve(app, config, shutdown_trigger=_never))
    publish()
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await app.stop()
    if serving.done():
        serving.result()  # raises what ended it
    _end(state)


async def _never() -> None:
    await asyncio.Event().wait()


def _end(state: StateDirectory) -> None:
    """Leave at once, whoever is connected: a custom resource may wait here for another hour.

    Everything that is kept has been written by now.
    """
    state.unpublish()
    shutil.rmtree(state.temporary, ignore_errors=True)
    logging.shutdown()
    sys.stdout.flush()
    state.let_go()
    os._exit(0)


def _log_unless_client_left(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody caught, except that a client left without ending its TLS connection."""
    if not isinstance(context.get("exception"), TimeoutError):
        loop.default_exception_handler(context)


def _config(certificate: Certificate, api: str, portal: str) -> Config:
    config = Config()
    config.certfile, config.keyfile = str(certificate.chain), str(certificate.key)
    config.bind, config.insecure_bind = [api], [portal]
    config.keep_alive_timeout = 75
    config.errorlog = logging.getLogger("hypercorn.error")
    return config


def _log_to(path: Path) -> None:
    """Send all logging to ``path``. MiniStack leaves a logging that is set up as it is."""
    handler = logging.FileHandler(path, mode="w")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in ("botocore", "boto3", "urllib3", "httpx", "hypercorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _clear(directory: Path) -> None:
    """Make ``directory``, empty: what a killed server left there is of no use."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
