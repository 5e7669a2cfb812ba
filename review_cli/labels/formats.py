"""What labels can be exported as."""

import json
from collections.abc import Callable
from enum import StrEnum

from review_cli.labels.manifest import as_manifest
from review_cli.labels.pairs import as_pairs
from review_cli.labels.reading import Record
from review_cli.labels.table import as_csv, as_parquet


class Format(StrEnum):
    """A kind of file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    MANIFEST = "manifest"
    PAIRS = "pairs"


def as_json_lines(records: list[Record]) -> bytes:
    """The records as they are, a line each."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()


WRITERS: dict[Format, Callable[[list[Record]], bytes]] = {
    Format.JSONL: as_json_lines,
    Format.CSV: as_csv,
    Format.PARQUET: as_parquet,
    Format.MANIFEST: as_manifest,
    Format.PAIRS: as_pairs,
}
