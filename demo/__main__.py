"""``python -m demo``: what ``make demo`` and ``make up`` run."""

import argparse
import sys

from rich.console import Console

from demo.deployment import DeploymentError
from demo.reviewer import PortalError
from demo.run import ROOT, NoScenarioError, run
from demo.scenario import UnusableTextError
from demo.up import NotRunningError, how_to_send, send, up
from localcloud import AlreadyRunning, NotStarted

_EXPECTED = (
    AlreadyRunning,
    DeploymentError,
    NoScenarioError,
    NotRunningError,
    NotStarted,
    PortalError,
    TimeoutError,
    UnusableTextError,
)


def main() -> int:
    """Run the command and return its exit code."""
    workflows = sorted(path.parent.name for path in ROOT.glob("workflows/*/workflow.yaml"))
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("command", choices=["run", "up", "send"])
    parser.add_argument("text", nargs="?", help="send: the input to predict and perhaps review")
    parser.add_argument("--workflow", default="sentiment", choices=workflows)
    parser.add_argument("--port", type=int, default=4566, help="AWS endpoint (default 4566)")
    options = parser.parse_args()
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
                send(options.workflow, options.text, console)
    except _EXPECTED as error:
        print(f"{options.command} failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
