"""Puts the app on the local cloud with the CDK CLI, as a user puts it on AWS."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_SECONDS = 420


class DeploymentError(Exception):
    """The CDK CLI failed; the message ends with what it last printed."""


def cdk(*arguments: str, environment: Mapping[str, str], log: Path) -> None:
    """Run the CDK CLI and add what it prints to ``log``.

    The app is synthesized beside ``log``, unless ``arguments`` say where: two may run at once.

    :param environment: the whole environment of the command.
    :raises DeploymentError: when it exits with anything but 0, or takes longer than 7 minutes.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if not {"--app", "--output"} & set(arguments):
        arguments = ("--output", str(log.parent / "cdk.out"), *arguments)
    with log.open("a", encoding="utf-8") as output:
        output.write(f"$ npx cdk {' '.join(arguments)}\n")
        output.flush()
        try:
            ended = subprocess.run(
                ["npx", "cdk", *arguments],
                cwd=_ROOT,
                env=dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DeploymentError(
                f"cdk {' '.join(arguments)} took over {_SECONDS} s; see {log}"
            ) from error
    if ended.returncode != 0:
        why = _why(log.read_text(encoding="utf-8"))
        raise DeploymentError(f"cdk exited with {ended.returncode}, see {log}:\n{why}")


def _why(printed: str) -> str:
    """What went wrong, of all that the CLI printed: failed resources, or else its last words."""
    _, found, failed = printed.rpartition("Failed resources:")
    return failed.strip().split("\n\n")[0] if found else "\n".join(printed.splitlines()[-15:])


def deploy(
    workflow: str, *, environment: Mapping[str, str], log: Path, workflows: Path | None = None
) -> None:
    """Bootstrap the local account and deploy the stacks of ``workflow``; of all, if it is ``*``.

    :param workflows: the folder of workflows. Default: the one that ``cdk.json`` names.
    """
    account, region = environment["CDK_DEFAULT_ACCOUNT"], environment["CDK_DEFAULT_REGION"]
    context = ["--context", f"human-review:workflows={workflows}"] if workflows else []
    cdk("bootstrap", f"aws://{account}/{region}", *context, environment=environment, log=log)
    cdk(
        "deploy",
        f"HumanReview-{workflow}",  # brings HumanReviewWorkforce, which it depends on
        "--require-approval=never",
        *context,
        environment=environment,
        log=log,
    )
