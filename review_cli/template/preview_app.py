"""The preview as a web application: the task page in a frame, with what is known of it around."""

import asyncio
import json
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from watchfiles import awatch

from localcloud.a2i.liquid import RenderError, render
from localcloud.a2i.portal.static_files import ElementFiles
from localcloud.a2i.portal.task_page import SANDBOX, task_page
from review_cli.connection import CannotLookError
from review_cli.template.example_object import object_response
from review_cli.template.source import PageSource

_STATIC = Path(__file__).parent / "static"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def create_app(page: PageSource, first: str | None, stopping: asyncio.Event) -> Starlette:
    """The preview of one page.

    :param first: the example to show first. Default: an empty input.
    :param stopping: set when the server is to end, which ends the streams of changes.
    """
    preview = _Preview(page, first, stopping)
    return Starlette(
        routes=[
            Route("/", preview.around),
            Route("/page", preview.page),
            Route("/state", preview.state),
            Route("/changes", preview.changes),
            Route("/s3/{bucket}/{key:path}", preview.object),
            Mount("/static", ElementFiles()),
            Mount("/preview", StaticFiles(directory=_STATIC)),
        ]
    )


class _Preview:
    def __init__(self, page: PageSource, first: str | None, stopping: asyncio.Event) -> None:
        self._page = page
        self._first = first
        self._stopping = stopping

    async def around(self, _: Request) -> Response:
        """What stands around the frame."""
        html = (_STATIC / "preview.html").read_text(encoding="utf-8")
        for mark, value in (("$NAME", self._page.name), ("$SANDBOX", SANDBOX)):
            html = html.replace(mark, escape(value))
        return HTMLResponse(html, headers=_HEADERS)

    async def state(self, _: Request) -> Response:
        """The examples there are, and what is wrong with the page."""
        try:
            findings = self._page.findings()
            examples = self._page.examples()
        except CannotLookError as error:
            return JSONResponse({"examples": {}, "first": None, "findings": [_as_one(error)]})
        return JSONResponse(
            {
                "examples": examples,
                "first": self._first if self._first in examples else next(iter(examples), None),
                "findings": [
                    {
                        "severity": each.severity,
                        "place": each.place(self._page.name),
                        "message": f"{each.message} [{each.rule}]",
                        "wayOut": each.way_out,
                    }
                    for each in findings
                ],
            },
            headers=_HEADERS,
        )

    async def page(self, request: Request) -> Response:
        """The task page with the example that the query names."""
        examples = self._page.examples()
        try:
            task_input: Any = json.loads(
                examples.get(request.query_params.get("example", ""), "{}")
            )
            base = str(request.base_url)
            return task_page(render(self._page.text(), task_input, lambda uri: _address(base, uri)))
        except (RenderError, CannotLookError, json.JSONDecodeError) as error:
            text = f"<p>The page cannot be shown.</p><p>{escape(str(error))}</p>"
            return HTMLResponse(f"<!doctype html>{text}", headers=_HEADERS)

    async def changes(self, _: Request) -> Response:
        """An event for each time that a file of the page is saved."""
        return StreamingResponse(
            self._changes(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _changes(self) -> AsyncIterator[str]:
        watched = {self._page.folder.resolve(), self._page.file.resolve().parent}
        if self._page.input_file is not None:
            watched.add(self._page.input_file.resolve().parent)
        yield "event: watching\ndata: \n\n"
        async for _ in awatch(*watched, stop_event=self._stopping, debounce=50, step=20):
            yield "event: changed\ndata: \n\n"

    async def object(self, request: Request) -> Response:
        """What stands for an object in Amazon S3."""
        parameters = request.path_params
        return object_response(self._page.folder, parameters["bucket"], parameters["key"])


def _address(base: str, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return f"{base}s3/{quote(bucket)}/{quote(key)}"


def _as_one(error: CannotLookError) -> dict[str, str]:
    return {
        "severity": "error",
        "place": "",
        "message": error.sentence,
        "wayOut": error.next_step,
    }
