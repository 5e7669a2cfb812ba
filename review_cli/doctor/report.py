"""What was found, for a person and for a program."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from review_cli.doctor.check import Check, Status
from review_cli.doctor.examination import Section
from review_cli.wording import counted

_STYLES = {Status.OK: "green", Status.WARNING: "yellow", Status.PROBLEM: "bold red"}
_BEFORE = "  "
_STATUS_WIDTH = len(Status.PROBLEM) + 2
_NARROWEST = 20


def show(console: Console, section: Section) -> None:
    """Print a section: what was found beside its status, which is readable without colour."""
    width = max(_NARROWEST, console.width - len(_BEFORE) - _STATUS_WIDTH)
    console.print(Text(section.title, style="bold"), soft_wrap=True)
    for check in section.checks:
        status = Text(check.status.ljust(_STATUS_WIDTH), style=_STYLES[check.status])
        for line in _told(check).wrap(console, width):
            line.rstrip()
            console.print(Text.assemble(_BEFORE, status, line), soft_wrap=True)
            status = Text(" " * _STATUS_WIDTH)
    console.print()


def show_summary(console: Console, sections: Iterable[Section]) -> None:
    """Print the last line."""
    counts = _counts(sections)
    total = counted(counts.total(), "check")
    found = [
        counted(counts[status], status)
        for status in (Status.PROBLEM, Status.WARNING)
        if counts[status]
    ]
    console.print(Text(f"{' and '.join(found)} in {total}." if found else f"Healthy: {total}."))


def as_json(account: str, region: str, sections: list[Section]) -> str:
    """Everything, as one JSON document."""
    counts = _counts(sections)
    document: dict[str, Any] = {
        "account": account,
        "region": region,
        "healthy": is_healthy(sections),
        "counts": {status.value: counts[status] for status in Status},
        "checks": [
            {"section": section.title, **asdict(check)}
            for section in sections
            for check in section.checks
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def is_healthy(sections: Iterable[Section]) -> bool:
    """Say whether every check is ok."""
    return all(check.status is Status.OK for section in sections for check in section.checks)


def _told(check: Check) -> Text:
    told = Text.assemble((check.name, "bold"), f": {check.sentence}")
    return told.append(f"\nNext: {check.next_step}") if check.next_step else told


def _counts(sections: Iterable[Section]) -> "Counter[Status]":
    return Counter(check.status for section in sections for check in section.checks)
