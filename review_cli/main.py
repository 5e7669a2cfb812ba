"""The commands of ``human-review``."""

from importlib.metadata import version
from typing import Annotated

import typer

from review_cli.doctor.command import doctor
from review_cli.labels.command import labels
from review_cli.template.command import template

app = typer.Typer(
    name="human-review",
    help="Look after human review of predictions with Amazon Augmented AI.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(doctor)
app.add_typer(labels)
app.add_typer(template)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"human-review {version('cdk-human-review')}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """What comes before the command."""
