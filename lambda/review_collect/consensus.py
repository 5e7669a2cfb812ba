"""How the labels of several people become one."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from statistics import fmean
from typing import Any, TypedDict

from review_collect import boxes, ranks
from review_shared.strict_json import canonical

# A label, None where there is no consensus, and how far people agree: from 0 to 1.
Outcome = tuple[Any, float | None]
PLACES = 4


class Consensus(TypedDict):
    """The label that stands for all answers of one human loop.

    Without a consensus ``reached`` is False and ``label`` None; ``agreement`` is None where there
    are no two answers to compare.
    """

    method: str
    reached: bool
    label: Any
    agreement: float | None


def consensus(method: str, labels: list[Any]) -> Consensus:
    """Make one label of the labels of all answers.

    :param method: ``majority``, ``mean`` of numbers, ``iou`` of boxes, ``ranks`` of ranked answers.
    :param labels: one for each answer, None for an answer that has no label.
    """
    if len(labels) == 1:
        # What one person says stands, whatever it is.
        return _consensus(method, labels[0], None)
    given = [label for label in labels if label is not None]
    label, agreement = METHODS[method](given, len(labels))
    if agreement is None:
        return _consensus(method, label, None)
    agreement = round(agreement, PLACES)
    # Half way between people who say opposite things is what nobody says.
    return _consensus(method, label if agreement else None, agreement)


def _consensus(method: str, label: Any, agreement: float | None) -> Consensus:
    return {
        "method": method,
        "reached": label is not None,
        "label": label,
        "agreement": agreement,
    }


def _majority(given: list[Any], people: int) -> Outcome:
    """The label of more than half of all people; the agreement is the share of the greatest group.

    Labels are compared as JSON, in which true is not 1.
    """
    if not given:
        return None, None
    written = [canonical(label) for label in given]
    [(most, count)] = Counter(written).most_common(1)
    label = given[written.index(most)] if 2 * count > people else None
    return label, count / people


def _mean(given: list[Any], people: int) -> Outcome:
    """The mean of the ratings, and how near two people's are on average."""
    ratings = [label for label in given if _is_number(label)]
    if not _are_enough(ratings, people):
        return None, None
    nearness = [_nearness(one, other) for one, other in combinations(ratings, 2)]
    return fmean(ratings), fmean(nearness)


def _nearness(one: float, other: float) -> float:
    """1 for the same rating, a half one step apart, 0 from two steps on."""
    return max(0, 1 - abs(one - other) / 2)


def _iou(given: list[Any], people: int) -> Outcome:
    """The boxes that more than half of the people drew; see `boxes`."""
    drawn = [label for label in given if boxes.are_boxes(label)]
    return boxes.agreed(drawn) if _are_enough(drawn, people) else (None, None)


def _ranks(given: list[Any], people: int) -> Outcome:
    """The order by mean rank, with Kendall's W; see `ranks`."""
    rankings = [label for label in given if ranks.are_ranks(label)]
    if not _are_enough(rankings, people) or len({len(ranking) for ranking in rankings}) > 1:
        return None, None
    return ranks.agreed(rankings)


def _are_enough(usable: list[Any], people: int) -> bool:
    """Whether more than half of all people gave a label of the kind."""
    return 2 * len(usable) > people


def _is_number(label: Any) -> bool:
    # JSON's true is Python's 1.
    return isinstance(label, int | float) and not isinstance(label, bool)


METHODS: dict[str, Callable[[list[Any], int], Outcome]] = {
    "majority": _majority,
    "mean": _mean,
    "iou": _iou,
    "ranks": _ranks,
}
