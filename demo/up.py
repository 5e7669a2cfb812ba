"""The same local cloud, deployed and left running for a person to try."""

from rich.console import Console

import localcloud
from demo import aws
from demo.account import create_reviewer
from demo.deployment import deploy
from demo.run import ROOT
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Settings
from localcloud.address import StateDirectory

STATE = ROOT / "build" / "localcloud"
_SECONDS = 60


class NotRunningError(Exception):
    """There is no local cloud to send anything to."""


def up(workflow: str, port: int, console: Console) -> None:
    """Start the local cloud in the background, deploy ``workflow``, print what to do next.

    :param port: the port for the AWS endpoint; the next free one when it is taken.
    :raises demo.deployment.DeploymentError: when the CDK CLI fails; the cloud goes on running.
    """
    model = ROOT / "workflows" / workflow / "model"
    with console.status("local cloud …"):
        cloud = localcloud.start(Settings(port=port, endpoints={workflow: model}, state=STATE))
    console.print(f"local cloud    {cloud.endpoint_url}", highlight=False)
    with console.status("cdk bootstrap, cdk deploy …"):
        deploy(workflow, environment=aws.environment(cloud), log=STATE / "cdk.log")
    account = create_reviewer(aws.session(cloud))
    console.print(
        f"worker portal  {cloud.portal_url}\n"
        f"sign in as     {account.username}\n"
        f"password       {account.temporary_password} (the portal asks for a new one)\n",
        highlight=False,
    )
    console.print(
        'Send a prediction:  make send TEXT="sometimes it works"\n'
        'Use any AWS client: eval "$(make -s env)", then for example npx cdk diff\n'
        "Stop it all:        make down",
        highlight=False,
    )


def send(workflow: str, text: str, console: Console) -> None:
    """Put ``text`` on the triage queue of the running local cloud.

    :raises NotRunningError: when :func:`up` was not called before.
    """
    cloud = StateDirectory(STATE).address()
    if cloud is None:
        raise NotRunningError("no local cloud runs here: start it with make up")
    deployed = DeployedWorkflow(aws.session(cloud), workflow)
    before = deployed.keys("requests") | deployed.keys("accepted")
    deployed.send([{"input": text}])
    with console.status("triage …"):
        wait_for(
            "triage to route the item",
            lambda: bool((deployed.keys("requests") | deployed.keys("accepted")) - before),
            _SECONDS,
        )
    asked = deployed.keys("requests") - before
    where = f"a person: {cloud.portal_url}" if asked else "accepted without a person"
    console.print(f"{text!r} went to {where}", highlight=False)
