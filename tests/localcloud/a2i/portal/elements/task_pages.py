"""Task pages in a browser, inside a frame that plays the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Frame, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from localcloud.a2i.liquid import render
from localcloud.a2i.portal.static_files import ElementFiles
from localcloud.a2i.portal.task_page import SANDBOX, task_page
from tests.localcloud.a2i.portal.server import listening_socket, served

CROWD = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
_AXE = (Path(__file__).parents[5] / "node_modules/axe-core/axe.min.js").read_text()
_RULES = {
    # The page around the frame has the heading of the whole.
    "page-has-heading-one": {"enabled": False},
}
_PORTAL = f"""<!doctype html><html lang="en"><title>Portal</title>
<style>
  body {{ margin: 0 }}
  iframe {{ width: 100vw; height: 100vh; border: 0; display: block }}
</style>
<iframe title="Task" sandbox="{SANDBOX}"></iframe>
<script>
  const frame = document.querySelector("iframe");
  const heard = [];
  addEventListener("message", ({{ source, data }}) => {{
    if (source !== frame.contentWindow) return;
    heard.push(data);
    if (data.type === "task:ready") frame.focus();
  }});
  const last = (type) => heard.findLast((message) => message.type === type);
  frame.src = "/page";
</script>
"""


@dataclass
class TaskPage:
    """One task page, open in a browser.

    :param page: the frame of the task.
    """

    page: Frame

    @property
    def window(self) -> Page:
        """The page around it, which has the keyboard, the mouse and the size."""
        return self.page.page

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.window.keyboard.press(key)

    def submit(self) -> dict[str, Any]:
        """Click Submit; the answerContent that was sent."""
        self.page.get_by_role("button", name="Submit").click()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The answerContent that was sent, once it is there."""
        self.window.wait_for_function("last('task:answer')")
        content = self.window.evaluate("last('task:answer').answerContent")
        return cast("dict[str, Any]", content)

    def is_answered(self) -> bool:
        """Whether an answer has been sent."""
        # What the frame posted before is delivered before this is evaluated after its reply.
        self.page.evaluate("new Promise(requestAnimationFrame)")
        return bool(self.window.evaluate("last('task:answer') !== undefined"))

    def ready(self) -> dict[str, Any]:
        """What the page told the portal when it was ready."""
        return cast("dict[str, Any]", self.window.evaluate("last('task:ready')"))

    def violations(self) -> list[dict[str, Any]]:
        """What axe finds inaccessible: rule, what it asks for, and where."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE)
        found = self.page.evaluate(
            "rules => axe.run(document, {rules, resultTypes: ['violations']})", _RULES
        )
        return [
            {
                "rule": each["id"],
                "help": each["help"],
                "where": [node["html"] for node in each["nodes"]],
                "why": [node["failureSummary"] for node in each["nodes"]],
            }
            for each in found["violations"]
        ]


@dataclass
class TaskPages:
    """A server of task pages, one at a time.

    :param url: where it is served.
    :param rendered: the page's template, rendered.
    """

    url: str
    rendered: str = field(default="")

    def open(self, window: Page, rendered: str) -> TaskPage:
        """Open a page in a window; it is ready, and has the focus."""
        self.rendered = rendered
        window.goto(self.url)
        window.wait_for_function("last('task:ready')")
        window.frames[1].wait_for_function("document.hasFocus()")
        return TaskPage(window.frames[1])

    def portal(self, _: Request) -> Response:
        return HTMLResponse(_PORTAL)

    def page(self, _: Request) -> Response:
        return task_page(self.rendered)


@contextmanager
def served_task_pages() -> Iterator[TaskPages]:
    """Serve task pages on a port of this machine."""
    here = listening_socket()
    pages = TaskPages(f"http://localhost:{here.getsockname()[1]}")
    app = Starlette(
        routes=[
            Route("/", pages.portal),
            Route("/page", pages.page),
            Mount("/static", ElementFiles()),
        ]
    )
    with served((app, here)):
        yield pages


def rendered_page(template: str, task_input: dict[str, Any]) -> str:
    """A template as Amazon A2I renders it, with the elements' script before it if it has none.

    An ``s3://bucket/key`` that workers may read becomes ``https://signed/bucket/key``.
    """
    if "crowd-html-elements.js" not in template:
        template = CROWD + template
    return render(template, task_input, lambda uri: f"https://signed/{uri.removeprefix('s3://')}")
