"""A page and a title are changed while 500 reviews wait, are being worked on and are answered."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import boto3
import pytest

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Address
from tests.lifecycle.account import Account, label_versions
from tests.lifecycle.cdk_app import CdkApp
from tests.lifecycle.crew import Worker, hire, working
from tests.lifecycle.workflow_folder import WorkflowFolder

LOOPS = 560
_BEFORE = 500
_BATCH = 20


@pytest.fixture
def noon(app: CdkApp, workforce: str, tmp_path: Path) -> WorkflowFolder:
    """A workflow that is deployed."""
    folder = WorkflowFolder(tmp_path, "noon")
    folder.write(title="Before")
    app.deploy(folder.stack, context=folder.context, options=("--exclusively",))
    return folder


@pytest.fixture
def crew(noon: WorkflowFolder, session: boto3.Session, cloud: Address) -> Iterator[list[Worker]]:
    """Five people at work."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(working(cloud.portal_url, username))
            for username in hire(session, "ann", "bob", "cid", "dot", "eve")
        ]


def test_500_reviews_outlive_a_change_of_their_page(
    noon: WorkflowFolder,
    app: CdkApp,
    account: Account,
    session: boto3.Session,
    crew: list[Worker],
) -> None:
    deployed = DeployedWorkflow(session, noon.name)
    items = [f"item-{number}" for number in range(LOOPS)]
    old = account.current(noon.name)
    loops = _ask(account, items[:_BEFORE])
    *holders, answering = crew
    opened = [_taken(holder, old) for holder in holders]
    assert account.open_loops(old) == _BEFORE

    noon.write(title="After", heading="What is it really?")
    with ThreadPoolExecutor() as threads:
        changing = threads.submit(
            app.deploy, noon.stack, context=noon.context, options=("--exclusively",)
        )
        answers = threads.submit(_answer_while, changing, answering, old)
        loops |= _ask_while(changing, account, items[_BEFORE : LOOPS - _BATCH])
        changing.result()
        answered_meanwhile = answers.result()

    new = account.current(noon.name)
    assert new != old
    assert account.flow_definitions(noon.name) == {old: "Active", new: "Active"}
    assert account.tags(old)["human-review:retired-because"] == "replaced by an update"
    # The function is warm: it knows the flow definition that it was told of before.
    late = _ask(account, [it for it in items if it not in loops])
    assert {_flow_definition(account, loop) for loop in late.values()} == {new}
    loops |= late
    assert 0 < answered_meanwhile < account.open_loops(old) + answered_meanwhile

    account.forget_grace(noon.name)
    found = account.reconcile(noon.name)
    assert found[old]["retired"] is True
    assert found[old]["open"] > 0
    assert not any(it["deleted"] for it in found.values())

    for holder, task in zip(holders, opened, strict=True):
        assert "What is it? input of item-" in holder.shown(task)
        holder.answer(task, "held")
    # A loop is shown when its page was tried once, so there may be more after the last one.
    wait_for("the last answer", lambda: _all_answered(account, crew, old, new), seconds=120)
    wait_for("all labels", lambda: len(deployed.keys("labels")) >= LOOPS, seconds=120)
    _nothing_lost_or_twice(deployed, session, loops)
    assert account.reconcile(noon.name)[old]["deleted"] is True
    wait_for("the old one's end", lambda: list(account.flow_definitions(noon.name)) == [new], 30)


def _ask(account: Account, items: list[str]) -> dict[str, str]:
    """Start a loop for each item, two batches at a time."""
    batches = [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
    with ThreadPoolExecutor(2) as threads:
        started = threads.map(lambda batch: account.triage("noon", *batch), batches)
        return {item: loop for batch in started for item, loop in batch.items()}


def _ask_while(changing: "Future[None]", account: Account, items: list[str]) -> dict[str, str]:
    """Start loops while the deployment goes on, one after the other."""
    started: dict[str, str] = {}
    for item in items:
        if changing.done():
            break
        started |= account.triage("noon", item)
    return started


def _answer_while(changing: "Future[None]", worker: Worker, flow_definition: str) -> int:
    """Answer one task after the other while the deployment goes on."""
    answered = 0
    task = worker.take(flow_definition)
    while task is not None and not changing.done():
        task = worker.answer(task, "meanwhile")
        answered += 1
    return answered


def _all_answered(account: Account, crew: list[Worker], *flow_definitions: str) -> bool:
    """Answer all that waits; whether nothing is open any longer."""
    with ThreadPoolExecutor() as threads:
        for name in flow_definitions:
            list(threads.map(lambda worker, name=name: worker.answer_all(name), crew))
    return not any(map(account.open_loops, flow_definitions))


def _taken(worker: Worker, flow_definition: str) -> str:
    task = worker.take(flow_definition)
    assert task is not None
    return task


def _flow_definition(account: Account, loop: str) -> str:
    described = account.loops.describe_human_loop(HumanLoopName=loop)
    return described["FlowDefinitionArn"].rpartition("/")[2]


def _nothing_lost_or_twice(
    deployed: DeployedWorkflow, session: boto3.Session, loops: dict[str, str]
) -> None:
    labels = [record.content for record in deployed.records("labels")]
    assert {label["item_id"]: label["human_loop_name"] for label in labels} == loops
    assert len(loops) == len(labels) == LOOPS
    assert {label["status"] for label in labels} == {"Completed"}
    assert {label["label"] for label in labels} == {"seen", "held", "meanwhile"}
    assert {label["input"] for label in labels} == {f"input of {item}" for item in loops}
    written = label_versions(session, deployed.bucket_name)
    assert len(written) == len(set(written)) == LOOPS
    assert deployed.refused() == 0
