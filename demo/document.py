"""The document demo: what Amazon Textract reads in forms, and what a person corrects."""

import json
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from rich.console import RenderableType
from rich.table import Table

from demo.example_files import ExampleFiles
from demo.scenario import Item, Record
from demo.workflow import DeployedWorkflow

_SOURCE = "AWS/Textract/AnalyzeDocument/Forms/V1"
_FILES = ExampleFiles("document", "forms")
Block = dict[str, Any]


class DocumentForms:
    """Three forms, one reviewer."""

    reviewers = 1
    takes = "a recorded form: workflows/document/demo/forms/smudged.png"

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Put the forms where Textract reads them."""
        _FILES.upload(deployed)

    def items(self, _deployed: DeployedWorkflow) -> list[Item]:
        """The forms."""
        return _FILES.items()

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """A form on this machine."""
        return _FILES.item(text, deployed)

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The pairs that the page shows, with what stands in the form, and those it asks for."""
        element = page.select_one("crowd-textract-analyze-document")
        assert element is not None, "the page of workflows/document has this element"
        form = PurePosixPath(urlsplit(str(element["src"])).path).stem
        values = {key: value for name, key, value in _FILES.rows("values.tsv") if name == form}
        blocks = json.loads(str(element["initial-value"]))
        shown = _corrected(blocks, values)
        missing = [
            block
            for key in json.loads(str(element["keys"]))
            if key["importantFormKey"] in values.keys() - _keys(blocks)
            for block in _pair(key["importantFormKey"], values[key["importantFormKey"]])
        ]
        return {_SOURCE: {"blocks": [*shown, *missing]}}

    def outcome(self, records: list[Record], _folder: Path) -> RenderableType:
        """A row for each key of each form."""
        by_item = {record["item_id"]: record for record in records}
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("form", "activation conditions", "key", "Textract read", "person read"):
            table.add_column(column)
        for path in _FILES.paths:
            record = by_item[path.stem]
            asked = record["route"] == "activated"
            read, answered = record["prediction"]["label"], _values(record.get("label") or [])
            name, route = path.stem, "met: human loop" if asked else "not met: accepted"
            for key in dict.fromkeys((*read, *answered)):
                table.add_row(name, route, key, read.get(key, ""), answered.get(key, ""))
                name = route = ""
        return table


def _corrected(blocks: list[Block], values: dict[str, str]) -> list[Block]:
    """Each pair as the element gives it back: with its text, without its place."""
    by_id = {block["id"]: block for block in blocks}
    given = []
    for key in (block for block in blocks if "KEY" in block.get("entityTypes", ())):
        text = _text(key, by_id)
        given.append(_answered(key, text))
        for value in _tied(key, "VALUE", by_id):
            given.append(_answered(value, values.get(text, _text(value, by_id))))
    return given


def _answered(block: Block, text: str) -> Block:
    kept = ("blockType", "entityTypes", "id", "relationships")
    return {**{name: block[name] for name in kept if name in block}, "text": text}


def _pair(key: str, value: str) -> list[Block]:
    """A pair that a reviewer found."""
    tie = {"type": "VALUE", "ids": [f"{key} value"]}
    return [
        {
            "blockType": "KEY_VALUE_SET",
            "entityTypes": ["KEY"],
            "id": key,
            "relationships": [tie],
            "text": key,
        },
        {
            "blockType": "KEY_VALUE_SET",
            "entityTypes": ["VALUE"],
            "id": f"{key} value",
            "text": value,
        },
    ]


def _keys(blocks: list[Block]) -> set[str]:
    by_id = {block["id"]: block for block in blocks}
    return {_text(block, by_id) for block in blocks if "KEY" in block.get("entityTypes", ())}


def _values(answered: list[Block]) -> dict[str, str]:
    """The values of an answer by their keys."""
    by_id = {block["id"]: block for block in answered}
    return {
        block["text"]: " ".join(value["text"] for value in _tied(block, "VALUE", by_id))
        for block in answered
        if "KEY" in block["entityTypes"]
    }


def _text(block: Block, by_id: dict[str, Block]) -> str:
    return " ".join(child["text"] for child in _tied(block, "CHILD", by_id) if "text" in child)


def _tied(block: Block, kind: str, by_id: dict[str, Block]) -> list[Block]:
    ties = (tie for tie in block.get("relationships", ()) if tie["type"] == kind)
    return [by_id[id_] for tie in ties for id_ in tie["ids"] if id_ in by_id]


SCENARIO = DocumentForms()
