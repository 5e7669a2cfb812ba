"""Krippendorff's alpha over label records."""

from typing import Any

import pytest

from review_cli.labels.reliability import Level, NoAlphaError, reliability
from tests.review_cli.labels.records import a_record

# The example of https://en.wikipedia.org/wiki/Krippendorff%27s_alpha: 15 units, three observers.
OBSERVED = [
    [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
    [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
]


@pytest.mark.parametrize(
    ("level", "alpha"), [(Level.NOMINAL, 0.691), (Level.ORDINAL, 0.807), (Level.INTERVAL, 0.811)]
)
def test_alpha_of_a_published_example(level: Level, alpha: float) -> None:
    records = [a_record(*unit) for unit in zip(*OBSERVED, strict=True)]

    found = reliability(records, level)

    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert (found.units, found.answers, found.reviewers) == (12, 26, 3)


def test_words_are_nominal() -> None:
    records = [a_record("a", "a"), a_record("b", "b"), a_record("a", "b"), a_record("b", "b")]

    found = reliability(records, None)

    # By hand: 2 disagreeing ordered pairs of 8, of 30 by chance in 56.
    assert found.alpha == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert found.level is Level.NOMINAL


def test_numbers_written_as_texts_may_be_measured() -> None:
    records = [a_record("-1", "0"), a_record("1", "1")]

    assert reliability(records, Level.INTERVAL) == reliability(
        [a_record(-1, 0), a_record(1, 1)], Level.INTERVAL
    )


def test_a_ranking_is_a_unit_for_each_thing_it_ranks() -> None:
    records = [a_record([1, 2, 3], [1, 2, 3], method="ranks")]

    found = reliability(records, None)

    assert (found.alpha, found.level) == (1, Level.ORDINAL)
    assert (found.units, found.answers, found.reviewers) == (3, 6, 2)


def test_ratings_are_measured_by_interval() -> None:
    assert reliability([a_record(1, 2, method="mean")], None).level is Level.INTERVAL


@pytest.mark.parametrize(
    ("records", "level", "reason"),
    [
        ([], None, "No item has labels of two or more people."),
        ([a_record("a"), a_record("b", None)], None, "No item has labels of two or more people."),
        ([a_record("a", "a")], None, 'All labels are the same ("a"), so alpha says nothing.'),
        (
            [a_record("a", "b")],
            Level.ORDINAL,
            'The level ordinal is for numbers, got "a": choose nominal.',
        ),
        (
            [a_record(True, 1)],
            Level.INTERVAL,
            "The level interval is for numbers, got true: choose nominal.",
        ),
        (
            [a_record(-1, 1)],
            Level.RATIO,
            "A ratio has no label below 0, got -1.0: choose another level.",
        ),
        (
            [a_record([], [], method="iou")],
            None,
            "The labels are boxes, which have no alpha: "
            "each record's consensus has their agreement.",
        ),
        (
            [a_record(1, 2, method="mean"), a_record(1, 2)],
            None,
            "The labels became one in several ways (majority, mean): name a --level.",
        ),
    ],
)
def test_no_alpha_has_a_reason(records: list[Any], level: Level | None, reason: str) -> None:
    with pytest.raises(NoAlphaError) as raised:
        reliability(records, level)

    assert str(raised.value) == reason
