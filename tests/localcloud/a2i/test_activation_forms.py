"""Conditions on forms: the confidence of keys and words, and keys that are missing."""

import pytest

from localcloud.a2i.evaluation import FormKey
from tests.localcloud.a2i.findings import evaluated, form_key, missing, pair

COMPARISONS = [
    ("Equals", False, True, False),
    ("LessThan", True, False, False),
    ("LessThanEquals", True, True, False),
    ("GreaterThan", False, False, True),
    ("GreaterThanEquals", False, True, True),
]


@pytest.mark.parametrize(("comparison", "below", "equal", "above"), COMPARISONS)
def test_key_value_block_confidence(comparison: str, below: bool, equal: bool, above: bool) -> None:
    condition = [form_key("Pay Date", **{f"KeyValueBlockConfidence{comparison}": 65})]

    def holds(confidence: float) -> bool:
        return evaluated(condition, [pair("Pay Date", confidence, 1, 99)]).holds

    assert (holds(64.99), holds(65), holds(65.01)) == (below, equal, above)


@pytest.mark.parametrize(("comparison", "below", "equal", "above"), COMPARISONS)
def test_word_block_confidence(comparison: str, below: bool, equal: bool, above: bool) -> None:
    condition = [form_key("Pay Date", **{f"WordBlockConfidence{comparison}": 85})]

    def holds(confidence: float) -> bool:
        return evaluated(condition, [pair("Pay Date", 1, confidence, confidence)]).holds

    assert (holds(84.99), holds(85), holds(85.01)) == (below, equal, above)


@pytest.mark.parametrize(
    ("words", "holds"),
    [((84, 84), True), ((84, 86), False), ((86, 86), False), ((), False)],
)
def test_each_word_of_key_and_value_has_to_be_in_range(
    words: tuple[float, ...], holds: bool
) -> None:
    condition = [form_key("Pay Date", WordBlockConfidenceLessThan=85)]

    assert evaluated(condition, [pair("Pay Date", 99, *words)]).holds is holds


@pytest.mark.parametrize(
    ("block", "word", "holds"), [(59, 84, True), (60, 84, False), (59, 85, False)]
)
def test_what_is_asked_of_block_and_words_has_to_hold_for_one_pair(
    block: float, word: float, holds: bool
) -> None:
    condition = [
        form_key("Name", KeyValueBlockConfidenceLessThan=60, WordBlockConfidenceLessThan=85)
    ]
    other = pair("Date", 1, 1)

    assert evaluated(condition, [pair("Name", block, word), other]).holds is holds


@pytest.mark.parametrize(
    ("key", "holds"),
    [
        ("Pay Date", True),
        ("DateOfPay", True),
        ("pay-date", True),
        ("Pay Date:", False),
        ("pay date", False),
        ("Date", False),
    ],
)
def test_a_key_has_one_of_the_names(key: str, holds: bool) -> None:
    aliases = ["DateOfPay", "pay-date"]
    condition = [
        form_key("Pay Date", ImportantFormKeyAliases=aliases, KeyValueBlockConfidenceLessThan=65)
    ]

    assert evaluated(condition, [pair(key, 10, 10)]).holds is holds


def test_any_key_is_a_star() -> None:
    condition = [form_key("*", KeyValueBlockConfidenceLessThan=60)]
    found = [pair("Name", 59, 99), pair("Date", 61, 99), pair("Total", 1, 99)]

    evaluation = evaluated(condition, found)

    assert evaluation.selected == frozenset({0, 2})
    assert evaluation.form_keys == ()


def test_a_star_among_the_aliases_is_any_key() -> None:
    condition = [
        form_key("Name", ImportantFormKeyAliases=["*"], KeyValueBlockConfidenceLessThan=60)
    ]

    assert evaluated(condition, [pair("Date", 10)]).holds


def test_reviewers_are_asked_for_the_key_of_a_condition_that_holds() -> None:
    conditions = [
        form_key("Name", ImportantFormKeyAliases=["Nom"], KeyValueBlockConfidenceLessThan=60),
        form_key("Total", KeyValueBlockConfidenceLessThan=60),
        missing("Signature"),
        missing("Name", "Nom"),
    ]

    evaluation = evaluated(conditions, [pair("Nom", 10, 10), pair("Total", 90, 90)])

    assert evaluation.form_keys == (FormKey("Name", ("Nom",)), FormKey("Signature", ()))


@pytest.mark.parametrize(
    ("keys", "holds"),
    [
        ([], True),
        (["Address", "Phone"], True),
        (["Address", "Name"], False),
        (["Nom"], False),
        (["name"], True),
    ],
)
def test_a_key_is_missing_when_none_of_its_names_was_found(keys: list[str], holds: bool) -> None:
    found = [pair(key, 99, 99) for key in keys]

    assert evaluated([missing("Name", "Nom")], found).holds is holds


def test_a_missing_key_shows_no_pair_to_reviewers() -> None:
    evaluation = evaluated([missing("Name")], [pair("Address", 99, 99), pair("Phone", 10, 10)])

    assert evaluation.holds
    assert evaluation.selected == frozenset()


def test_any_missing_key_is_a_form_without_keys() -> None:
    assert evaluated([missing("*")], []).holds
    assert not evaluated([missing("*")], [pair("Name", 1)]).holds
