"""The flow definition's changes."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import boto3

from tests.lifecycle.account import Account
from tests.lifecycle.faults.cloudformation import Outcome, Provider
from tests.lifecycle.faults.matrix import Change
from tests.lifecycle.faults.stack import Stack

RETIRED_AT = "human-review:retired-at"
_RESOURCE = "A2IFlowDefinition"
_numbers = count(1)


class FlowDefinitions:
    """The flow definitions of a resource that no stack has, as the account has them.

    :param model: a deployed flow definition, whose role, workteam and page they share.
    :param stack_id: the stack that the resource says it is of.
    :param prefix: of their names.
    """

    def __init__(
        self,
        session: boto3.Session,
        provider: Provider,
        model: str,
        stack_id: str,
        prefix: str = "faulty",
    ) -> None:
        self.prefix = prefix
        self.account = Account(session)
        self._provider = provider
        self._stack_id = stack_id
        described = self.account.sagemaker.describe_flow_definition(FlowDefinitionName=model)
        self._content = {
            "FlowDefinitionNamePrefix": prefix,
            "RoleArn": described["RoleArn"],
            "OutputConfig": described["OutputConfig"],
            "HumanLoopConfig": _strings(described["HumanLoopConfig"]),
            "Tags": [],
        }

    def version(self) -> dict[str, Any]:
        """Properties that were never deployed."""
        return {**self._content, "TemplateSha256": f"{next(_numbers):064}"}

    def send(self, request_type: str, properties: dict[str, Any], **event: Any) -> Outcome:
        """Have the resource changed."""
        return self._provider.send(
            request_type, _RESOURCE, properties, StackId=self._stack_id, **event
        )

    def create(self, properties: dict[str, Any]) -> str:
        """Create one over a network that works; its name."""
        created = self.send("Create", properties)
        assert created.is_done, created.error
        assert created.physical_id is not None
        return created.physical_id

    def update(self, name: str, old: dict[str, Any], new: dict[str, Any]) -> Outcome:
        """Update the resource."""
        return self.send("Update", new, PhysicalResourceId=name, OldResourceProperties=old)

    def delete(self, name: str, properties: dict[str, Any]) -> Outcome:
        """Delete what was created or replaced."""
        return self.send("Delete", properties, PhysicalResourceId=name)

    def there(self) -> dict[str, str]:
        """Those that there are, and whether they are current, retired or deleted just now."""
        found = {}
        for name, status in self.account.flow_definitions(self.prefix).items():
            if status == "Deleting":
                continue
            found[name] = "retired" if RETIRED_AT in self.account.tags(name) else "current"
        return found

    def clear(self, *kept: str) -> None:
        """Delete all but ``kept``."""
        for name, status in self.account.flow_definitions(self.prefix).items():
            if name not in kept and status in ("Active", "Failed"):
                self.account.sagemaker.delete_flow_definition(FlowDefinitionName=name)

    def start_loop(self, name: str) -> str:
        """Ask a person something; the human loop's name."""
        loop = f"{self.prefix}-{next(_numbers)}"
        self.account.loops.start_human_loop(
            HumanLoopName=loop,
            FlowDefinitionArn=self.account.flow_definition_arn(name),
            HumanLoopInput={"InputContent": '{"taskObject": "?"}'},
        )
        return loop

    def end_loop(self, loop: str) -> None:
        """Stop a human loop, if it has not ended."""
        if self.account.human_loop_status(loop) == "InProgress":
            self.account.loops.stop_human_loop(HumanLoopName=loop)

    def retire(self, name: str) -> None:
        """Retire one, as an update does."""
        tags = [{"Key": RETIRED_AT, "Value": "2026-01-01T00:00:00+00:00"}]
        arn = self.account.flow_definition_arn(name)
        self.account.sagemaker.add_tags(ResourceArn=arn, Tags=tags)  # type: ignore[arg-type]  # a TypedDict


class Create(Change):
    """A create; one that fails is deleted again."""

    def __init__(self, flow_definitions: FlowDefinitions, stack: Stack) -> None:
        self._flow_definitions = flow_definitions
        self._stack = stack

    def begin(self) -> None:
        self._properties = self._flow_definitions.version()

    def make(self) -> bool:
        self._outcome = self._flow_definitions.send("Create", self._properties)
        self.error = self._outcome.error
        return self._outcome.is_done

    def leftovers(self, is_done: bool) -> Iterator[str]:
        name = self._outcome.physical_id
        if not is_done and name is not None:
            self._stack.fail()
            undone = self._flow_definitions.delete(name, self._properties)
            if not undone.is_done:
                yield f"its rollback fails: {undone.error}"
            self._stack.update()
        expected = {name: "current"} if is_done else {}
        yield from differences(self._flow_definitions.there(), expected)

    def end(self) -> None:
        self._flow_definitions.clear()


