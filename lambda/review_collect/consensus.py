"""How the labels of several people become one."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from typing import Any, TypedDict

from review_collect import boxes, ranks
from review_shared.strict_json import canonical

# A label, None where there is no consensus, and how far people agree: from 0 to 1.
Outcome = tuple[Any, float | None]
PLACES = 4


class Consensus(TypedDict):
    """The label that stands for all answers of one human loop.

    ``label`` is None without a consensus; ``agreement`` is None with fewer than two answers.
    """

    method: str
    label: Any
    agreement: float | None


def consensus(method: str, labels: list[Any]) -> Consensus:
    """Make one label of the labels of all answers.

    :param method: ``majority``, ``mean`` of numbers, ``iou`` of boxes, ``ranks`` of ranked answers.
    :param labels: one for each answer, None for an answer that has no label.
    """
    given = [label for label in labels if label is not None]
    if len(labels) == 1:
        # What one person says stands, whatever it is.
        return {"method": method, "label": labels[0], "agreement": None}
    label, agreement = METHODS[method](given, len(labels))
    rounded = None if agreement is None else round(agreement, PLACES)
    return {"method": method, "label": label, "agreement": rounded}


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


def _mean(given: list[Any], _people: int) -> Outcome:
    """The mean of the numbers; the agreement is the share of pairs of people who say the same."""
    numbers = [label for label in given if _is_number(label)]
    if not numbers:
        return None, None
    pairs = list(combinations(numbers, 2))
    same = sum(one == other for one, other in pairs)
    return sum(numbers) / len(numbers), same / len(pairs) if pairs else None


def _iou(given: list[Any], _people: int) -> Outcome:
    """The boxes that more than half of the people drew; see `boxes`."""
    drawn = [label for label in given if boxes.are_boxes(label)]
    return boxes.agreed(drawn) if drawn else (None, None)


def _ranks(given: list[Any], _people: int) -> Outcome:
    """The order by mean rank, with Kendall's W; see `ranks`."""
    rankings = [label for label in given if ranks.are_ranks(label)]
    if not rankings or len({len(ranking) for ranking in rankings}) > 1:
        return None, None
    return ranks.agreed(rankings)


def _is_number(label: Any) -> bool:
    # JSON's true is Python's 1.
    return isinstance(label, int | float) and not isinstance(label, bool)


METHODS: dict[str, Callable[[list[Any], int], Outcome]] = {
    "majority": _majority,
    "mean": _mean,
    "iou": _iou,
    "ranks": _ranks,
}
