import base64
import json
import mimetypes
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Page

from human_review import templates
from localcloud.a2i.liquid import render
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage, TaskPages

LIBRARY = Path(templates.__file__).parent


@pytest.fixture
def library_page(
    task_pages: TaskPages, window: Callable[[], Page]
) -> Callable[[str, str], TaskPage]:
    """Opens a page of the library with one of its examples, the files beside it as its objects."""

    def open_page(name: str, example: str) -> TaskPage:
        examples = LIBRARY / name / "examples"
        task_input = json.loads((examples / f"{example}.json").read_text(encoding="utf-8"))
        rendered = render(
            templates.read(name),
            task_input,
            lambda uri: _data_uri(examples / PurePosixPath(uri).name),
        )
        return task_pages.open(window(), rendered)

    return open_page


def _data_uri(file: Path) -> str:
    kind, _ = mimetypes.guess_type(file.name)
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