class Update(Change):
    """An update to another content, beside an open review; one that fails is rolled back."""

    def __init__(self, flow_definitions: FlowDefinitions, stack: Stack) -> None:
        self._flow_definitions = flow_definitions
        self._stack = stack
        self._old = flow_definitions.version()
        self._name = flow_definitions.create(self._old)
        self._loop = flow_definitions.start_loop(self._name)

    def begin(self) -> None:
        self._new = self._flow_definitions.version()

    def make(self) -> bool:
        self._outcome = self._flow_definitions.update(self._name, self._old, self._new)
        self.error = self._outcome.error
        if not self._outcome.is_done:
            return False
        cleaned = self._flow_definitions.delete(self._name, self._old)
        self.error = cleaned.error
        return cleaned.is_done

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if self._outcome.is_done:
            yield from self._forwards(is_done)
        else:
            yield from self._back()
        if self._flow_definitions.account.human_loop_status(self._loop) != "InProgress":
            yield "the open review is lost"

    def _forwards(self, is_done: bool) -> Iterator[str]:
        """An update that has worked stays, and CloudFormation tries its clean-up again."""
        new = self._outcome.physical_id
        if not is_done:
            cleaned = self._flow_definitions.delete(self._name, self._old)
            if not cleaned.is_done:
                yield f"its clean-up fails: {cleaned.error}"
        yield from differences(
            self._flow_definitions.there(), {self._name: "retired", new: "current"}
        )

    def _back(self) -> Iterator[str]:
        new = self._outcome.physical_id
        assert new is not None
        self._stack.fail()
        restored = self._flow_definitions.update(new, self._new, self._old)
        if restored != Outcome(self._name):
            yield f"its rollback fails: {restored}"
        if new != self._name:
            undone = self._flow_definitions.delete(new, self._new)
            if not undone.is_done:
                yield f"its rollback's clean-up fails: {undone.error}"
        self._stack.update()
        yield from differences(self._flow_definitions.there(), self._before())

    def _before(self) -> dict[str | None, str]:
        """What there was."""
        return {self._name: "current"}

    def end(self) -> None:
        """Go on from where the change has led."""
        if self._outcome.is_done:
            self._name, self._old = self._outcome.physical_id or "", self._new
            self._loop = self._flow_definitions.start_loop(self._name)
        self._flow_definitions.clear(self._name)


class Back(Update):
    """An update back to a content that was replaced before, and has an open review still."""

    def begin(self) -> None:
        self._new, middle, first = self._old, self._flow_definitions.version(), self._name
        updated = self._flow_definitions.update(first, self._new, middle)
        assert updated.is_done, updated.error
        assert self._flow_definitions.delete(first, self._new).is_done
        self._first, self._old = first, middle
        self._name = updated.physical_id or ""

    def _before(self) -> dict[str | None, str]:
        return {self._name: "current", self._first: "retired"}

    def end(self) -> None:
        super().end()
        if not self._outcome.is_done:
            # The one that was asked for again is cleared away, and the review with it.
            self._loop = self._flow_definitions.start_loop(self._name)


class Delete(Change):
    """A delete with its stack; one that fails is repeated."""

    def __init__(self, flow_definitions: FlowDefinitions) -> None:
        self._flow_definitions = flow_definitions

    def begin(self) -> None:
        self._properties = self._flow_definitions.version()
        self._name = self._flow_definitions.create(self._properties)

    def make(self) -> bool:
        outcome = self._flow_definitions.delete(self._name, self._properties)
        self.error = outcome.error
        return outcome.is_done

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if not is_done:
            again = self._flow_definitions.delete(self._name, self._properties)
            if not again.is_done:
                yield f"a second delete fails: {again.error}"
        yield from differences(self._flow_definitions.there(), {})


def differences(found: dict[str, str], expected: dict[str | None, str]) -> Iterator[str]:
    """What is not as it must be."""
    if found != expected:
        yield f"there is {found}, there must be {expected}"


def _strings(value: Any) -> Any:
    """Numbers as CloudFormation sends them."""
    match value:
        case dict():
            return {key: _strings(it) for key, it in value.items()}
        case list():
            return [_strings(it) for it in value]
        case _:
            return str(value)
