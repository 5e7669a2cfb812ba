"""Which labels become preference pairs."""

from typing import Any

import pytest

from review_cli.labels.pairs import as_pairs, left_out
from tests.review_cli.labels.records import RANKING, a_record


@pytest.mark.parametrize(
    "ranks",
    [["9", "10", "1"], [1, None, 2], [True, False, 2], [1, 2], [[1], [2], [3]], "123", {"a": 1}],
)
def test_only_a_number_for_each_response_is_a_ranking(ranks: Any) -> None:
    records = [a_record(label=ranks, **RANKING), a_record(label=[1, 1, 1], **RANKING)]

    assert as_pairs(records) == b""
    assert left_out(records) == 1


def test_ranks_may_be_fractions() -> None:
    assert as_pairs([a_record(label=[1.5, 1.5, 3], **RANKING)]).count(b"\n") == 2


def test_what_has_no_label_or_no_responses_is_not_counted() -> None:
    records = [a_record(**RANKING), a_record(label=[1, 2]), a_record(label="1", input={"a": 1})]

    assert left_out(records) == 0
