"""What triage, collect and reconcile do, each item of it."""

import json
from abc import abstractmethod
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Any

import boto3

from demo.moderation import SCENARIO as MODERATION
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
        self._inputs: dict[str, Any] = {
            "before": "It is okay",
            "sure": "I enjoy this product",
            "unsure": "It is okay",
        }

    def begin(self) -> None:
        self._number = next(_numbers)
        items = {kind: self._item(kind) for kind in self._inputs}
        assert self.deliver({"before": items["before"]}) == {}
        self._bodies = {**items, "refused": f"no item {self._number}"}

    def lost(self) -> Iterator[str]:
        """An item has one accepted record, written once, or one human loop; never both."""
        if (self._times_accepted("sure"), self._loop_status("sure")) != (1, "gone"):
            yield "there is not exactly one accepted record"
        for kind in ("unsure", "before"):
            if not self._versions(f"requests/{self._loop(kind)}.json"):
                yield "an item that is asked about has no request"
            if (self._times_accepted(kind), self._loop_status(kind)) != (0, "InProgress"):
                yield "there is not exactly one human loop"
        if self._bodies["refused"] not in self._refused():
            yield "a refused item is not kept"

    def end(self) -> None:
        for kind in self._inputs:
            if self._loop_status(kind) == "InProgress":
                self._account.loops.stop_human_loop(HumanLoopName=self._loop(kind))

    def _id(self, kind: str) -> str:
        return f"{kind} {self._number}"

    def _item(self, kind: str) -> str:
        return json.dumps({"id": self._id(kind), "input": self._inputs[kind]})

    def _loop(self, kind: str) -> str:
        workflow = self._workflow
        return f"{workflow.name}-{_digest(f'{workflow.bucket_name}/{self._id(kind)}')}-1"

    def _loop_status(self, kind: str) -> str:
        return self._account.human_loop_status(self._loop(kind))

    def _times_accepted(self, kind: str) -> int:
        return self._versions(f"accepted/{_digest(self._id(kind))}.json")

    def _versions(self, key: str) -> int:
        """How often an object was written."""
        found = self._s3.list_object_versions(Bucket=self._workflow.bucket_name, Prefix=key)
        return len(found.get("Versions", []))

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


class BuiltInTriage(Triage):
    """The same with images, about which Amazon Rekognition asks a person itself."""

    def __init__(
        self, session: boto3.Session, functions: Functions, name: str, workflow: DeployedWorkflow
    ) -> None:
        super().__init__(session, functions, name, workflow)
        MODERATION.upload(workflow)
        of = {item["id"]: item["input"] for item in MODERATION.items(workflow)}
        self._inputs = {"before": of["cards"], "sure": of["picnic"], "unsure": of["beach"]}


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
