"""``human-review template lint``."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from review_cli.cannot_look import told
from review_cli.options import AsJson
from review_cli.wording import counted

if TYPE_CHECKING:
    from human_review.page_lint import Finding
    from review_cli.template.source import PageSource

    Findings = dict[str, tuple[Finding, ...]]

FINDINGS = 1
_STYLES = {"error": "bold red", "warning": "yellow"}


def lint(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="A workflow's folder, a page, or a library page."),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a task page, where, and what to do about it.

    Exit status: 0 no error, 1 an error (with --strict, a warning too), 2 could not look.
    """
    # The library brings the CDK along, which the other commands need not wait for.
    from review_cli.template.source import find_page

    with told(as_json):
        pages = [find_page(path) for path in paths]
        found = {page.name: page.findings() for page in pages}
    if as_json:
        typer.echo(_as_json(found, pages))
    else:
        _show(Console(highlight=False, emoji=False), found)
    if any(strict or each.severity == "error" for each in _all(found)):
        raise typer.Exit(FINDINGS)


def _show(console: Console, found: "Findings") -> None:
    for name, findings in found.items():
        for each in findings:
            said = Text.assemble(
                (f"{each.place(name)}: ", "bold"),
                (each.severity.value, _STYLES[each.severity]),
                f": {each.message} [{each.rule}]\n  {each.way_out}",
            )
            # A program that reads this finds each place on a line of its own.
            console.print(said, soft_wrap=not console.is_terminal)
    errors = sum(each.severity == "error" for each in _all(found))
    warnings = len(_all(found)) - errors
    counts = {"error": errors, "warning": warnings}
    listed = " and ".join(counted(count, noun) for noun, count in counts.items() if count)
    console.print(f"{listed or 'Nothing found'} in {counted(len(found), 'page')}.")


def _as_json(found: "Findings", pages: "list[PageSource]") -> str:
    document = {
        "pages": [
            {
                "page": page.name,
                "examples": list(page.examples()),
                "findings": [
                    {"severity": each.severity, **asdict(each)} for each in found[page.name]
                ],
            }
            for page in pages
        ]
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _all(found: "Findings") -> "list[Finding]":
    return [each for findings in found.values() for each in findings]
