"""Plays a scenario on a deployed workflow: items in, answers given, labels out."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic

import boto3
from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.account import create_reviewer
from demo.reviewer import Reviewer
from demo.scenario import Scenario
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow

_CHOSEN_PASSWORD = "Reviewed-every-1!"
_SECONDS = 120  # how long any one step may keep the demo waiting


class Play:
    """One scenario on one deployed workflow.

    :param portal_url: where the reviewers work.
    :param folder: where the labels are left.
    :param console: where each step is told.
    """

    def __init__(
        self,
        scenario: Scenario,
        deployed: DeployedWorkflow,
        session: boto3.Session,
        *,
        portal_url: str,
        folder: Path,
        console: Console,
    ) -> None:
        self._scenario = scenario
        self._deployed = deployed
        self._session = session
        self._portal_url = portal_url
        self._folder = folder
        self._console = console

    def run(self) -> int:
        """Play it, print what came of each item, and return how many items there were.

        :raises TimeoutError: when an item does not arrive where it should in time.
        """
        with step(self._console, "triage") as said:
            sent, to_review = self._send()
            accepted = sent - to_review
            said.append(f"{sent} sent: {accepted} accepted, {to_review} for a person")
        with step(self._console, "review") as said:
            said.append(f"{self._answer()} answered in the worker portal, {self._by()}")
        with step(self._console, "collect") as said:
            labels = self._folder / "labels.jsonl"
            said.append(f"{self._collect(to_review, labels)} labels in {shown(labels)}")
        records = [
            record.content
            for kind in ("accepted", "labels")
            for record in self._deployed.records(kind)
        ]
        self._console.print()
        self._console.print(self._scenario.outcome(records, self._folder))
        return sent

    def _send(self) -> tuple[int, int]:
        """Send every item, wait until each is routed; return how many, and how many to a person."""
        self._scenario.upload(self._deployed)
        items = self._scenario.items(self._deployed)
        before, asked_before = self._deployed.routed(), self._deployed.human_loops()
        self._deployed.send(items)
        wait_for(
            f"triage to route {len(items)} items",
            lambda: len(self._deployed.routed() - before) >= len(items),
            _SECONDS,
        )
        return len(items), len(self._deployed.human_loops() - asked_before)

    def _answer(self) -> int:
        """Have each reviewer sign in and answer every task that waits; return how many answers."""
        answered = 0
        for number in range(self._scenario.reviewers):
            account = create_reviewer(
                self._session, f"{self._deployed.name}-reviewer-{number + 1}@example.com"
            )
            reviewer = Reviewer(self._portal_url)
            try:
                reviewer.sign_in(account.username, account.temporary_password, _CHOSEN_PASSWORD)
                while reviewer.answer_next(partial(self._scenario.answer, reviewer=number)):
                    answered += 1
            finally:
                reviewer.close()
        return answered

    def _by(self) -> str:
        many = self._scenario.reviewers
        return "by a scripted reviewer" if many == 1 else f"by {many} scripted reviewers"

    def _collect(self, expected: int, file: Path) -> int:
        """Wait until each review has its label record, and copy the records into ``file``."""
        wait_for(
            f"{expected} labels", lambda: len(self._deployed.keys("labels")) >= expected, _SECONDS
        )
        labels = self._deployed.records("labels")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(label.line for label in labels), encoding="utf-8")
        return len(labels)


@contextmanager
def step(console: Console, name: str) -> Iterator[list[str]]:
    """Show ``name`` while it goes on; what the step appends is said when it has ended."""
    said: list[str] = []
    began = monotonic()
    with console.status(f"{name} …"):
        yield said
    seconds = monotonic() - began
    # What is said goes on below itself on a narrow terminal.
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(no_wrap=True)
    line.add_column(overflow="fold")
    begins = f"[dim]{seconds:5.1f} s[/dim]  [bold]{name:<11}[/bold]"
    line.add_row(begins, Text(", ".join(said)))
    console.print(line)


def shown(file: Path) -> str:
    """The file's path as short as it can be told."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
