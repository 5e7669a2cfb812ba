"""``human-review labels agreement`` and ``human-review labels export``."""

import json
from dataclasses import asdict
from errno import EISDIR
from pathlib import Path
from typing import Annotated

import typer

from review_cli.cannot_look import told
from review_cli.connection import CannotLookError
from review_cli.labels.formats import WRITERS, Format
from review_cli.labels.pairs import left_out
from review_cli.labels.reading import Record, label_records
from review_cli.labels.reliability import Level, NoAlphaError, Reliability, reliability
from review_cli.options import AsJson, Profile, Region
from review_cli.wording import counted

NOTHING = 1
# Krippendorff's own advice, in Content Analysis (2004), page 241.
_RELIABLE, _TENTATIVE = 0.8, 0.667

labels = typer.Typer(
    name="labels", help="What people decided: how far they agree, and files.", no_args_is_help=True
)
Workflow = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Whose labels.")]


@labels.command()
def agreement(
    workflow: Workflow,
    level: Annotated[
        Level | None,
        typer.Option(
            metavar="LEVEL",
            help="What labels measure: nominal (names), ordinal (ranks), interval (numbers) or "
            "ratio (numbers with a zero). Default: by the workflow's consensus.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Krippendorff's alpha: how far reviewers agree beyond chance, over all labels.

    1 is perfect, 0 is chance. Exit status: 0 computed, 1 too little to go by, 2 could not look.
    """
    with told(as_json):
        records = label_records(workflow, profile, region)
    try:
        found = reliability(records, level)
    except NoAlphaError as error:
        if as_json:
            typer.echo(json.dumps({"workflow": workflow, "alpha": None, "reason": str(error)}))
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(NOTHING) from error
    if as_json:
        typer.echo(json.dumps({"workflow": workflow, **asdict(found)}, indent=2))
    else:
        _show(workflow, found)


@labels.command()
def export(
    workflow: Workflow,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="jsonl: the records as they are; csv or parquet: a row for each; manifest: "
            "SageMaker's augmented manifest; pairs: prompt, chosen and rejected, of rankings.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is the terminal.")
    ],
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Write the labels to a file.

    Manifests leave out what has no label, pairs what is no ranking of responses to a prompt.

    Exit status: 0 written, 1 there is nothing to write, 2 could not look or write.
    """
    with told(as_json=False):
        records = label_records(workflow, profile, region)
        content = WRITERS[format_](records) if records else b""
        if content:
            _write(content, output)
    if format_ is Format.PAIRS and (misfits := left_out(records)):
        typer.echo(
            f"Left out: {counted(misfits, 'label')} without a number as rank of each response.",
            err=True,
        )
    if not content:
        typer.echo(_nothing(workflow, records, format_), err=True)
        raise typer.Exit(NOTHING)
    if str(output) != "-":
        lines = content.count(b"\n")
        what = {
            Format.PAIRS: counted(lines, "pair"),
            Format.MANIFEST: counted(lines, "line"),
        }.get(format_, counted(len(records), "record"))
        typer.echo(f"{what} in {output}", err=True)


def _nothing(workflow: str, records: list[Record], format_: Format) -> str:
    if not records:
        return f"{workflow} has no labels yet."
    if format_ is Format.PAIRS:
        return f"None of {counted(len(records), 'label')} ranks responses to a prompt."
    return f"None of {counted(len(records), 'record')} has a label."


def _write(content: bytes, output: Path) -> None:
    """Write the file whole or not at all."""
    if str(output) == "-":
        typer.get_binary_stream("stdout").write(content)
        return
    unfinished = output.parent / f"{output.name}.part"
    try:
        if output.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder")
        try:
            unfinished.write_bytes(content)
            unfinished.replace(output)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise CannotLookError(
            f"{output} cannot be written: {error.strerror}.", "Name another file with -o."
        ) from error


def _show(workflow: str, found: Reliability) -> None:
    typer.echo(f"{workflow}: Krippendorff's alpha {found.alpha:.3f} ({found.level})")
    typer.echo(
        f"Of {counted(found.answers, 'label')} of {counted(found.units, 'unit')} by "
        f"{counted(found.reviewers, 'reviewer')}."
    )
    typer.echo(_judged(found.alpha))


def _judged(alpha: float) -> str:
    if alpha >= _RELIABLE:
        return "0.8 or more is held to be reliable."
    if alpha >= _TENTATIVE:
        return "From 0.667 on conclusions are tentative, from 0.8 reliable."
    return "Below 0.667 the labels are held to be unreliable."
