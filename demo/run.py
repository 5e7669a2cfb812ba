"""The whole chain on this machine: from an empty local cloud to labels in a file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import boto3
from rich.console import Console

import localcloud
from demo import aws
from demo.account import create_reviewer
from demo.deployment import deploy
from demo.report import outcome_table
from demo.reviewer import Reviewer
from demo.sentiment import Reader, Review, read_reviews
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Settings

ROOT = Path(__file__).parents[1]
_OUTPUT = ROOT / "build" / "demo"
_CHOSEN_PASSWORD = "Reviewed-every-1!"
_SECONDS = 120  # how long any one step may keep the demo waiting


def run(workflow: str, port: int, console: Console) -> None:
    """Start a local cloud, deploy ``workflow``, have its reviews answered, print what came of each.

    :param port: the port for the AWS endpoint; the next free one when it is taken.
    :raises demo.deployment.DeploymentError: when the CDK CLI fails.
    :raises TimeoutError: when an item does not arrive where it should in time.
    """
    shutil.rmtree(_OUTPUT, ignore_errors=True)
    folder = ROOT / "workflows" / workflow
    reviews = read_reviews(folder)
    began = monotonic()
    settings = Settings(
        state=_OUTPUT / "localcloud", port=port, endpoints={workflow: folder / "model"}
    )
    with localcloud.running(settings) as cloud:
        _say(
            console, "local cloud", f"{cloud.endpoint_url}, worker portal {cloud.portal_url}", began
        )
        with _step(console, "deploy") as said:
            deploy(workflow, environment=aws.environment(cloud), log=_OUTPUT / "cdk.log")
            said.append(f"HumanReviewWorkforce, HumanReview-{workflow}")
        session = aws.session(cloud)
        deployed = DeployedWorkflow(session, workflow)
        with _step(console, "triage") as said:
            to_review = _send(deployed, reviews)
            accepted = len(reviews) - to_review
            said.append(f"{len(reviews)} sent: {accepted} accepted, {to_review} for a person")
        with _step(console, "review") as said:
            answered = _answer(session, cloud.portal_url, reviews)
            said.append(f"{answered} answered in the worker portal by a scripted reviewer")
        with _step(console, "collect") as said:
            labels = _collect(deployed, to_review)
            said.append(f"{labels} labels in {(_OUTPUT / 'labels.jsonl').relative_to(ROOT)}")
        records = [
            record.content for kind in ("accepted", "labels") for record in deployed.records(kind)
        ]
    console.print()
    console.print(outcome_table({review.id: review.text for review in reviews}, records))
    console.print(f"\n{len(reviews)} items in {monotonic() - began:.0f} s")


def _send(deployed: DeployedWorkflow, reviews: list[Review]) -> int:
    """Send every review, wait until triage has routed each; return how many go to a person."""
    deployed.send([{"id": review.id, "input": review.text} for review in reviews])
    wait_for(
        f"triage to route {len(reviews)} items",
        lambda: len(deployed.keys("accepted")) + len(deployed.keys("requests")) >= len(reviews),
        _SECONDS,
    )
    return len(deployed.keys("requests"))


def _answer(session: boto3.Session, portal_url: str, reviews: list[Review]) -> int:
    """Sign in to the portal and answer every task that waits there."""
    account = create_reviewer(session)
    reader = Reader(reviews)
    reviewer = Reviewer(portal_url)
    try:
        reviewer.sign_in(account.username, account.temporary_password, _CHOSEN_PASSWORD)
        answered = 0
        while reviewer.answer_next(reader.decide):
            answered += 1
        return answered
    finally:
        reviewer.close()


def _collect(deployed: DeployedWorkflow, expected: int) -> int:
    """Wait until each review has its label record, and copy the records into one file."""
    wait_for(f"{expected} labels", lambda: len(deployed.keys("labels")) >= expected, _SECONDS)
    labels = deployed.records("labels")
    with (_OUTPUT / "labels.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(label.line for label in labels)
    return len(labels)


@contextmanager
def _step(console: Console, name: str) -> Iterator[list[str]]:
    """Show ``name`` while it goes on; what the step appends is said when it has ended."""
    said: list[str] = []
    began = monotonic()
    with console.status(f"{name} …"):
        yield said
    _say(console, name, ", ".join(said), began)


def _say(console: Console, name: str, what: str, began: float) -> None:
    seconds = monotonic() - began
    console.print(f"[dim]{seconds:5.1f} s[/dim]  [bold]{name:<11}[/bold] {what}", highlight=False)
