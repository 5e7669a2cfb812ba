"""The server process: one event loop, a TLS port for AWS and a plain port for the portal."""

import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

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

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = application.Application(settings, state, address, publish)
    await hypercorn_serve(app, config, shutdown_trigger=stop.wait)
    application.stop_functions()
    _end(state)


def _end(state: StateDirectory) -> None:
    """Leave at once: a custom resource may wait in its thread for another hour.

    Everything that is kept has been written by now.
    """
    state.unpublish()
    shutil.rmtree(state.temporary, ignore_errors=True)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


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
