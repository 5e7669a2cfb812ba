"""The custom demo: predictions that the caller brings, some of them not sure."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from rich.console import Group, RenderableType
from rich.text import Text

from demo.report import outcome_table, summary
from demo.scenario import Item, Record, UnusableTextError
from demo.workflow import DeployedWorkflow

_REQUESTS = Path(__file__).parents[1] / "workflows" / "custom" / "demo" / "requests.json"
_EXAMPLE = '{"input": {"subject": "Refund"}, "prediction": {"label": "billing", "confidence": 0.4}}'


class Custom:
    """Six requests to a shop, one reviewer."""

    reviewers = 1
    takes = f"any JSON with its prediction: {_EXAMPLE}"

    @cached_property
    def requests(self) -> list[dict[str, Any]]:
        """Every request, its prediction, and the team that it should go to."""
        requests: list[dict[str, Any]] = json.loads(_REQUESTS.read_text(encoding="utf-8"))
        return requests

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Nothing: an item is its JSON."""

    def items(self, deployed: DeployedWorkflow) -> list[Item]:
        """The requests with their predictions."""
        return [{key: each[key] for key in ("id", "input", "prediction")} for each in self.requests]

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """Only a whole item carries the prediction that this workflow needs."""
        raise UnusableTextError(f"TEXT must carry a prediction, such as {_EXAMPLE}")

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The team that the request should go to."""
        shown = {
            dt.get_text(): dd.get_text()
            for dt, dd in zip(page.find_all("dt"), page.find_all("dd"), strict=True)
        }
        [decision] = [each["decision"] for each in self.requests if each["input"] == shown]
        return {"decision": decision, "feedback": ""}

    def outcome(self, records: list[Record], folder: Path) -> RenderableType:
        """A row for each request."""
        texts = {each["id"]: each["input"]["text"] for each in self.requests}
        return Group(outcome_table(texts, records), Text(f"\n{summary(records)}"))


SCENARIO = Custom()
