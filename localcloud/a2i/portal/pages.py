"""The portal's own pages, and what every one of them allows a browser to do."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# A message may stand in the frame of a task; what can be acted on is never framed.
_FRAMED_BY = {"message.html": "'self'"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def _duration(seconds: int) -> str:
    """A span of time in the words of a clock on the wall: ``10 min``, ``1 h 30 min``, ``45 s``."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min")) if count)


_PAGES.filters["duration"] = _duration


def page(name: str, *, status: int = 200, csrf_token: str = "", **values: object) -> HTMLResponse:
    """A page of the portal.

    :param name: its file in ``pages/``.
    :param csrf_token: what its forms send back. Default: it has none to send.
    """
    html = _PAGES.get_template(name).render(csrf_token=csrf_token, **values)
    framed_by = _FRAMED_BY.get(name, "'none'")
    policy = f"{_POLICY}; frame-ancestors {framed_by}"
    return HTMLResponse(html, status, {**_HEADERS, "Content-Security-Policy": policy})


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it becomes a page, not a fault
    """A request that is answered by a page saying why not, and what to do.

    :param reason: the words of whoever refused, shown apart. Default: none are shown.
    :param action: where a button leads, and what it says. Default: back to the jobs.
    """

    status: int
    title: str
    text: str
    reason: str = ""
    action: tuple[str, str] | None = ("/", "Back to the jobs")


def refused(refusal: Refusal) -> HTMLResponse:
    """The page of a refusal."""
    return page(
        "message.html",
        status=refusal.status,
        title=refusal.title,
        text=refusal.text,
        reason=refusal.reason,
        action=refusal.action,
    )
