"""What the sentiment demo sends, and what its scripted reviewer answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Review:
    """One product review and the label a person gave it."""

    id: str
    human_label: str
    text: str


def read_reviews(folder: Path) -> list[Review]:
    """Read the labelled reviews of the workflow in ``folder``."""
    lines = (folder / "demo" / "reviews.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return [Review(*row) for row in rows]


class Reader:
    """Answers a task page as the person did who labelled the review that it shows."""

    def __init__(self, reviews: list[Review]) -> None:
        self._labels = {" ".join(review.text.split()): review.human_label for review in reviews}

    def decide(self, page: BeautifulSoup) -> dict[str, Any]:
        """The answer content that submitting ``page`` with that label gives."""
        target = page.find("classification-target")
        text = " ".join(target.get_text().split()) if target else ""
        return {"sentiment": {"label": self._labels[text]}}
