"""``human-review template preview``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from review_cli.cannot_look import told
from review_cli.connection import CannotLookError

if TYPE_CHECKING:
    from review_cli.template.source import PageSource

_PORT = 4590


def preview(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A workflow's folder, a page, or a library page.")
    ],
    example: Annotated[
        str | None, typer.Option(help="Which example to show first.", show_default=False)
    ] = None,
    input_file: Annotated[
        Path | None,
        typer.Option("--input", help="JSON to show instead of examples.", show_default=False),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port, or the next free one.")
    ] = _PORT,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    png: Annotated[
        Path | None,
        typer.Option(help="Write a picture of the page, and exit.", show_default=False),
    ] = None,
    width: Annotated[int, typer.Option(min=1, help="Width of the picture, in pixels.")] = 1000,
) -> None:
    """Show a task page with its examples, as the local worker portal does.

    It is shown anew when a file is saved, beside what is wrong with it and the answer that Submit
    would give. No account and no network are needed. Exit status: 0, or 2 if nothing can be shown.
    """
    # The library brings the CDK along, which the other commands need not wait for.
    from review_cli.template.source import find_page

    with told(as_json=False):
        page = find_page(path, input_file)
        shown = _example(page, example)
        try:
            from review_cli.template import picture, preview_server
        except ModuleNotFoundError as error:
            raise CannotLookError(
                f"The preview needs the local cloud's portal, but {error.name} is not installed.",
                "Install it with `make install`, or `pip install '<the checkout>[local]'`.",
            ) from error
        if png is not None:
            picture.write(page, shown, png, width)
            typer.echo(f"Wrote {png}.")
        else:
            preview_server.run(page, shown, port, open_browser=open_browser)


def _example(page: "PageSource", wanted: str | None) -> str | None:
    """The name of the example to show first."""
    names = list(page.examples())
    if wanted is None:
        return names[0] if names else None
    for name in names:
        if wanted in (name, Path(name).name, Path(name).stem):
            return name
    known = ", ".join(Path(name).stem for name in names)
    raise CannotLookError(
        f"{page.name} has no example {wanted}.",
        f"Name one of: {known}." if known else f"Write one into {page.folder / 'examples'}.",
    )
