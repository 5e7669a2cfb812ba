"""The label in an answer, by a JMESPath expression."""

from typing import Any

import jmespath
import pytest

from review_collect.label import label_in

RANKS = "numbered(@, 'rank_')[*].to_number(@) || `null`"


@pytest.mark.parametrize("answers", [1, 2, 9, 12, 100])
def test_numbered_fields_are_in_the_order_of_their_numbers(answers: int) -> None:
    given = {f"rank_{n}": str(n) for n in range(answers, 0, -1)}

    assert label_in(given, jmespath.compile(RANKS)) == list(range(1, answers + 1))


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"undecided": {"yes": True}}, None),
        ({"rank_1": "2", "rank_2": "1", "rank_4": "3", "rank_x": "4", "rank_": "5"}, [2, 1]),
        ({"rank_0": "1", "rank_2": "2"}, None),
        ("no object", None),
        (None, None),
    ],
    ids=["none", "one is missing", "the first is missing", "text", "null"],
)
def test_numbered_ends_before_the_first_that_is_not_there(given: Any, label: Any) -> None:
    assert label_in(given, jmespath.compile(RANKS)) == label


def test_without_an_expression_there_is_no_label() -> None:
    assert label_in({"label": 1}, None) is None
