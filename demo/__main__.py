"""What ``make demo``, ``make up`` and ``make send`` run."""

import argparse
import sys
from typing import NoReturn

from rich.console import Console

from demo.deployment import DeploymentError
from demo.reviewer import PortalError
from demo.run import ROOT, NoScenarioError, run
from demo.scenario import UnusableTextError
from demo.send import RefusedError, how_to_send, send
from demo.up import NotRunningError, RunsAlreadyError, running_cloud, up
from demo.workflow import NotDeployedError
from localcloud import AlreadyRunning, NotStarted

_EXPECTED = (
    AlreadyRunning,
    DeploymentError,
    NoScenarioError,
    NotDeployedError,
    NotRunningError,
    NotStarted,
    PortalError,
    RefusedError,
    RunsAlreadyError,
    TimeoutError,
    UnusableTextError,
)


def main() -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args()
    console = Console()
    try:
        match options.command:
            case "run":
                run(options.workflow, options.port, console)
            case "up":
                up(options.workflow, options.port, console)
            case "send":
                if not options.text:
                    print(how_to_send(options.workflow), file=sys.stderr)
                    return 2
                send(running_cloud(), options.workflow, options.text, console)
    except _EXPECTED as error:
        made = "demo" if options.command == "run" else options.command
        print(f"{made} failed: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m demo", description="Make's demo, up and send.")
    parser.add_argument("command", choices=["run", "up", "send"])
    parser.add_argument("text", nargs="?", help="send: the input to predict and perhaps review")
    parser.add_argument("--workflow", type=_workflow, default="sentiment", metavar="NAME")
    parser.add_argument(
        "--port", type=_port, default=4566, metavar="N", help="of the AWS APIs (default 4566)"
    )
    return parser


class _Parser(argparse.ArgumentParser):
    """Says what is wrong alone: whoever types ``make`` does not know this command's usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}\n")


def _workflow(name: str) -> str:
    there = sorted(path.parent.name for path in ROOT.glob("workflows/*/workflow.yaml"))
    if name not in there:
        raise argparse.ArgumentTypeError(
            f"workflows/ has no {name!r}; WORKFLOW may be {', '.join(there)}"
        )
    return name


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"PORT must be between 1 and 65535, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
