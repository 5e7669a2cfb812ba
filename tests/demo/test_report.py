"""What the demo says when it has ended."""

from typing import Any

from demo.report import decided, summary


def test_summary_counts_what_people_kept_and_changed() -> None:
    records: list[dict[str, Any]] = [
        {"route": "accepted", "prediction": {"label": 1}},
        {"route": "confidence", "prediction": {"label": 1}, "label": "1"},
        {"route": "confidence", "prediction": {"label": 0}, "label": "-1"},
        {"route": "audit", "prediction": {"label": 0}, "label": "0"},
        {"route": "confidence", "prediction": {"label": 0}, "label": None},
    ]

    assert summary(records) == (
        "1 accepted as predicted; people decided 3, 2 as predicted and 1 otherwise; "
        "1 left undecided"
    )


def test_what_people_said_is_shown_or_that_it_is_nothing_certain() -> None:
    asked = {"label": ["a", "b"], "consensus": {"reached": True}}
    disagreed: dict[str, Any] = {
        "label": None,
        "consensus": {"reached": False},
        "answers": [{}, {}],
    }
    undecided = {**disagreed, "answers": [{}]}

    assert decided(asked, ", ".join) == "a, b"
    assert decided(disagreed) == "no consensus"
    assert decided(undecided) == "undecided"
    assert decided({"prediction": {"label": "a"}}) == ""
