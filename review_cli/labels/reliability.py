"""How far reviewers agree over a whole workflow: Krippendorff's alpha.

https://en.wikipedia.org/wiki/Krippendorff%27s_alpha
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from review_cli.number import is_number


class Level(StrEnum):
    """What labels measure, and so when two of them are far apart."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


# What suits labels that become one by each method.
_LEVELS = {"majority": Level.NOMINAL, "mean": Level.INTERVAL, "ranks": Level.ORDINAL}


class NoAlphaError(Exception):
    """Alpha cannot be computed; the message is the reason, a sentence."""


@dataclass(frozen=True)
class Reliability:
    """Krippendorff's alpha, and of how much it was computed.

    :param units: how many things two or more people labelled.
    :param answers: how many labels of these there are.
    :param reviewers: how many people gave them.
    """

    alpha: float
    level: Level
    units: int
    answers: int
    reviewers: int


def reliability(records: Sequence[dict[str, Any]], level: Level | None) -> Reliability:
    """Compute alpha over all answers of all records.

    A ranking counts as one unit for each thing that it ranks.

    :param level: what the labels measure. Default: what suits the workflow's ``consensus``.
    :raises NoAlphaError: when there is too little to compute it of, or the labels do not suit.
    """
    level = level or _suiting(records)
    labelled = [_labelled(record) for record in records]
    compared = [answers for answers in labelled if len(answers) > 1]
    if not compared:
        raise NoAlphaError("No item has labels of two or more people.")
    units = [unit for answers in compared for unit in _units([label for _, label in answers])]
    return Reliability(
        alpha=_alpha(units, level),
        level=level,
        units=len(units),
        answers=sum(map(len, units)),
        reviewers=len({worker for answers in compared for worker, _ in answers}),
    )


def _suiting(records: Iterable[dict[str, Any]]) -> Level:
    methods = {(record.get("consensus") or {}).get("method", "majority") for record in records}
    levels = {_LEVELS.get(method) for method in methods} or {Level.NOMINAL}
    if None in levels:
        raise NoAlphaError(
            "The labels are boxes, which have no alpha: each record's consensus has their "
            "agreement."
        )
    if len(levels) > 1:
        raise NoAlphaError(
            f"The labels became one in several ways ({', '.join(sorted(methods))}): name a --level."
        )
    return levels.pop() or Level.NOMINAL


def _labelled(record: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The people and their labels, without those who gave none."""
    answers = record.get("answers") or ()
    return [
        (answer.get("worker_id"), answer["label"])
        for answer in answers
        if answer.get("label") is not None
    ]


def _units(labels: list[Any]) -> list[list[Any]]:
    """Labels of one thing; of rankings of as many things, the ranks of each."""
    rankings = [label for label in labels if isinstance(label, list)]
    are_rankings = (
        len(rankings) == len(labels)
        and len({len(ranking) for ranking in rankings}) == 1
        and all(is_number(rank) for ranking in rankings for rank in ranking)
    )
    return [list(ranks) for ranks in zip(*rankings, strict=True)] if are_rankings else [labels]


def _alpha(units: list[list[Any]], level: Level) -> float:
    from krippendorff import alpha  # brings NumPy, which no other command needs

    written = [[_value(label, level) for label in unit] for unit in units]
    domain = sorted({value for unit in written for value in unit})
    if len(domain) == 1:
        raise NoAlphaError(f"All labels are the same ({domain[0]}), so alpha says nothing.")
    if level is Level.RATIO and domain[0] < 0:
        raise NoAlphaError(f"A ratio has no label below 0, got {domain[0]}: choose another level.")
    counts = [[Counter(unit)[value] for value in domain] for unit in written]
    return float(
        alpha(
            value_counts=counts,
            # Of nominal labels, which may be texts, only the count of each matters.
            value_domain=range(len(domain)) if level is Level.NOMINAL else domain,
            level_of_measurement=level.value,
        )
    )


def _value(label: Any, level: Level) -> Any:
    """A label as it is compared: as JSON, or by its number, which may be written as a text."""
    if level is Level.NOMINAL:
        return json.dumps(label, sort_keys=True)
    try:
        return float(label) if isinstance(label, str) else _number(label)
    except ValueError:
        raise NoAlphaError(
            f"The level {level} is for numbers, got {json.dumps(label)}: choose nominal."
        ) from None


def _number(label: Any) -> float:
    if not is_number(label):
        raise ValueError(label)
    return float(label)
