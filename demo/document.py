"""The document demo: what Amazon Textract reads in forms, and what a person corrects."""

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from rich.console import RenderableType
from rich.table import Table

from demo.example_files import ExampleFiles
from demo.scenario import Record

_SOURCE = "AWS/Textract/AnalyzeDocument/Forms/V1"
Block = dict[str, Any]


class DocumentForms(ExampleFiles):
    """Three forms, one reviewer."""

    reviewers = 1
    takes = "a recorded form: workflows/document/demo/forms/smudged.png"

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The pairs that the page shows, with what stands in the form, and those it asks for."""
        element = page.select_one("crowd-textract-analyze-document")
        assert element is not None, "the page of workflows/document has this element"
        form = PurePosixPath(urlsplit(str(element["src"])).path).stem
        values = {key: value for name, key, value in self.rows("values.tsv") if name == form}
        found = json.loads(str(element["initial-value"]))
        asked = (key["importantFormKey"] for key in json.loads(str(element["keys"])))
        blocks = _checked(found, values)
        for key in asked:
            if key in values.keys() - _values(found).keys():
                blocks += _added(key, values[key])
        return {_SOURCE: {"blocks": blocks}}

    def outcome(self, records: list[Record], _folder: Path) -> RenderableType:
        """A row for each key of each form."""
        by_item = {record["item_id"]: record for record in records}
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("form", "conditions", "key", "Textract read", "person read"):
            table.add_column(column)
        for path in self.paths:
            record = by_item[path.stem]
            asked = record["route"] == "activated"
            read, answered = record["prediction"]["label"], _values(record.get("label") or [])
            name, route = path.stem, "met: human loop" if asked else "not met: accepted"
            for key in dict.fromkeys((*read, *answered)):
                table.add_row(name, route, key, read.get(key, ""), answered.get(key, ""))
                name = route = ""
        return table


def _checked(found: list[Block], values: dict[str, str]) -> list[Block]:
    """The pairs as the element gives them back: without places, and with values put right."""
    by_id = {block["id"]: block for block in found}
    blocks = []
    for key in filter(_is_key, found):
        (value,) = _tied(key, "VALUE", by_id)
        contents = _tied(value, "CHILD", by_id)
        if text := values.get(_text(key, by_id)):
            contents = _words(text, value["id"], contents)
        pair = (key, _set("VALUE", value["id"], CHILD=contents))
        blocks += [*_tied(key, "CHILD", by_id), *contents, *pair]
    return [{name: block[name] for name in block if name != "geometry"} for block in blocks]


def _added(key: str, value: str) -> list[Block]:
    """A pair that was not found."""
    key_words, value_words = _words(key, f"{key} key"), _words(value, f"{key} value")
    value_set = _set("VALUE", f"{key} value", CHILD=value_words)
    key_set = _set("KEY", f"{key} key", VALUE=[value_set], CHILD=key_words)
    return [*key_words, *value_words, key_set, value_set]


def _words(text: str, id_: str, before: Sequence[Block] = ()) -> list[Block]:
    """A text's words, in the place of those that stood there before."""
    ids = [block["id"] for block in before]
    return [
        {"blockType": "WORD", "id": ids[number] if number < len(ids) else f"{id_} {number}"}
        | {"text": word}
        for number, word in enumerate(text.split())
    ]


def _set(kind: str, id_: str, **tied: Sequence[Block]) -> Block:
    ties = [{"type": name, "ids": [block["id"] for block in tied[name]]} for name in tied]
    return {
        "blockType": "KEY_VALUE_SET",
        "id": id_,
        "entityTypes": [kind],
        "relationships": ties,
    }


def _values(blocks: list[Block]) -> dict[str, str]:
    """The values of a form by their keys."""
    by_id = {block["id"]: block for block in blocks}
    return {
        _text(key, by_id): " ".join(_text(value, by_id) for value in _tied(key, "VALUE", by_id))
        for key in filter(_is_key, blocks)
    }


def _is_key(block: Block) -> bool:
    return "KEY" in block.get("entityTypes", ())


def _text(block: Block, by_id: dict[str, Block]) -> str:
    """The words of a key or a value; of a box to tick, whether it is."""
    children = _tied(block, "CHILD", by_id)
    return " ".join(child.get("text") or child.get("selectionStatus", "") for child in children)


def _tied(block: Block, kind: str, by_id: dict[str, Block]) -> list[Block]:
    ties = (tie for tie in block.get("relationships", ()) if tie["type"] == kind)
    return [by_id[id_] for tie in ties for id_ in tie["ids"]]


SCENARIO = DocumentForms("document", "forms")
