"""What triage, collect and reconcile do, each item of it."""

import json
from abc import abstractmethod
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Any

import boto3

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from tests.lifecycle.account import Account, label_versions
from tests.lifecycle.faults.functions import FunctionError, Functions
from tests.lifecycle.faults.matrix import Change

STACK_ID = "arn:aws:cloudformation:us-east-1:000000000000:stack/Reconciled/0"
_numbers = count(1)
_ANSWER = {
    "acceptanceTime": "2026-01-01T00:00:10.000Z",
    "answerContent": {"sentiment": {"label": 1}},
    "submissionTime": "2026-01-01T00:00:22.300Z",
    "timeSpentInSeconds": 12.3,
    "workerId": "somebody",
    "workerMetadata": {},
}


class Messages(Change):
    """Messages of a queue; those that the function could not use are delivered again.

    :param name: the function's.
    """

    def __init__(self, functions: Functions, name: str) -> None:
        self._functions = functions
        self._name = name
        self._bodies: dict[str, str] = {}

    def deliver(self, bodies: dict[str, str]) -> dict[str, str]:
        """Have the function take messages; those that stay in the queue."""
        records = [{"messageId": id_, "body": body} for id_, body in bodies.items()]
        try:
            answer = self._functions.invoke(self._name, {"Records": records})
        except FunctionError as error:
            self.error = str(error)
            return bodies
        left = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        return {id_: body for id_, body in bodies.items() if id_ in left}

    def make(self) -> bool:
        self._left = self.deliver(self._bodies)
        return not self._left

    def leftovers(self, is_done: bool) -> Iterator[str]:
        left = self.deliver(self._left) if self._left else {}
        if left:
            yield f"{sorted(left)} cannot be handled"
        yield from self.lost()

    @abstractmethod
    def lost(self) -> Iterator[str]:
        """Say which message did not end where it must."""


class Triage(Messages):
    """An item to accept, one to ask about, one that was asked about before, one to refuse."""

    def __init__(
        self, session: boto3.Session, functions: Functions, name: str, workflow: DeployedWorkflow
    ) -> None:
        super().__init__(functions, name)
        self._account = Account(session)
        self._s3 = session.client("s3")
        self._sqs = session.client("sqs")
        self._workflow = workflow

    def begin(self) -> None:
        self._number = next(_numbers)
        asked_before = self._item("before", "It is okay")
        assert self.deliver({"before": asked_before}) == {}
        self._bodies = {
            "sure": self._item("sure", "I enjoy this product"),
            "unsure": self._item("unsure", "It is okay"),
            "before": asked_before,
            "refused": f"no item {self._number}",
        }

    def lost(self) -> Iterator[str]:
        if not self._there(f"accepted/{_digest(self._id('sure'))}.json"):
            yield "an accepted item has no record"
        for kind in ("unsure", "before"):
            loop = f"sentiment-{_digest(self._id(kind))}-1"
            if not self._there(f"requests/{loop}.json"):
                yield "an item that is asked about has no request"
            if self._account.human_loop_status(loop) != "InProgress":
                yield "an item is not asked about"
        if self._bodies["refused"] not in self._refused():
            yield "a refused item is not kept"

    def end(self) -> None:
        for kind in ("unsure", "before"):
            loop = f"sentiment-{_digest(self._id(kind))}-1"
            self._account.loops.stop_human_loop(HumanLoopName=loop)

    def _id(self, kind: str) -> str:
        return f"{kind} {self._number}"

    def _item(self, kind: str, text: str) -> str:
        return json.dumps({"id": self._id(kind), "input": text})

    def _there(self, key: str) -> bool:
        found = self._s3.list_objects_v2(Bucket=self._workflow.bucket_name, Prefix=key)
        return found["KeyCount"] == 1

    def _refused(self) -> set[str]:
        """What is in the dead-letter queue, which is empty then."""
        bodies: set[str] = set()
        queue = self._workflow.dead_letter_queue_url
        while messages := self._sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                bodies.add(message["Body"])
                self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies


class FirstTriage(Triage):
    """The same with a function that has just started, and so has to look for the pointer."""

    def begin(self) -> None:
        super().begin()
        self._warm = self._name
        deployed = self._name.partition(":")[0]
        self._name = self._functions.redirected(deployed, STARTED=str(self._number))

    def end(self) -> None:
        self._functions.discard(self._name)
        self._name = self._warm
        super().end()


