"""The same local cloud, deployed and left running for a person to try."""

import json

from rich.console import Console

import localcloud
from demo import aws
from demo.account import create_reviewer
from demo.deployment import deploy
from demo.run import ROOT, recordings
from demo.scenario import Item, Scenario, find_scenario
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Settings
from localcloud.address import StateDirectory

STATE = ROOT / "build" / "localcloud"
_SECONDS = 60
_REVIEWERS = ("reviewer@example.com", "second-reviewer@example.com", "third-reviewer@example.com")
_ANY_ITEM = "an input, as text or JSON"


class NotRunningError(Exception):
    """There is no local cloud to send anything to."""


def up(workflow: str, port: int, console: Console) -> None:
    """Start the local cloud in the background, deploy ``workflow``, print what to do next.

    :param port: the port for the AWS endpoint; the next free one when it is taken.
    :raises demo.deployment.DeploymentError: when the CDK CLI fails; the cloud goes on running.
    """
    scenario = find_scenario(workflow)
    with console.status("local cloud …"):
        cloud = localcloud.start(Settings(port=port, state=STATE, recordings=recordings(workflow)))
    console.print(f"local cloud    {cloud.endpoint_url}", highlight=False)
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
        f"Send an item:       {_command(workflow)}, where TEXT is\n"
        f"                    {_takes(scenario)}\n"
        'Use any AWS client: eval "$(make -s env)", then for example npx cdk diff\n'
        "Stop it all:        make down",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def send(workflow: str, text: str, console: Console) -> None:
    """Put what ``text`` says on the triage queue of the running local cloud.

    :param text: an item in JSON, or what the workflow's scenario makes an item of.
    :raises NotRunningError: when :func:`up` was not called before.
    :raises demo.scenario.UnusableTextError: when the scenario cannot make an item of the text.
    """
    cloud = StateDirectory(STATE).address()
    if cloud is None:
        raise NotRunningError("no local cloud runs here: start it with make up")
    deployed = DeployedWorkflow(aws.session(cloud), workflow)
    item = _item(text, deployed)
    accepted, asked = deployed.keys("accepted"), deployed.human_loops()
    refused = deployed.refused()
    deployed.send([item])
    with console.status("triage …"):
        wait_for(
            "triage to route the item",
            lambda: bool(deployed.routed() - accepted - asked) or deployed.refused() > refused,
            _SECONDS,
        )
    if deployed.human_loops() - asked:
        where = f"went to a person: {cloud.portal_url}"
    elif deployed.keys("accepted") - accepted:
        where = "was accepted without a person"
    else:
        where = f"was refused: the reason is on it in {deployed.dead_letter_queue_url}"
    console.print(f"{text} {where}", highlight=False, markup=False, soft_wrap=True)


def how_to_send(workflow: str) -> str:
    """What ``make send`` takes for ``workflow``."""
    return (
        f"{_command(workflow)}, where TEXT is\n"
        f"  {_takes(find_scenario(workflow))}\n"
        '  or a whole item:  TEXT=\'{"id": "order-1", "input": …, '
        '"prediction": {"label": …, "confidence": 0.5}}\''
    )


def _item(text: str, deployed: DeployedWorkflow) -> Item:
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if isinstance(value, dict) and "input" in value:
        return value
    scenario = find_scenario(deployed.name)
    return scenario.item(text, deployed) if scenario else {"input": value}


def _command(workflow: str) -> str:
    which = "" if workflow == "sentiment" else f"WORKFLOW={workflow} "
    return f'make send {which}TEXT="…"'


def _takes(scenario: Scenario | None) -> str:
    return scenario.takes if scenario else _ANY_ITEM
