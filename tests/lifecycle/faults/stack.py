"""A stack of the account, whose status tells a handler what is happening to its resources."""

import json
from typing import Any

import boto3

from demo.waiting import wait_for

_POLL_SECONDS = 0.05
# In the place of the flow definition, which makes any other one that is deleted a replaced one.
_RESOURCES = {"A2IFlowDefinition": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
_REFUSED = {
    "Type": "AWS::SageMaker::Workteam",
    "Properties": {"Description": "of nobody", "MemberDefinitions": []},
}


class Stack:
    """A stack of nothing, that has been updated.

    :ivar id: its ARN.
    """

    def __init__(self, session: boto3.Session, name: str) -> None:
        self._cloudformation = session.client("cloudformation")
        self._name = name
        self._versions = 0
        template = json.dumps({"Resources": _RESOURCES})
        created = self._cloudformation.create_stack(StackName=name, TemplateBody=template)
        self._wait()
        self.id = created["StackId"]
        self.update()

    def update(self) -> None:
        """Bring it to UPDATE_COMPLETE."""
        self._change(_RESOURCES)
        assert self._wait() == "UPDATE_COMPLETE"

    def fail(self) -> None:
        """Bring it to UPDATE_ROLLBACK_COMPLETE."""
        self._change({**_RESOURCES, "Refused": _REFUSED})
        assert self._wait() == "UPDATE_ROLLBACK_COMPLETE"

    def _change(self, resources: dict[str, Any]) -> None:
        self._versions += 1
        template = {"Description": f"Version {self._versions}", "Resources": resources}
        self._cloudformation.update_stack(StackName=self._name, TemplateBody=json.dumps(template))

    def _wait(self) -> str:
        """The status of the stack when nothing is in progress any longer."""
        wait_for(
            f"the end of the change of stack {self._name}",
            lambda: not self._status().endswith("_IN_PROGRESS"),
            seconds=60,
            every=_POLL_SECONDS,
        )
        return self._status()

    def _status(self) -> str:
        [described] = self._cloudformation.describe_stacks(StackName=self._name)["Stacks"]
        return described["StackStatus"]
