"""The moderation demo: Amazon Rekognition asks a person about some drawings, not about others."""

import json
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from rich.console import RenderableType
from rich.table import Table

from demo.example_files import ExampleFiles
from demo.report import decided
from demo.scenario import Record

_SOURCE = "AWS/Rekognition/DetectModerationLabels/Image/V3"


class Moderation(ExampleFiles):
    """Five drawings, one reviewer."""

    reviewers = 1
    takes = "a recorded image: workflows/moderation/demo/images/beach.png"

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The labels that apply, of those that the page lists."""
        element = page.select_one("crowd-rekognition-detect-moderation-labels")
        assert element is not None, "the page of workflows/moderation has this element"
        image = PurePosixPath(urlsplit(str(element["src"])).path).stem
        applying = dict(self.rows("labels.tsv"))[image].split(", ")
        listed = json.loads(str(element["categories"]))
        return {_SOURCE: {"moderationLabels": [one for one in listed if one["name"] in applying]}}

    def outcome(self, records: list[Record], _folder: Path) -> RenderableType:
        """A row for each drawing."""
        by_item = {record["item_id"]: record for record in records}
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("image", "Rekognition found", "confidence", "conditions", "person"):
            table.add_column(column)
        for path in self.paths:
            record = by_item[path.stem]
            prediction = record["prediction"]
            table.add_row(
                path.stem,
                ", ".join(prediction["label"]) or "nothing",
                "" if prediction["confidence"] is None else f"{prediction['confidence']:.3f}",
                "met: human loop" if record["route"] == "activated" else "not met: accepted",
                decided(record, _listed),
            )
        return table


def _listed(labels: list[str]) -> str:
    return ", ".join(labels) or "none of these"


SCENARIO = Moderation("moderation", "images")
