"""The portal's style sheets and scripts."""

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles


class ElementFiles(StaticFiles):
    """Files that task pages may load too, though their origin is none."""

    def __init__(self) -> None:
        super().__init__(directory=Path(__file__).parent / "static")

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """A file, which a browser asks about again each time and mostly has already."""
        response = super().file_response(*args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
