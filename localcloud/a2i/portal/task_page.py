"""A rendered template as a page of its own, in an origin of its own."""

import re

from starlette.responses import HTMLResponse

# The frame has no origin, so the template's scripts can reach neither the portal's pages nor its
# cookie; the same holds when the page is opened by itself.
SANDBOX = "allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox"
_HEADERS = {
    "Cache-Control": "no-store",
    # A form of the template may be submitted, which tells its listeners; it may not be sent.
    "Content-Security-Policy": f"sandbox {SANDBOX}; form-action 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ELEMENTS = re.compile(
    r"<script\b[^>]*\bsrc\s*=\s*[\"']?(?:https?:)?"
    r"//assets\.crowd\.aws/crowd-html-elements(?:-v\d+)?\.js\b[^>]*>"
    r"\s*</script\s*>",
    re.IGNORECASE,
)
_OUR_ELEMENTS = (
    '<link rel="stylesheet" href="/static/theme.css">'
    '<link rel="stylesheet" href="/static/elements/page.css">'
    '<script type="module" src="/static/built/registry.js"></script>'
)
_HEAD = '<meta name="viewport" content="width=device-width, initial-scale=1">'


def task_page(rendered: str) -> HTMLResponse:
    """The page of a task, with the portal's own elements in place of the CDN's.

    :param rendered: the template, rendered with the task's input.
    """
    html = _ELEMENTS.sub(_OUR_ELEMENTS, rendered)
    if not html.lstrip().lower().startswith("<!doctype"):
        html = f"<!doctype html>{_HEAD}{html}"
    return HTMLResponse(html, headers=_HEADERS)
