"""Preference pairs for training, out of rankings: a prompt, the better answer, the worse one."""

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from review_cli.labels.reading import Record


def as_pairs(records: list[Record]) -> bytes:
    """A line for each two responses that the consensus ranks differently; ties are left out."""
    pairs = (pair for record in records for pair in _pairs(record))
    return "".join(f"{json.dumps(pair, ensure_ascii=False)}\n" for pair in pairs).encode()


def _pairs(record: Record) -> Iterator[dict[str, Any]]:
    match record:
        case {"input": {"prompt": prompt, "responses": list(responses)}, "label": list(ranks)}:
            if len(responses) != len(ranks):
                return
            for (chosen, better), (rejected, worse) in permutations(
                zip(responses, ranks, strict=True), 2
            ):
                if better < worse:
                    yield {"prompt": prompt, "chosen": chosen, "rejected": rejected}
