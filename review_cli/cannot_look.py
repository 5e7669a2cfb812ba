"""How a command ends that could not look."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from review_cli.connection import CannotLookError

CANNOT_LOOK = 2


@contextmanager
def told(as_json: bool) -> Iterator[None]:
    """Say why nothing could be looked at, and leave with exit status 2.

    :param as_json: whether a program reads what is printed.
    """
    try:
        yield
    except CannotLookError as error:
        if as_json:
            why = {"error": error.sentence, "next_step": error.next_step}
            typer.echo(json.dumps(why, indent=2))
        else:
            typer.echo(error.sentence, err=True)
            typer.echo(f"Next: {error.next_step}", err=True)
        raise typer.Exit(CANNOT_LOOK) from error
