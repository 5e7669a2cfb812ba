"""Preference pairs for training, out of rankings: a prompt, the better answer, the worse one."""

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from review_cli.labels.reading import Record
from review_cli.number import is_number


def as_pairs(records: list[Record]) -> bytes:
    """A line for each two responses that the consensus ranks differently; ties are left out."""
    pairs = (pair for record in records if _is_ranking(record) for pair in _pairs(record))
    return "".join(f"{json.dumps(pair, ensure_ascii=False)}\n" for pair in pairs).encode()


def left_out(records: list[Record]) -> int:
    """How many labels of responses to a prompt do not rank each response by a number."""
    return sum(_has_responses(record) and not _is_ranking(record) for record in records)


def _has_responses(record: Record) -> bool:
    match record:
        case {"input": {"prompt": _, "responses": list()}, "label": label}:
            return label is not None
    return False


def _is_ranking(record: Record) -> bool:
    """Say whether a record ranks the responses to a prompt, each by a number.

    As texts, 10 is less than 9.
    """
    match record:
        case {"input": {"prompt": _, "responses": list(responses)}, "label": list(ranks)}:
            return len(responses) == len(ranks) and all(map(is_number, ranks))
    return False


def _pairs(record: Record) -> Iterator[dict[str, Any]]:
    prompt, responses = record["input"]["prompt"], record["input"]["responses"]
    ranked = zip(responses, record["label"], strict=True)
    for (chosen, better), (rejected, worse) in permutations(ranked, 2):
        if better < worse:
            yield {"prompt": prompt, "chosen": chosen, "rejected": rejected}
