"""The changes that are guarded: destroying a workflow, and replacing the workforce."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import boto3

from tests.lifecycle.faults.bench import Bench
from tests.lifecycle.faults.cloudformation import Outcome, Provider
from tests.lifecycle.faults.flow_definitions import FlowDefinitions, differences
from tests.lifecycle.faults.matrix import Change


class Destroy(Change):
    """A stack's delete beside open reviews of a current and of a retired flow definition.

    :param stack_id: a stack that is deleted.
    :param reconciler: the function that counts what has no label.
    """

    setting: str

    def __init__(
        self,
        bench: Bench,
        provider: Provider,
        flow_definitions: FlowDefinitions,
        stack_id: str,
        reconciler: str,
    ) -> None:
        self._s3 = bench.session.client("s3")
        self._bucket = bench.sentiment.bucket_name
        self._provider = provider
        self._flow_definitions = flow_definitions
        self._stack_id = stack_id
        self._properties = {
            "Workflow": flow_definitions.prefix,
            "FlowDefinitionNamePrefix": flow_definitions.prefix,
            "OnDestroyParameter": f"/human-review/{flow_definitions.prefix}/on-destroy",
            "ReconcileFunctionName": reconciler,
            "TriageQueueUrl": bench.account.parameter("sentiment/triage-queue-url"),
        }
        bench.session.client("ssm").put_parameter(
            Name=self._properties["OnDestroyParameter"],
            Value=self.setting,
            Type="String",
            Overwrite=True,
        )
        self._current = flow_definitions.create(flow_definitions.version())
        self._retired = ""

    def begin(self) -> None:
        if self._retired not in self._flow_definitions.there():
            self._retired = self._flow_definitions.create(self._flow_definitions.version())
            self._flow_definitions.retire(self._retired)
        names = (self._current, self._retired)
        self._loops = [self._flow_definitions.start_loop(name) for name in names]
        for loop in self._loops:
            self._record(loop)

    def _record(self, loop: str) -> None:
        """Write a loop's label, which the delete waits for once the loop has ended."""
        loops = self._flow_definitions.account.loops
        created = loops.describe_human_loop(HumanLoopName=loop)["CreationTime"].astimezone(UTC)
        key = f"labels/{created:%Y/%m/%d}/{loop}.json"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=b"{}")

    def _send(self) -> Outcome:
        return self._provider.send(
            "Delete",
            "A2IReviewGuard",
            self._properties,
            StackId=self._stack_id,
            PhysicalResourceId="guard",
        )

    def _statuses(self) -> set[str]:
        return set(map(self._flow_definitions.account.human_loop_status, self._loops))

    def end(self) -> None:
        for loop in self._loops:
            self._flow_definitions.end_loop(loop)


class Refusal(Destroy):
    """A delete that is refused; whatever fails, nothing is touched."""

    setting = "refuse"

    def make(self) -> bool:
        self.error = self._send().error
        return "2 reviews of workflow" in str(self.error)

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if not self.error:
            yield "the delete is allowed"
        if self._statuses() != {"InProgress"}:
            yield "reviews were ended"
        expected: dict[str | None, str] = {self._current: "current", self._retired: "retired"}
        yield from differences(self._flow_definitions.there(), expected)


class Stop(Destroy):
    """A delete that ends the reviews; one that fails is repeated."""

    setting = "stop"

    def make(self) -> bool:
        self.error = self._send().error
        return self.error is None

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if not is_done:
            again = self._send()
            if not again.is_done:
                yield f"a second delete fails: {again.error}"
        if self._flow_definitions.account.human_loop_status(self._loops[0]) != "Stopped":
            yield "a review is still open"
        yield from differences(self._flow_definitions.there(), {self._current: "current"})


class WorkforceGuard(Change):
    """A create or an update of the guard of the workforce that there is: it changes nothing.

    :param stack_id: a stack that was updated.
    """

    def __init__(
        self, session: boto3.Session, provider: Provider, request_type: str, stack_id: str
    ) -> None:
        self._sagemaker = session.client("sagemaker")
        self._provider = provider
        self._request_type = request_type
        self._stack_id = stack_id

    def __str__(self) -> str:
        return f"WorkforceGuard {self._request_type}"

    def begin(self) -> None:
        self._before = self._workforces()

    def make(self) -> bool:
        [workforce] = self._before
        properties = {
            "WorkforceName": workforce["WorkforceName"],
            "UserPoolId": workforce["CognitoConfig"]["UserPool"],
            "ClientId": workforce["CognitoConfig"]["ClientId"],
        }
        event = {"PhysicalResourceId": "guard", "OldResourceProperties": properties}
        outcome = self._provider.send(
            self._request_type,
            "A2IWorkforceGuard",
            properties,
            StackId=self._stack_id,
            **({} if self._request_type == "Create" else event),
        )
        self.error = outcome.error
        return outcome.is_done

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if self._workforces() != self._before:
            yield "the workforce is another"

    def _workforces(self) -> list[Any]:
        return list(self._sagemaker.list_workforces()["Workforces"])
