"""``python -m localcloud``: start, stop and look at the local cloud."""

import argparse
import shlex
import sys
from pathlib import Path

from localcloud import lifecycle
from localcloud.address import Address, AlreadyRunning, StateDirectory
from localcloud.environment import UNSET_BY_CLIENTS, client_environment
from localcloud.settings import (
    DEFAULT_DELAY,
    DEFAULT_PORT,
    DEFAULT_PORTAL_PORT,
    DEFAULT_REGION,
    DEFAULT_STATE,
    Settings,
)

NOT_RUNNING = 3
"""The exit status of ``status`` when nothing runs, as init scripts have it."""

DESCRIPTION = """\
An AWS for one machine: MiniStack with Amazon Augmented AI,
SageMaker endpoints and the worker portal, with IAM enforced.
Nothing it does reaches the real AWS."""

EPILOG = """\
example:
  python -m localcloud up --detach
  eval "$(python -m localcloud env)"
  npx cdk bootstrap && npx cdk deploy --all
  python -m localcloud down"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status is 0, or 1 when it was refused."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.command(given)
    except (AlreadyRunning, lifecycle.NotStarted, ValueError, OSError) as error:
        _say(f"localcloud: {error}", error=True)
        return 1
    return status


def up(given: argparse.Namespace) -> int:
    """Start the local cloud: in the foreground, or in the background with ``--detach``."""
    settings = Settings(
        state=given.state,
        port=given.port,
        portal_port=given.portal_port,
        region=given.region,
        endpoints=dict(given.endpoint),
        recordings=given.recordings,
        human_loop_quota=given.human_loop_quota,
        persist=given.persist,
        delay=given.delay,
    )
    _say("Starting the local cloud ...")
    if given.detach:
        _tell(lifecycle.start(settings), settings)
    else:
        from localcloud.server import serve  # only the server needs its packages

        serve(settings, lambda address: _tell(address, settings))
    return 0


def down(given: argparse.Namespace) -> int:
    """Stop the local cloud."""
    _say(lifecycle.stop(given.state) or _nothing_runs(given.state))
    return 0


def status(given: argparse.Namespace) -> int:
    """Say whether the local cloud runs, and where."""
    address = StateDirectory(given.state).address()
    if address is None:
        _say(_nothing_runs(given.state))
        return NOT_RUNNING
    if not lifecycle.answers(address):
        _say(f"Process {address.pid} runs and does not answer; see {_log(given.state)}")
        return 1
    _say(f"The local cloud runs (process {address.pid}, account {address.account}).")
    _say_where(address, given.state)
    return 0


def env(given: argparse.Namespace) -> int:
    """Print shell commands that point every AWS client at the local cloud."""
    address = StateDirectory(given.state).address()
    if address is None:
        _say(f"localcloud: {_nothing_runs(given.state)}", error=True)
        return 1
    _say(f"unset {' '.join(UNSET_BY_CLIENTS)}")
    for name, value in client_environment(address).items():
        _say(f"export {name}={shlex.quote(value)}")
    return 0


def _tell(address: Address, settings: Settings) -> None:
    for what, wanted, got in (
        ("Port", settings.port, address.port),
        ("Portal port", settings.portal_port, address.portal_port),
    ):
        if got != wanted:
            _say(f"{what} {wanted} is taken: using {got}.")
    _say(f"The local cloud is ready (process {address.pid}, account {address.account}).")
    _say_where(address, settings.state)


def _say_where(address: Address, state: Path) -> None:
    _say(f"  AWS APIs       {address.endpoint_url}  (region {address.region})")
    _say(f"  Worker portal  {address.portal_url}")
    _say(f"  Log            {_log(state)}")
    _say('  Use it with    eval "$(python -m localcloud env)"')


def _nothing_runs(state: Path) -> str:
    return f"no local cloud runs with the state directory {state}; start one with make up"


def _log(state: Path) -> Path:
    return StateDirectory(state).log


def _endpoint(argument: str) -> tuple[str, Path]:
    name, separator, directory = argument.partition("=")
    if not (name and separator and directory):
        raise argparse.ArgumentTypeError(f"expected NAME=DIR, got {argument!r}")
    return name, Path(directory)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localcloud",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_up(commands)
    for command, help_ in (
        (down, "stop it, and the functions it runs"),
        (status, f"say whether it runs, and where (exit status {NOT_RUNNING} when not)"),
        (env, "print the exports that point AWS clients at it"),
    ):
        _add(commands, command.__name__, help_).set_defaults(command=command)
    return parser


def _add_up(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _add(commands, "up", "start it")
    parser.set_defaults(command=up)
    _add_place(parser)
    _add_models(parser)
    _add_a2i(parser)
    parser.add_argument(
        "--persist", action="store_true", help="keep everything in the state directory"
    )
    parser.add_argument(
        "--detach", action="store_true", help="start in the background, and wait until it answers"
    )


def _add_place(parser: argparse.ArgumentParser) -> None:
    for flag, default, what in (
        ("--port", DEFAULT_PORT, "TLS port of all AWS APIs"),
        ("--portal-port", DEFAULT_PORTAL_PORT, "plain port of the worker portal"),
    ):
        help_ = f"{what} (default {default}; when taken, the next free one)"
        parser.add_argument(flag, type=int, default=default, metavar="N", help=help_)
    parser.add_argument(
        "--region",
        default=DEFAULT_REGION,
        help="Region whose workforce the portal serves (default %(default)s)",
    )


def _add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--endpoint",
        type=_endpoint,
        action="append",
        default=[],
        metavar="NAME=DIR",
        help="serve the model in DIR, with its inference.py, as the SageMaker endpoint NAME; "
        "may be repeated",
    )
    parser.add_argument(
        "--recordings",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="answer for Rekognition and Textract what is recorded in DIR; may be repeated",
    )


def _add_a2i(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--human-loop-quota",
        type=int,
        metavar="N",
        help="allow N human loops in progress at once (default any number)",
    )
    parser.add_argument(
        "--delay",
        type=float,
        default=DEFAULT_DELAY,
        metavar="SECONDS",
        help="how long a workforce or flow definition takes to become Active (default %(default)s)",
    )


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help_: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.")
    parser.add_argument(
        "--state",
        type=Path,
        default=DEFAULT_STATE,
        metavar="DIR",
        help="where it keeps its address, certificate, log and data (default %(default)s)",
    )
    return parser


def _say(line: str, *, error: bool = False) -> None:
    print(line, file=sys.stderr if error else sys.stdout, flush=True)
