"""Options that every command has."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Profile = Annotated[
    str | None,
    typer.Option("--profile", help="Profile of the AWS configuration. Default: AWS's own rules."),
]
Region = Annotated[
    str | None, typer.Option("--region", help="AWS Region. Default: AWS's own rules.")
]
