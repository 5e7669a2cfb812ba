"""What came of every item, as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

_ROUTES = {
    "accepted": "accepted",
    "confidence": "person (unsure)",
    "audit": "person (audit)",
}


def outcome_table(texts: Mapping[str, str], records: Iterable[Mapping[str, Any]]) -> Table:
    """One row an item: what the model said, how sure it was, where it went, what a person said.

    :param texts: what each item's id stands for, in the order to show.
    :param records: the accepted and the label records.
    """
    by_item = {record["item_id"]: record for record in records}
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("item", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("predicted", justify="right", no_wrap=True)
    table.add_column("confidence", justify="right", no_wrap=True)
    table.add_column("route", no_wrap=True)
    table.add_column("person", justify="right", no_wrap=True)
    for item_id, text in texts.items():
        record = by_item[item_id]
        prediction = record["prediction"]
        table.add_row(
            text,
            str(prediction["label"]),
            f"{prediction['confidence']:.3f}",
            _ROUTES[record["route"]],
            decided(record),
        )
    return table


def decided(record: Mapping[str, Any], written: Callable[[Any], str] = str) -> str:
    """What a person said, or several together; nothing where nobody was asked.

    :param written: how a label is written.
    """
    if "consensus" not in record:
        return ""
    if record["consensus"]["reached"]:
        return written(record["label"])
    return "no consensus" if len(record["answers"]) > 1 else "undecided"


def summary(records: Sequence[Mapping[str, Any]]) -> str:
    """How many predictions were accepted as they are, and what people said of the others."""
    routes = [record["route"] for record in records]
    labelled = [record for record in records if record.get("label") is not None]
    kept = sum(str(record["label"]) == str(record["prediction"]["label"]) for record in labelled)
    told = (
        f"{routes.count('accepted')} accepted as predicted; people decided {len(labelled)}, "
        f"{kept} as predicted and {len(labelled) - kept} otherwise"
    )
    left = len(records) - routes.count("accepted") - len(labelled)
    return f"{told}; {left} left undecided" if left else told
