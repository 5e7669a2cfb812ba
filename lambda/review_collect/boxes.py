"""Bounding boxes that several people drew on the same image."""

from itertools import combinations
from statistics import fmean
from typing import Any, NamedTuple

Box = dict[str, Any]
SIDES = ("left", "top", "width", "height")
MATCHING = 0.5  # the intersection over union from which two boxes show the same thing


class _Drawn(NamedTuple):
    """A box, and which of the people drew it."""

    person: int
    box: Box


_Match = list[_Drawn]


def are_boxes(label: Any) -> bool:
    """Say whether a label is a list of boxes as ``crowd-bounding-box`` answers them."""
    return isinstance(label, list) and all(map(_is_box, label))


def agreed(drawings: list[list[Box]]) -> tuple[list[Box] | None, float | None]:
    """The mean of each box that more than half of the people drew.

    :return: the boxes, None when there are some but none that enough people drew; and the mean
        intersection over union of all pairs of people over all boxes, 0 where one lacks the box.
    """
    people = len(drawings)
    matches = _matches(drawings)
    kept = [_mean(match) for match in matches if 2 * len(match) > people]
    boxes = kept if kept or not matches else None
    if people < 2:
        return boxes, None
    pairs = people * (people - 1) / 2
    return boxes, fmean(_overlap(match) / pairs for match in matches) if matches else 1.0


def iou(one: Box, other: Box) -> float:
    """The intersection over union of two boxes."""
    width = _shared(one, other, "left", "width")
    height = _shared(one, other, "top", "height")
    intersection = width * height
    union = one["width"] * one["height"] + other["width"] * other["height"] - intersection
    return float(intersection / union) if union else 0.0


def _matches(drawings: list[list[Box]]) -> list[_Match]:
    """Boxes of one thing, one of a person at most; the pairs that overlap most are joined first."""
    drawn = [_Drawn(person, box) for person, boxes in enumerate(drawings) for box in boxes]
    match_of = [[number] for number in range(len(drawn))]
    for one, other in _pairs(drawn):
        first, second = match_of[one], match_of[other]
        if first is second or not _fit(drawn, first, second):
            continue
        first += second
        for number in second:
            match_of[number] = first
    joined = {id(match): match for match in match_of}
    return [[drawn[number] for number in match] for match in joined.values()]


def _fit(drawn: list[_Drawn], first: list[int], second: list[int]) -> bool:
    people = {drawn[number].person for number in first}
    return not any(drawn[number].person in people for number in second)


def _pairs(drawn: list[_Drawn]) -> list[tuple[int, int]]:
    """Pairs of boxes with one label that overlap enough, the best first."""
    found = [
        (iou(drawn[one].box, drawn[other].box), one, other)
        for one, other in combinations(range(len(drawn)), 2)
        if drawn[one].box.get("label") == drawn[other].box.get("label")
    ]
    enough = [pair for pair in found if pair[0] >= MATCHING]
    return [(one, other) for _, one, other in sorted(enough, key=lambda pair: (-pair[0], pair[1:]))]


def _mean(match: _Match) -> Box:
    """The box whose sides are the mean of the boxes' sides."""
    sides = {side: fmean(drawn.box[side] for drawn in match) for side in SIDES}
    label = match[0].box.get("label")
    return sides if label is None else {"label": label, **sides}


def _overlap(match: _Match) -> float:
    return sum(iou(one.box, other.box) for one, other in combinations(match, 2))


def _shared(one: Box, other: Box, start: str, length: str) -> float:
    """How much two boxes have in common in one direction."""
    end = min(one[start] + one[length], other[start] + other[length])
    return float(max(0, end - max(one[start], other[start])))


def _is_box(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(side), int | float) and not isinstance(value.get(side), bool)
        for side in SIDES
    )
