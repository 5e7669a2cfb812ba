"""The sentiment demo: real product reviews, answered as the people did who labelled them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from rich.console import Group, RenderableType
from rich.text import Text

from demo.report import outcome_table, summary
from demo.scenario import Item, Record
from demo.workflow import DeployedWorkflow

_REVIEWS = Path(__file__).parents[1] / "workflows" / "sentiment" / "demo" / "reviews.tsv"


@dataclass(frozen=True)
class Review:
    """One product review and the label a person gave it."""

    id: str
    human_label: str
    text: str


class Sentiment:
    """204 reviews, one reviewer."""

    reviewers = 1
    takes = "a product review, such as: sometimes it works"

    @cached_property
    def reviews(self) -> list[Review]:
        """Every labelled review."""
        rows = _REVIEWS.read_text(encoding="utf-8").splitlines()
        return [Review(*row.split("\t")) for row in rows]

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Nothing: a review is its text."""

    def items(self, deployed: DeployedWorkflow) -> list[Item]:
        """The reviews, for the model to predict."""
        return [{"id": review.id, "input": review.text} for review in self.reviews]

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """Any text is a review."""
        return {"input": text}

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """What the person said who labelled the review."""
        target = page.find("classification-target")
        text = " ".join(target.get_text().split()) if target else ""
        return {"sentiment": {"label": self._labels[text]}}

    def outcome(self, records: list[Record], folder: Path) -> RenderableType:
        """A row for each review."""
        texts = {review.id: review.text for review in self.reviews}
        return Group(outcome_table(texts, records), Text(f"\n{summary(records)}"))

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {" ".join(review.text.split()): review.human_label for review in self.reviews}


SCENARIO = Sentiment()
