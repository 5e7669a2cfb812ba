"""What the demo says when it has ended."""

from typing import Any

from demo.report import summary


def test_summary_counts_what_people_kept_and_changed() -> None:
    records: list[dict[str, Any]] = [
        {"route": "accepted", "prediction": {"label": 1}},
        {"route": "confidence", "prediction": {"label": 1}, "label": "1"},
        {"route": "confidence", "prediction": {"label": 0}, "label": "-1"},
        {"route": "audit", "prediction": {"label": 0}, "label": "0"},
        {"route": "confidence", "prediction": {"label": 0}, "label": None},
    ]

    assert summary(records) == (
        "1 accepted as predicted; of 3 that people decided, 2 as predicted and 1 otherwise"
    )
