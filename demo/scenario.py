"""What a workflow brings to the demo: ``demo/<workflow>.py`` has a ``SCENARIO``."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from bs4 import BeautifulSoup
from rich.console import RenderableType

from demo.workflow import DeployedWorkflow

Item = dict[str, Any]
Record = dict[str, Any]


class UnusableTextError(ValueError):
    """A text that cannot become an item of the workflow; the message says what can."""


class Scenario(Protocol):
    """One workflow's part of the demo."""

    @property
    def reviewers(self) -> int:
        """How many scripted reviewers answer, each every task: at least the task's ``count``."""

    @property
    def takes(self) -> str:
        """What ``make send TEXT=…`` takes, as an example of it; no line over 78 characters."""

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Put in place what the items refer to, such as images."""

    def items(self, deployed: DeployedWorkflow) -> list[Item]:
        """What is sent to triage; each has an id of its own."""

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """What ``make send`` makes of a text that is not an item in JSON.

        :raises UnusableTextError: when nothing can be made of it.
        """

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The answer content with which a reviewer, counted from 0, submits a rendered page."""

    def outcome(self, records: list[Record], folder: Path) -> RenderableType:
        """What is printed at the end.

        :param records: the accepted and the label records.
        :param folder: where files may be left.
        """


def find_scenario(workflow: str) -> Scenario | None:
    """The scenario of ``workflow``; None for a workflow that has none."""
    module = f"demo.{workflow.replace('-', '_')}"
    if find_spec(module) is None:
        return None
    scenario: Scenario | None = getattr(import_module(module), "SCENARIO", None)
    return scenario
