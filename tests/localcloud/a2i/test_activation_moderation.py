"""ModerationLabelConfidenceCheck: a label of this name, with a confidence in this range."""

import pytest

from tests.localcloud.a2i.findings import evaluated, label, moderation


@pytest.mark.parametrize(
    ("comparison", "below", "equal", "above"),
    [
        ("ConfidenceEquals", False, True, False),
        ("ConfidenceLessThan", True, False, False),
        ("ConfidenceLessThanEquals", True, True, False),
        ("ConfidenceGreaterThan", False, False, True),
        ("ConfidenceGreaterThanEquals", False, True, True),
    ],
)
@pytest.mark.parametrize("bound", [90, 90.0, 50.5])
def test_a_comparison_holds_on_its_side_of_the_bound(
    comparison: str, below: bool, equal: bool, above: bool, bound: float
) -> None:
    condition = [moderation("Suggestive", **{comparison: bound})]

    def holds(confidence: float) -> bool:
        return evaluated(condition, [label("Suggestive", confidence)]).holds

    assert (holds(bound - 0.001), holds(bound), holds(bound + 0.001)) == (below, equal, above)


@pytest.mark.parametrize(("confidence", "holds"), [(0, True), (100, False)])
def test_the_ends_of_the_scale_are_confidences_too(confidence: float, holds: bool) -> None:
    condition = [moderation("Suggestive", ConfidenceLessThan=100)]

    assert evaluated(condition, [label("Suggestive", confidence)]).holds is holds


@pytest.mark.parametrize(
    ("confidence", "holds"), [(79, False), (80, True), (99, True), (99.1, False)]
)
def test_two_comparisons_make_a_range(confidence: float, holds: bool) -> None:
    condition = [moderation("Alcohol", ConfidenceGreaterThanEquals=80, ConfidenceLessThanEquals=99)]

    assert evaluated(condition, [label("Alcohol", confidence)]).holds is holds


def test_a_range_is_for_one_label_not_for_several_together() -> None:
    condition = [moderation("*", ConfidenceGreaterThan=60, ConfidenceLessThan=80)]

    assert not evaluated(condition, [label("Alcohol", 50), label("Gambling", 90)]).holds


@pytest.mark.parametrize("name", ["suggestive", "SUGGESTIVE", "Suggestive ", "Sugg", ""])
def test_a_name_is_exact(name: str) -> None:
    condition = [moderation("Suggestive", ConfidenceLessThan=98)]

    assert not evaluated(condition, [label(name, 60)]).holds


def test_any_label_is_a_star() -> None:
    condition = [moderation("*", ConfidenceGreaterThanEquals=75)]
    found = [label("Alcohol", 74.9), label("Alcoholic Beverages", 75), label("Gambling", 99)]

    evaluation = evaluated(condition, found)

    assert evaluation.holds
    assert evaluation.selected == frozenset({1, 2})


def test_a_star_is_no_label_where_none_was_found() -> None:
    assert not evaluated([moderation("*", ConfidenceGreaterThanEquals=0)], []).holds


def test_a_condition_without_a_comparison_holds_for_the_label() -> None:
    condition = [moderation("Alcohol")]

    assert evaluated(condition, [label("Alcohol", 1)]).holds
    assert not evaluated(condition, [label("Gambling", 1)]).holds


def test_every_label_of_the_name_that_is_in_range_is_shown() -> None:
    condition = [moderation("Weapons", ConfidenceLessThan=70)]
    found = [label("Weapons", 60), label("Weapons", 80), label("Violence", 50)]

    assert evaluated(condition, found).selected == frozenset({0})
