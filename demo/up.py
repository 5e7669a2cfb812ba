"""The same local cloud, deployed and left running for a person to try."""

from rich.console import Console

import localcloud
from demo import aws
from demo.account import create_reviewer
from demo.deployment import deploy
from demo.run import ROOT, recordings
from demo.scenario import find_scenario
from demo.send import command, takes
from demo.workflow import DeployedWorkflow
from localcloud import Address, Settings
from localcloud.address import StateDirectory

STATE = ROOT / "build" / "localcloud"
_REVIEWERS = ("reviewer@example.com", "second-reviewer@example.com", "third-reviewer@example.com")


class NotRunningError(Exception):
    """There is no local cloud to send anything to."""


class RunsAlreadyError(Exception):
    """There is a local cloud that would be in the way."""


def running_cloud() -> Address:
    """The local cloud that :func:`up` started.

    :raises NotRunningError: when there is none.
    """
    cloud = StateDirectory(STATE).address()
    if cloud is None:
        raise NotRunningError("no local cloud runs here: start it with make up")
    return cloud


def up(workflow: str, port: int, console: Console) -> None:
    """Start the local cloud in the background, deploy ``workflow``, print what to do next.

    :param port: the port for the AWS endpoint; the next free one when it is taken.
    :raises RunsAlreadyError: when one was started before and not stopped.
    :raises demo.deployment.DeploymentError: when the CDK CLI fails; the cloud goes on running.
    """
    if runs := StateDirectory(STATE).address():
        raise RunsAlreadyError(
            f"a local cloud runs here already, with the worker portal {runs.portal_url}: "
            f"stop it first, with make down"
        )
    scenario = find_scenario(workflow)
    with console.status("local cloud …"):
        cloud = localcloud.start(Settings(port=port, state=STATE, recordings=recordings(workflow)))
    taken = "" if cloud.port == port else f" (port {port} is taken)"
    console.print(f"local cloud    {cloud.endpoint_url}{taken}", highlight=False)
    with console.status("cdk bootstrap, cdk deploy …"):
        deploy(workflow, environment=aws.environment(cloud), log=STATE / "cdk.log")
    session = aws.session(cloud)
    names = _REVIEWERS[: scenario.reviewers if scenario else 1]
    accounts = [create_reviewer(session, name) for name in names]
    if scenario:
        scenario.upload(DeployedWorkflow(session, workflow))
    console.print(
        f"worker portal  {cloud.portal_url}\n"
        f"sign in as     {', '.join(account.username for account in accounts)}\n"
        f"password       {accounts[0].temporary_password} (the portal asks for a new one)\n",
        highlight=False,
        soft_wrap=True,
    )
    console.print(
        f"Send an item:       {command(workflow)}, where TEXT is\n"
        f"                    {takes(workflow)}\n"
        'Use any AWS client: eval "$(make -s env)", then for example npx cdk diff\n'
        "Stop it all:        make down",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
