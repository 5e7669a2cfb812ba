"""Sampling, And and Or: what comes of several conditions, and what a reviewer is shown."""

import hashlib

import pytest

from localcloud.a2i.evaluation import Input, evaluate
from tests.localcloud.a2i.findings import evaluated, label, missing, moderation, pair, sampling

LOW = moderation("Suggestive", ConfidenceLessThan=98)
SWIMWEAR = moderation("Female Swimwear Or Underwear", ConfidenceGreaterThan=98)
NEVER = moderation("Gambling", ConfidenceGreaterThan=10)
FOUND = [label("Suggestive", 96.7), label("Female Swimwear Or Underwear", 40)]
NOT_SAMPLED = b"\xff" * 32
"""The digest of an input that is in no sample but the whole."""


def digest(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


@pytest.mark.parametrize("conditions", [None, '{"Conditions": []}'])
@pytest.mark.parametrize("found", [FOUND, []])
def test_without_conditions_every_request_is_looked_at(
    conditions: str | None, found: list[object]
) -> None:
    evaluation = evaluate(conditions, Input(FOUND if found else [], NOT_SAMPLED))

    assert evaluation.holds
    assert evaluation.selected is None
    assert evaluation.recorded == {"Conditions": []}


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [([NEVER, LOW], True), ([NEVER, SWIMWEAR], False), ([LOW, LOW], True)],
)
def test_one_of_the_list_is_enough(conditions: list[dict[str, object]], holds: bool) -> None:
    assert evaluated(conditions, FOUND).holds is holds


@pytest.mark.parametrize(
    ("parts", "both", "either"),
    [
        ([LOW, LOW], True, True),
        ([LOW, NEVER], False, True),
        ([NEVER, LOW], False, True),
        ([NEVER, NEVER], False, False),
        ([LOW, LOW, NEVER], False, True),
    ],
)
def test_and_and_or(parts: list[dict[str, object]], both: bool, either: bool) -> None:
    assert evaluated([{"And": parts}], FOUND).holds is both
    assert evaluated([{"Or": parts}], FOUND).holds is either


def test_two_levels() -> None:
    conditions = [{"Or": [{"And": [LOW, NEVER]}, {"And": [LOW, {**LOW}]}]}]

    assert evaluated(conditions, FOUND).holds
    assert not evaluated([{"And": [{"Or": [NEVER, SWIMWEAR]}, LOW]}], FOUND).holds


def test_every_condition_is_recorded_with_its_result() -> None:
    evaluation = evaluated([{"Or": [LOW, {"And": [SWIMWEAR, LOW]}]}, sampling(100)], FOUND)

    assert evaluation.recorded == {
        "Conditions": [
            {
                "EvaluationResult": True,
                "Or": [
                    {**LOW, "EvaluationResult": True},
                    {
                        "EvaluationResult": False,
                        "And": [
                            {**SWIMWEAR, "EvaluationResult": False},
                            {**LOW, "EvaluationResult": True},
                        ],
                    },
                ],
            },
            {**sampling(100), "EvaluationResult": True},
        ]
    }


def test_the_whole_is_always_sampled() -> None:
    assert evaluated([sampling(100)], FOUND, NOT_SAMPLED).holds


def test_the_same_input_is_always_sampled_or_never() -> None:
    for number in range(50):
        results = {evaluated([sampling(50)], FOUND, digest(number)).holds for _ in range(3)}
        assert len(results) == 1


@pytest.mark.parametrize("percentage", [1, 5, 50, 99])
def test_a_sample_is_as_great_as_was_asked_for(percentage: float) -> None:
    inputs = 4000
    sampled = sum(evaluated([sampling(percentage)], [], digest(n)).holds for n in range(inputs))

    assert sampled / inputs * 100 == pytest.approx(percentage, abs=2)


def test_the_smallest_sample_is_not_empty_nor_the_smallest_but_one_digest() -> None:
    assert evaluated([sampling(0.01)], FOUND, bytes(32)).holds
    assert not evaluated([sampling(0.01)], FOUND, b"\x01" + bytes(31)).holds


def test_a_greater_sample_has_all_of_a_smaller_one() -> None:
    for number in range(200):
        five, ten = (evaluated([sampling(p)], FOUND, digest(number)).holds for p in (5, 10))
        assert ten or not five


def test_a_sample_shows_all_there_is() -> None:
    assert evaluated([sampling(100)], FOUND).selected is None
    assert evaluated([{"Or": [sampling(100), LOW]}], FOUND).selected is None
    assert evaluated([{"And": [sampling(100), sampling(100)]}], FOUND).selected is None


def test_a_sample_of_what_another_condition_finds_shows_that() -> None:
    assert evaluated([{"And": [sampling(100), LOW]}], FOUND).selected == frozenset({0})


def test_an_input_outside_the_sample_does_not_count() -> None:
    assert not evaluated([{"And": [sampling(99), LOW]}], FOUND, NOT_SAMPLED).holds
    assert evaluated([{"Or": [sampling(99), LOW]}], FOUND, NOT_SAMPLED).selected == frozenset({0})


def test_what_all_conditions_that_hold_are_about_is_shown() -> None:
    low_swimwear = moderation("Female Swimwear Or Underwear", ConfidenceLessThan=50)

    assert evaluated([LOW, low_swimwear], FOUND).selected == frozenset({0, 1})
    assert evaluated([{"And": [LOW, low_swimwear]}], FOUND).selected == frozenset({0, 1})


def test_what_a_combination_that_does_not_hold_is_about_is_not_shown() -> None:
    low_swimwear = moderation("Female Swimwear Or Underwear", ConfidenceLessThan=50)

    assert evaluated([LOW, {"And": [low_swimwear, NEVER]}], FOUND).selected == frozenset({0})


def test_a_key_that_is_missing_in_a_combination_that_does_not_hold_is_not_asked_for() -> None:
    conditions = [{"And": [missing("Name"), missing("Total")]}, missing("Date")]

    evaluation = evaluated(conditions, [pair("Total", 99, 99)])

    assert [key.name for key in evaluation.form_keys] == ["Date"]
