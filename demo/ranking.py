"""The ranking demo: three reviewers rank answers; preference pairs for training come out."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from demo.play import shown
from demo.report import decided
from demo.scenario import Item, Record, UnusableTextError
from demo.workflow import DeployedWorkflow
from review_cli.labels.pairs import as_pairs
from review_cli.labels.reliability import NoAlphaError, reliability

_PROMPTS = Path(__file__).parents[1] / "workflows" / "ranking" / "demo" / "prompts.json"
_EXAMPLE = '{"prompt": "What is 6 times 7?", "responses": ["42", "About 40."]}'
# No model has ranked the answers, so that people see all of them.
_UNRANKED = {"label": None, "confidence": 0}


class Ranking:
    """Eight prompts with two to four answers each, three reviewers."""

    reviewers = 3
    takes = f"a prompt and its answers, such as: {_EXAMPLE}"

    @cached_property
    def prompts(self) -> list[dict[str, Any]]:
        """Every prompt, its responses, and how each reviewer ranks them."""
        prompts: list[dict[str, Any]] = json.loads(_PROMPTS.read_text(encoding="utf-8"))
        return prompts

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Nothing: an item is its texts."""

    def items(self, deployed: DeployedWorkflow) -> list[Item]:
        """Every prompt with its responses, and no prediction to speak of."""
        return [
            {
                "id": each["id"],
                "input": {"prompt": each["prompt"], "responses": each["responses"]},
                "prediction": _UNRANKED,
            }
            for each in self.prompts
        ]

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """A prompt with two or more responses, in JSON."""
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        match given:
            case {"prompt": str(), "responses": list(responses)} if len(responses) > 1:
                return {"input": given, "prediction": _UNRANKED}
            case _:
                raise UnusableTextError(
                    f"TEXT must be a prompt with two or more responses, such as {_EXAMPLE}"
                )

    def answer(self, page: BeautifulSoup, reviewer: int) -> dict[str, Any]:
        """The reviewer's ranks for the prompt that the page shows, or that they cannot decide."""
        shown_prompt = page.find(class_="prompt")
        text = " ".join(shown_prompt.get_text().split()) if shown_prompt else ""
        ranks = self._ranks[text][reviewer]
        fields = {f"rank_{n}": str(rank) for n, rank in enumerate(ranks or (), start=1)}
        return {**fields, "undecided": {"yes": ranks is None}, "comment": ""}

    def outcome(self, records: list[Record], folder: Path) -> RenderableType:
        """The ranks of each prompt's answers; alpha; and the preference pairs, left in a file."""
        pairs = folder / "pairs.jsonl"
        pairs.write_bytes(as_pairs(records))
        lines = pairs.read_text(encoding="utf-8").splitlines()
        return Group(
            _table(records),
            Text(f"\n{_alpha(records)}"),
            Text(f"{len(lines)} preference pairs in {shown(pairs)}, the first:"),
            _fields(json.loads(lines[0])),
        )

    @cached_property
    def _ranks(self) -> dict[str, list[list[int] | None]]:
        return {" ".join(each["prompt"].split()): each["ranks"] for each in self.prompts}


def _table(records: list[Record]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("item", no_wrap=True)
    table.add_column("prompt", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("ranked by each reviewer", no_wrap=True)
    table.add_column("consensus", no_wrap=True)
    table.add_column("agree", justify="right", no_wrap=True)
    for record in sorted(records, key=lambda record: str(record["item_id"])):
        agreement = record["consensus"]["agreement"]
        table.add_row(
            record["item_id"],
            Text(_line(record["input"]["prompt"])),
            "  ".join(_written(answer["label"]) for answer in record["answers"]),
            decided(record, _written),
            "" if agreement is None else f"{agreement:.2f}",
        )
    return table


def _fields(pair: dict[str, str]) -> Table:
    """A pair, with its texts beside their names."""
    grid = Table.grid(padding=(0, 2))
    for name, text in pair.items():
        grid.add_row(f"  {name}", Text(_line(text)))
    return grid


def _written(ranks: list[float] | None) -> str:
    return "undecided" if ranks is None else " ".join(f"{rank:g}" for rank in ranks)


def _alpha(records: list[Record]) -> str:
    try:
        found = reliability(records, None)
    except NoAlphaError as error:
        return str(error)
    return f"Krippendorff's alpha of all ranks: {found.alpha:.3f} ({found.level})"


def _line(text: str) -> str:
    return " ".join(text.split())


SCENARIO = Ranking()