class Collect(Messages):
    """The end of a loop, as EventBridge tells it."""

    def __init__(
        self, session: boto3.Session, functions: Functions, name: str, workflow: DeployedWorkflow
    ) -> None:
        super().__init__(functions, name)
        self._session = session
        self._s3 = session.client("s3")
        self._bucket = workflow.bucket_name
        account = Account(session)
        self._arn = account.flow_definition_arn(account.current("sentiment"))

    def begin(self) -> None:
        self._loop = f"sentiment-collected-{next(_numbers)}"
        request = {"taskObject": "?", "item": {"id": self._loop}, "prediction": None}
        output = {"inputContent": request, "humanAnswers": [_ANSWER]}
        key = f"a2i/{self._loop}/output.json"
        for at, content in ((f"requests/{self._loop}.json", request), (key, output)):
            self._s3.put_object(Bucket=self._bucket, Key=at, Body=json.dumps(content))
        detail = {
            "creationTime": "2026-01-01T00:00:00.000Z",
            "flowDefinitionArn": self._arn,
            "humanLoopName": self._loop,
            "humanLoopOutput": {"outputS3Uri": f"s3://{self._bucket}/{key}"},
            "humanLoopStatus": "Completed",
        }
        event = {"detail-type": "SageMaker A2I HumanLoop Status Change", "detail": detail}
        self._bodies = {self._loop: json.dumps(event)}

    def lost(self) -> Iterator[str]:
        key = f"labels/2026/01/01/{self._loop}.json"
        if label_versions(self._session, self._bucket).count(key) != 1:
            yield "there is not exactly one label record"
            return
        record = json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        if (record["item_id"], record["label"]) != (self._loop, 1):
            yield f"the label record is {record}"
        if record["template_sha256"] is None:
            yield "the label record does not know its page"


class Reconcile(Change):
    """A run of the reconciler, which looks at the flow definitions of a stack of its own.

    :param name: the function's.
    """

    def __init__(self, session: boto3.Session, functions: Functions, name: str) -> None:
        self._functions = functions
        self._name = name
        self.account = Account(session)
        model: Any = self.account.sagemaker.describe_flow_definition(
            FlowDefinitionName=self.account.current("sentiment")
        )
        self._content = {key: model[key] for key in ("HumanLoopConfig", "OutputConfig", "RoleArn")}

    def run(self) -> list[dict[str, Any]]:
        """Have the reconciler look; what it says of each flow definition."""
        found: list[dict[str, Any]] = self._functions.invoke(self._name, {})["flow_definitions"]
        return found

    def create(self, **tags: str) -> str:
        """Make a flow definition of the stack; its name."""
        name = f"sentiment--made{next(_numbers)}"
        given = {"human-review:stack-id": STACK_ID, **tags}
        self.account.sagemaker.create_flow_definition(
            FlowDefinitionName=name,
            Tags=[{"Key": key, "Value": value} for key, value in given.items()],
            **self._content,
        )
        wait_for(
            f"{name} to be Active",
            lambda: self.account.flow_definitions("sentiment")[name] == "Active",
            seconds=30,
        )
        return name


class Replay(Reconcile):
    """A loop has ended, and no event has brought that.

    :ivar loops: the names of all such loops.
    """

    def __init__(self, session: boto3.Session, functions: Functions, name: str) -> None:
        super().__init__(session, functions, name)
        self.loops: set[str] = set()
        self._arn = self.account.flow_definition_arn(self.create())

    def begin(self) -> None:
        loop = f"sentiment-unheard-{next(_numbers)}"
        self.loops.add(loop)
        self.account.loops.start_human_loop(
            HumanLoopName=loop,
            FlowDefinitionArn=self._arn,
            HumanLoopInput={"InputContent": '{"taskObject": "?"}'},
        )
        self.account.loops.stop_human_loop(HumanLoopName=loop)

    def make(self) -> bool:
        try:
            return any(it["replayed"] for it in self.run())
        except FunctionError as error:
            self.error = str(error)
            return False

    def leftovers(self, is_done: bool) -> Iterator[str]:
        """What is lost shows in the end, as the loops are collected meanwhile."""
        if not is_done:
            self.run()
        yield from ()


class Release(Reconcile):
    """Nobody needs a retired flow definition any longer."""

    def begin(self) -> None:
        self._retired = self.create(**{"human-review:retired-at": "2026-01-01T00:00:00+00:00"})

    def make(self) -> bool:
        try:
            self.run()
        except FunctionError as error:
            self.error = str(error)
            return False
        return self._is_gone()

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if not is_done:
            self.run()
        if not self._is_gone():
            yield "the retired flow definition stays"

    def _is_gone(self) -> bool:
        there = self.account.flow_definitions("sentiment")
        return there.get(self._retired, "Deleting") == "Deleting"


def _digest(item_id: str) -> str:
    return sha256(item_id.encode()).hexdigest()[:24]
