import base64
import json
import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import BrowserContext

from human_review import templates
from localcloud.a2i.liquid import render
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage, TaskPages

LIBRARY = Path(templates.__file__).parent


@pytest.fixture
def library_page(
    task_pages: TaskPages, task_browser: BrowserContext
) -> Iterator[Callable[[str, str], TaskPage]]:
    """Opens a page of the library with one of its examples, the files beside it as its objects."""
    opened: list[TaskPage] = []

    def open_page(name: str, example: str) -> TaskPage:
        examples = LIBRARY / name / "examples"
        task_input = json.loads((examples / f"{example}.json").read_text(encoding="utf-8"))
        rendered = render(
            templates.read(name),
            task_input,
            lambda uri: _data_uri(examples / PurePosixPath(uri).name),
        )
        opened.append(task_pages.open(task_browser, rendered))
        return opened[-1]

    yield open_page
    for task in opened:
        task.window.close()


def _data_uri(file: Path) -> str:
    kind, _ = mimetypes.guess_type(file.name)
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
