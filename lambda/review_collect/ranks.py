"""Rankings of the same things by several people: 1 is best, equal ranks are ties."""

from collections import Counter
from typing import Any


def are_ranks(label: Any) -> bool:
    """Say whether a label is a ranking: a list of two or more numbers."""
    return (
        isinstance(label, list)
        and len(label) > 1
        and all(isinstance(rank, int | float) and not isinstance(rank, bool) for rank in label)
    )


def agreed(rankings: list[list[float]]) -> tuple[list[int], float | None]:
    """The order by mean rank, as dense ranks (1, 1, 2), and how far people agree on it.

    Everybody's ranks count as midranks: who writes 1, 1, 2 and who writes 1, 1, 3 mean the same.

    :return: the ranks, and Kendall's W corrected for ties, from 0 to 1; None with one ranking, and
        when nobody prefers anything.
    """
    midranks = [_midranks(ranking) for ranking in rankings]
    sums = [sum(ranks) for ranks in zip(*midranks, strict=True)]
    order = sorted(set(sums))
    return [order.index(total) + 1 for total in sums], _kendalls_w(midranks, sums)


def _midranks(ranking: list[float]) -> list[float]:
    """The ranks with each tie at the mean of the places that it takes up."""
    places: dict[float, list[int]] = {}
    for place, rank in enumerate(sorted(ranking), start=1):
        places.setdefault(rank, []).append(place)
    return [sum(places[rank]) / len(places[rank]) for rank in ranking]


def _kendalls_w(midranks: list[list[float]], sums: list[float]) -> float | None:
    """https://en.wikipedia.org/wiki/Kendall%27s_W, with the correction for ties."""
    people, things = len(midranks), len(sums)
    if people < 2:
        return None
    mean = sum(sums) / things
    spread = sum((total - mean) ** 2 for total in sums)
    ties = sum(count**3 - count for ranking in midranks for count in Counter(ranking).values())
    greatest = people**2 * (things**3 - things) - people * ties
    return 12 * spread / greatest if greatest else None
