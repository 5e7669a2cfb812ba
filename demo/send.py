"""One item of a person's own, sent to a workflow that runs."""

import json

from rich.console import Console

from demo import aws
from demo.scenario import Item, find_scenario
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from human_review import WorkflowSpec
from localcloud import Address
from localcloud.environment import CHECKOUT

_SECONDS = 60
_PREDICTED = '{"input": …, "prediction": {"label": …, "confidence": 0.5}}'


class RefusedError(Exception):
    """Triage cannot use an item; the message says why."""


def send(cloud: Address, workflow: str, text: str, console: Console) -> None:
    """Put what ``text`` says on the triage queue, and say where triage sent it.

    :param text: an item in JSON, or what the workflow's scenario makes an item of.
    :raises demo.workflow.NotDeployedError: when the workflow is not deployed.
    :raises demo.scenario.UnusableTextError: when the scenario cannot make an item of the text.
    :raises RefusedError: when triage cannot use the item.
    """
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
        raise RefusedError(f"triage refused {text}\n{deployed.why_refused(item)}")
    console.print(f"“{text}” {where}", highlight=False, markup=False, soft_wrap=True)


def how_to_send(workflow: str) -> str:
    """What ``make send`` takes for ``workflow``."""
    lines = [f"{command(workflow)}, where TEXT is", f"  {takes(workflow)}"]
    if find_scenario(workflow):
        lines += ["  or a whole item, with an id if you like:", f"  {_whole_item(workflow)}"]
    return "\n".join(lines)


def command(workflow: str) -> str:
    """The command that sends an item to ``workflow``."""
    which = "" if workflow == "sentiment" else f"WORKFLOW={workflow} "
    return f"make send {which}TEXT='…'"


def takes(workflow: str) -> str:
    """What TEXT is for ``workflow``, as an example of it."""
    scenario = find_scenario(workflow)
    return scenario.takes if scenario else f"an item: {_whole_item(workflow)}"


def _whole_item(workflow: str) -> str:
    spec = WorkflowSpec.from_folder(CHECKOUT / "workflows" / workflow)
    if spec.request_source:
        return '{"input": {"bucket": …, "key": …}}'
    return '{"input": …}' if spec.model else _PREDICTED


def _item(text: str, deployed: DeployedWorkflow) -> Item:
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if isinstance(value, dict) and "input" in value:
        return value
    scenario = find_scenario(deployed.name)
    return scenario.item(text, deployed) if scenario else {"input": value}
