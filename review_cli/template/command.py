"""The commands of ``human-review template``."""

import typer

from review_cli.template.lint import lint
from review_cli.template.preview import preview

template = typer.Typer(
    name="template", help="Look a task page over, and preview it.", no_args_is_help=True
)
template.command()(lint)
template.command()(preview)
