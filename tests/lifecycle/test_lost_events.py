"""Events that never come, come twice or in another order, and a cloud that dies in the middle."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

import localcloud
from demo import aws
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Address, Settings
from tests.lifecycle.account import Account, label_versions
from tests.lifecycle.conftest import WORKFORCE, bootstrapped
from tests.lifecycle.crew import hire, working
from tests.lifecycle.workflow_folder import WorkflowFolder

NAME = "losing"
_PATTERN = {"detail-type": ["SageMaker A2I HumanLoop Status Change"]}


class MortalCloud:
    """A local cloud that keeps its state, with a workflow, to be killed and started again."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._process = ExitStack()
        self.address = self._started(Settings(state=state, persist=True))

    def stop(self) -> None:
        """Stop it as an operator does: MiniStack writes its own state only then."""
        self._process.close()

    def kill(self) -> None:
        """End it, with the functions that it runs, as a power cut does."""
        os.killpg(self.address.pid, signal.SIGKILL)
        self._process.close()

    def start_again(self) -> None:
        """Start it at the same address, as its queues' and functions' addresses say."""
        before = self.address
        ports = (before.port, before.portal_port)
        self.address = self._started(Settings(self._state, *ports, persist=True))
        assert (self.address.port, self.address.portal_port) == ports

    def _started(self, settings: Settings) -> Address:
        return self._process.enter_context(localcloud.running(settings))

    @property
    def session(self) -> boto3.Session:
        """The local account's root."""
        return aws.session(self.address)

    @property
    def account(self) -> Account:
        """What there is in the account."""
        return Account(self.session)

    @property
    def workflow(self) -> DeployedWorkflow:
        """The workflow that is deployed."""
        return DeployedWorkflow(self.session, NAME)


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalCloud]:
    """The cloud, with the workflow deployed and somebody hired."""
    cloud = MortalCloud(tmp_path_factory.mktemp("mortal"))
    try:
        folder = WorkflowFolder(tmp_path_factory.mktemp(NAME), NAME)
        folder.write(title="To be lost")
        app = bootstrapped(cloud.address, tmp_path_factory.mktemp("cdk"))
        app.deploy(WORKFORCE, folder.stack, context=folder.context)
        hire(cloud.session, "ivy")
        yield cloud
    finally:
        cloud.stop()


def test_what_no_event_brought_is_replayed_once(mortal: MortalCloud) -> None:
    account, workflow = mortal.account, mortal.workflow
    with _without_events(mortal):
        loops = account.triage(NAME, *(f"lost-{number}" for number in range(8)))
        _answer(mortal.address, account, 8)
        assert workflow.keys("labels") == set()

        [found] = account.reconcile(NAME).values()
        assert found["replayed"] == 8
        wait_for("8 labels", lambda: len(workflow.keys("labels")) == 8, seconds=60)
        [found] = account.reconcile(NAME).values()
    assert (found["open"], found["replayed"], found["deleted"]) == (0, 0, False)

    records = [record.content for record in workflow.records("labels")]
    assert {it["item_id"]: it["human_loop_name"] for it in records} == loops
    assert {it["label"] for it in records} == {"seen"}
    assert len(label_versions(mortal.session, workflow.bucket_name)) == 8


def test_what_no_event_brought_is_found_on_the_schedule(mortal: MortalCloud) -> None:
    account, workflow = mortal.account, mortal.workflow
    before = workflow.keys("labels")
    with _without_events(mortal):
        loops = account.triage(NAME, "scheduled")
        _answer(mortal.address, account, 1)
        assert workflow.keys("labels") == before

        with _every_minute(mortal):
            wait_for("the label", lambda: workflow.keys("labels") > before, seconds=75)

    [record] = [it.content for it in workflow.records("labels") if it.key not in before]
    assert {record["item_id"]: record["human_loop_name"]} == loops


def test_the_schedules_role_may_invoke_the_reconciler(mortal: MortalCloud) -> None:
    # The local cloud invokes the target without asking what the role may do.
    iam, target = mortal.session.client("iam"), _schedule(mortal)["Target"]
    role = iam.get_role(RoleName=target["RoleArn"].rpartition("/")[2])["Role"]
    trust: Any = role["AssumeRolePolicyDocument"]
    [answer] = iam.simulate_principal_policy(
        PolicySourceArn=role["Arn"],
        ActionNames=["lambda:InvokeFunction"],
        ResourceArns=[target["Arn"]],
    )["EvaluationResults"]

    account_id = role["Arn"].split(":")[4]
    assert trust["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
        }
    ]
    assert answer["EvalDecision"] == "allowed"


def test_events_that_come_twice_and_in_another_order_change_nothing(mortal: MortalCloud) -> None:
    account, workflow = mortal.account, mortal.workflow
    before = workflow.keys("labels")
    copies = _queue_of_copies(mortal.session)
    loops = account.triage(NAME, *(f"twice-{number}" for number in range(5)))
    _answer(mortal.address, account, 5)
    wait_for("5 labels", lambda: len(workflow.keys("labels") - before) == 5, seconds=60)
    labels = {record.key: record.line for record in workflow.records("labels")}

    events = _received(mortal.session, copies, len(loops))
    sqs = mortal.session.client("sqs")
    queue = _collect_queue(account)
    for event in [*reversed(events), *events]:
        sqs.send_message(QueueUrl=queue, MessageBody=event)
    wait_for("an empty queue", lambda: _waiting(mortal.session, queue) == 0, seconds=60)

    assert {record.key: record.line for record in workflow.records("labels")} == labels
    assert workflow.refused() == 0
    [found] = account.reconcile(NAME).values()
    assert found["replayed"] == 0


