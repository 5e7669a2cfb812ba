"""Label records as a table: CSV, and Parquet."""

import csv
import json
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from review_cli.connection import CannotLookError
from review_cli.labels.reading import Record

TEXTS = (
    "workflow",
    "item_id",
    "status",
    "input",
    "prediction",
    "model",
    "route",
    "label",
    "consensus_method",
    "human_loop_name",
    "flow_definition_arn",
    "template_sha256",
    "output_uri",
    "failure_code",
    "failure_reason",
    "answers",
)
NUMBERS = ("confidence", "agreement", "seconds")
COUNTS = ("attempt", "answer_count")
TRUTHS = ("consensus_reached",)
COLUMNS = (
    *("workflow", "item_id", "status", "input", "prediction", "confidence", "label"),
    *("consensus_method", "consensus_reached", "agreement", "answer_count", "seconds"),
    *("model", "route"),
    *("human_loop_name", "attempt", "flow_definition_arn", "template_sha256", "created_at"),
    *("output_uri", "failure_code", "failure_reason", "answers"),
)


def as_csv(records: list[Record]) -> bytes:
    """A header and a row for each record; what is no text or number is JSON."""
    file = StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in map(_row, records):
        truths = {column: _text(row[column]) for column in TRUTHS}
        writer.writerow(row | truths)
    return file.getvalue().encode()


def as_parquet(records: list[Record]) -> bytes:
    """The same columns with types; ``created_at`` is a timestamp in UTC.

    :raises CannotLookError: when pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise CannotLookError(
            "Parquet files need pyarrow, which is not installed.",
            "Install it with `pip install pyarrow`, or choose --format csv.",
        ) from error
    types = {
        **dict.fromkeys(TEXTS, pyarrow.string()),
        **dict.fromkeys(NUMBERS, pyarrow.float64()),
        **dict.fromkeys(COUNTS, pyarrow.int64()),
        **dict.fromkeys(TRUTHS, pyarrow.bool_()),
        "created_at": pyarrow.timestamp("ms", tz="UTC"),
    }
    schema = pyarrow.schema([(column, types[column]) for column in COLUMNS])
    rows = [{**row, "created_at": _moment(row["created_at"])} for row in map(_row, records)]
    file = BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), file)
    return file.getvalue()


def _row(record: Record) -> dict[str, Any]:
    prediction, agreed = record.get("prediction") or {}, record.get("consensus") or {}
    answers = record.get("answers") or []
    row = {
        **record,
        "prediction": prediction.get("label"),
        "confidence": prediction.get("confidence"),
        "consensus_method": agreed.get("method"),
        "consensus_reached": agreed.get("reached"),
        "agreement": agreed.get("agreement"),
        "answer_count": len(answers),
        "seconds": sum(answer.get("seconds") or 0 for answer in answers) if answers else None,
    }
    return {
        column: _text(row.get(column)) if column in TEXTS else row.get(column) for column in COLUMNS
    }


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
