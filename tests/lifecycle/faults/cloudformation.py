"""What CloudFormation and CDK's provider framework do with one custom resource."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.lifecycle.faults.functions import FunctionError, Functions
from tests.lifecycle.faults.network import Network

_POLL_SECONDS = 0.1
_POLLS = 100
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
        physical_id, faulty = event["PhysicalResourceId"], 0
        for _ in range(_POLLS):
            before = self._network.faults
            try:
                if self._functions.invoke(self.is_complete, event)["IsComplete"]:
                    return Outcome(physical_id)
            except FunctionError as error:
                return Outcome(physical_id, str(error))
            faulty += self._network.faults > before
            if faulty == _PATIENCE and "Since" in event:
                event = {**event, "Since": event["Since"] - _NINE_MINUTES}
            if faulty > _PATIENCE:
                break
            time.sleep(_POLL_SECONDS)
        return Outcome(physical_id, "the framework's ten minutes are over")
