"""The whole chain on this machine: from an empty local cloud to labels in a file."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from rich.console import Console

import localcloud
from demo import aws
from demo.deployment import deploy
from demo.play import Play, shown, step
from demo.scenario import find_scenario
from demo.workflow import DeployedWorkflow
from localcloud import Settings

ROOT = Path(__file__).parents[1]
_OUTPUT = ROOT / "build" / "demo"


class NoScenarioError(Exception):
    """A workflow that nothing is known to be sent to."""


def run(workflow: str, port: int, console: Console) -> None:
    """Start a local cloud, deploy ``workflow``, play its scenario, print what came of each item.

    :param port: the port for the AWS endpoint; the next free one when it is taken.
    :raises NoScenarioError: when there is no ``demo/<workflow>.py``.
    :raises demo.deployment.DeploymentError: when the CDK CLI fails.
    :raises TimeoutError: when an item does not arrive where it should in time.
    """
    scenario = find_scenario(workflow)
    if scenario is None:
        raise NoScenarioError(
            f"the workflow {workflow} has no demo/{workflow.replace('-', '_')}.py that says what "
            f"to send; try it by hand with make up WORKFLOW={workflow}"
        )
    shutil.rmtree(_OUTPUT, ignore_errors=True)
    began = monotonic()
    settings = Settings(state=_OUTPUT / "localcloud", port=port, recordings=recordings(workflow))
    with ExitStack() as until_the_end:
        with step(console, "local cloud") as said:
            cloud = until_the_end.enter_context(localcloud.running(settings))
            said.append(f"{cloud.endpoint_url}, worker portal {cloud.portal_url}")
        with step(console, "deploy") as said:
            deploy(workflow, environment=aws.environment(cloud), log=_OUTPUT / "cdk.log")
            said.append(f"HumanReviewWorkforce, HumanReview-{workflow}")
        session = aws.session(cloud)
        items = Play(
            scenario,
            DeployedWorkflow(session, workflow),
            session,
            portal_url=cloud.portal_url,
            folder=_OUTPUT,
            console=console,
        ).run()
    labels = shown(_OUTPUT / "labels.jsonl")
    console.print(
        f"\n{items} items in {monotonic() - began:.0f} s; labels: {labels}",
        highlight=False,
        soft_wrap=True,
    )


def recordings(workflow: str) -> list[Path]:
    """Where answers of Rekognition and Textract for the workflow's examples may be recorded."""
    demo = ROOT / "workflows" / workflow / "demo"
    return [demo] if demo.is_dir() else []
