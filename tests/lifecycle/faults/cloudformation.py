"""What CloudFormation and CDK's provider framework do with one custom resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.waiting import wait_for
from tests.lifecycle.faults.functions import FunctionError, Functions
from tests.lifecycle.faults.network import Network

_POLL_SECONDS = 0.1
# What takes longer does not end: a deletion is over in a second.
_HANGS_SECONDS = 60
# The framework polls for ten minutes. As many polls as this, all of them faulty, stand for nine.
_PATIENCE = 2
_NINE_MINUTES = 9 * 60 + 1


@dataclass(frozen=True)
class Outcome:
    """How a change of the resource ended.

    :param physical_id: what CloudFormation knows the resource by then; None after a create that
        failed at once, whose delete the framework keeps from the handler.
    :param error: None when the change is done.
    """

    physical_id: str | None
    error: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether the change was made."""
        return self.error is None


class Provider:
    """The provider of all custom resources, asked as its framework asks it.

    :param on_event: the function's name.
    :param is_complete: the function's name.
    """

    def __init__(
        self, functions: Functions, network: Network, on_event: str, is_complete: str
    ) -> None:
        self._functions = functions
        self._network = network
        self.on_event = on_event
        self.is_complete = is_complete

    def send(
        self, request_type: str, resource: str, properties: Mapping[str, Any], **event: Any
    ) -> Outcome:
        """Have a change made and wait for its end.

        :param resource: the type, without ``Custom::``.
        :param event: what else is in the event: the stack's id, and so on.
        """
        asked = {
            "RequestType": request_type,
            "RequestId": "0",
            "ResponseURL": "",
            "ResourceType": f"Custom::{resource}",
            "LogicalResourceId": resource,
            "ResourceProperties": properties,
            **event,
        }
        try:
            answer = self._functions.invoke(self.on_event, asked)
        except FunctionError as error:
            return Outcome(event.get("PhysicalResourceId"), str(error))
        return self._wait({**asked, **answer})

    def _wait(self, event: dict[str, Any]) -> Outcome:
        waiter = _Waiter(self._functions, self._network, self.is_complete, event)
        what = f"the end of a {event['RequestType']} of {event['ResourceType']}"
        wait_for(what, waiter.poll, _HANGS_SECONDS, every=_POLL_SECONDS)
        return Outcome(event["PhysicalResourceId"], waiter.error)


class _Waiter:
    """The framework's waiter for one change.

    :ivar error: why the change has failed; None when it is done.
    """

    def __init__(
        self, functions: Functions, network: Network, is_complete: str, event: dict[str, Any]
    ) -> None:
        self._functions = functions
        self._network = network
        self._is_complete = is_complete
        self._event = event
        self._faulty = 0
        self.error: str | None = None

    def poll(self) -> bool:
        """Ask once; say whether the waiting is over."""
        before = self._network.faults
        try:
            if self._functions.invoke(self._is_complete, self._event)["IsComplete"]:
                return True
        except FunctionError as error:
            self.error = str(error)
            return True
        self._faulty += self._network.faults > before
        if self._faulty > _PATIENCE:
            self.error = "the framework's ten minutes are over"
            return True
        if self._faulty == _PATIENCE and "Since" in self._event:
            since = self._event["Since"] - _NINE_MINUTES
            self._event = {**self._event, "Since": since}
        return False