def test_open_loops_go_on_after_the_cloud_was_killed(mortal: MortalCloud) -> None:
    mortal.stop()
    mortal.start_again()
    account, workflow = mortal.account, mortal.workflow
    before = workflow.keys("labels")
    current = account.current(NAME)
    loops = account.triage(NAME, *(f"killed-{number}" for number in range(6)))
    with working(mortal.address.portal_url, "ivy@example.com") as worker:
        wait_for("a task", lambda: worker.take(current) is not None, seconds=30)
        opened = worker.take(current)
        assert opened is not None
        opened = worker.answer(opened, "before")
        assert opened is not None

        mortal.kill()

    mortal.start_again()
    account, workflow = mortal.account, mortal.workflow
    assert account.current(NAME) == current
    assert set(loops.values()) <= account.human_loops(current).keys()
    with working(mortal.address.portal_url, "ivy@example.com") as worker:
        # What was open still is, with the same person.
        assert worker.take(current) == opened
        worker.answer(opened, "held")
    _answer(mortal.address, account, 6)
    account.reconcile(NAME)  # an event may have been on its way

    wait_for("6 labels", lambda: len(workflow.keys("labels") - before) == 6, seconds=60)
    new = [it.content for it in workflow.records("labels") if it.key not in before]
    assert {it["item_id"]: it["human_loop_name"] for it in new} == loops
    assert sorted(it["label"] for it in new) == ["before", "held", "seen", "seen", "seen", "seen"]


@contextmanager
def _without_events(mortal: MortalCloud) -> Iterator[None]:
    """Lose every event of a loop's end."""
    rules, rule = mortal.session.client("events"), _resource(mortal, "WorkflowResultsLoopEnded")
    rules.disable_rule(Name=rule)
    try:
        yield
    finally:
        rules.enable_rule(Name=rule)


@contextmanager
def _every_minute(mortal: MortalCloud) -> Iterator[None]:
    """Have the schedule run so often, and all else of it as it was deployed."""
    scheduler, before = mortal.session.client("scheduler"), _schedule(mortal)
    scheduler.update_schedule(**before | {"ScheduleExpression": "rate(1 minute)"})
    try:
        yield
    finally:
        scheduler.update_schedule(**before)


def _schedule(mortal: MortalCloud) -> dict[str, Any]:
    """What UpdateSchedule has to be told of the reconciler's schedule for nothing to change."""
    scheduler: Any = mortal.session.client("scheduler")
    found = scheduler.get_schedule(Name=_resource(mortal, "WorkflowReconcilerSchedule"))
    kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target", "State", "Description")
    return {key: found[key] for key in kept}


def _resource(mortal: MortalCloud, plain_id: str) -> str:
    """The physical id of the workflow's resource with this logical id, but for CDK's hash."""
    resources = mortal.account.resources(f"HumanReview-{NAME}")
    [found] = [name for id_, name in resources.items() if id_[:-8] == plain_id]
    return found


def _answer(address: Address, account: Account, expected: int) -> None:
    """Answer all that is open, and wait until it has ended."""
    current = account.current(NAME)
    assert len(account.human_loops(current)) >= expected
    with working(address.portal_url, "ivy@example.com") as worker:

        def all_ended() -> bool:
            worker.answer_all(current)
            return account.open_loops(current) == 0

        wait_for("all loops to end", all_ended, seconds=60)


def _collect_queue(account: Account) -> str:
    """Where the ends of loops are collected from, as the reconciler knows it."""
    name = account.parameter(f"{NAME}/reconcile-function-name")
    configuration = account.lambda_.get_function_configuration(FunctionName=name)
    return configuration["Environment"]["Variables"]["COLLECT_QUEUE_URL"]


def _queue_of_copies(session: boto3.Session) -> str:
    """A queue that EventBridge brings every end of a loop to, as it does to the workflow's own."""
    sqs, events = session.client("sqs"), session.client("events")
    url = sqs.create_queue(QueueName="copies")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    events.put_rule(Name="copies", EventPattern=json.dumps(_PATTERN))
    events.put_targets(Rule="copies", Targets=[{"Id": "copies", "Arn": arn}])
    return url


def _received(session: boto3.Session, queue: str, count: int) -> list[str]:
    """The first ``count`` messages of a queue."""
    sqs = session.client("sqs")
    bodies: list[str] = []

    def all_here() -> bool:
        messages: list[Any] = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages", []
        )
        bodies.extend(message["Body"] for message in messages)
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return len(bodies) == count

    wait_for(f"{count} messages", all_here, seconds=60)
    return bodies


def _waiting(session: boto3.Session, queue: str) -> int:
    """How many messages wait in a queue or are being handled."""
    answer = session.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])
    visible = answer["Attributes"]["ApproximateNumberOfMessages"]
    return int(visible) + int(answer["Attributes"]["ApproximateNumberOfMessagesNotVisible"])
