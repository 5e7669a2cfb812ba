"""The guide to task pages: what it says of the library's pages."""

import re
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml

from human_review import templates
from review_collect.label import label_in

GUIDE = (Path(__file__).parents[1] / "docs/pages.md").read_text(encoding="utf-8")
LABELS = {
    page: yaml.safe_load(line)["label"]
    for line, page in re.findall(r"^(label: .*?) +# ([a-z-]+)", GUIDE, re.MULTILINE)
}
NO_LABEL = {"label": "I can't decide"}
DECIDED = {"undecided": {"yes": False}}
UNDECIDED = {"undecided": {"yes": True}}
PARIS = [{"endOffset": 5, "label": "place", "startOffset": 0}]


def test_every_page_has_its_row() -> None:
    library = GUIDE.split("## Pages of the library")[1].split("\n## ")[0]

    assert re.findall(r"^\| `([a-z-]+)` \|", library, re.MULTILINE) == templates.names()


@pytest.mark.parametrize(
    ("page", "answer", "label"),
    [
        ("text-classification", {"category": {"label": "billing"}}, "billing"),
        ("text-classification", {"category": NO_LABEL}, None),
        ("text-multi-label", {"categories": {"labels": ["a", "b"]}}, ["a", "b"]),
        ("text-multi-label", {"categories": {"labels": []}}, []),
        ("text-multi-label", {"categories": {"labels": ["a", "I can't decide"]}}, None),
        ("rating", {"rating": {"label": "4"}}, 4),
        ("rating", {"rating": NO_LABEL}, None),
        ("named-entities", {"entities": {"entities": PARIS}, **DECIDED}, PARIS),
        ("named-entities", {"entities": {"entities": PARIS}, **UNDECIDED}, None),
        ("span-correction", {"text": "right", **DECIDED}, "right"),
        ("span-correction", {"text": "wrong", **UNDECIDED}, None),
        ("ranking", {"rank_1": "2", "rank_2": "1", "rank_3": "2", **DECIDED}, [2, 1, 2]),
        ("ranking", {f"rank_{n}": str(n) for n in range(1, 13)}, list(range(1, 13))),
        ("ranking", UNDECIDED, None),
        ("search-relevance", {"grade_1": "good", "grade_2": "bad", **DECIDED}, ["good", "bad"]),
        ("search-relevance", {f"grade_{n}": "bad" for n in range(1, 13)}, ["bad"] * 12),
        ("search-relevance", UNDECIDED, None),
    ],
)
def test_whoever_cannot_decide_gives_no_label(
    page: str, answer: dict[str, Any], label: object
) -> None:
    assert label_in(answer, jmespath.compile(LABELS[page])) == label
