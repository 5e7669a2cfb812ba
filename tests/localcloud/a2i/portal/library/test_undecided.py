"""On every page of the library a reviewer may say that they cannot decide, and why."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from human_review import templates
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage
from tests.localcloud.a2i.portal.library.conftest import LIBRARY

UNDECIDED = "I can't decide"
# What has to be said even then.
FURTHER = {
    "instance-segmentation": "Nothing to label",
    "keypoints": "Nothing to label",
    "moderation": "None of these",
    "polygons": "Nothing to label",
    "semantic-segmentation": "Nothing to label",
}


@pytest.mark.parametrize("name", templates.names())
def test_a_reviewer_cannot_decide_and_says_why(
    library_page: Callable[[str, str], TaskPage], name: str
) -> None:
    example, *_ = sorted(path.stem for path in LIBRARY.glob(f"{name}/examples/*.json"))
    task = library_page(name, example)
    # An image to draw on is not there at once.
    expect(task.page.locator(".frame[aria-busy=true]")).to_have_count(0)

    radio, box = (task.page.get_by_role(role, name=UNDECIDED) for role in ("radio", "checkbox"))
    radio.or_(box).check()
    if name in FURTHER:
        task.page.get_by_role("checkbox", name=FURTHER[name]).check()
    task.page.get_by_role("textbox", name="Comment (optional)").fill("Too dark")

    answer = task.submit()
    assert answer["comment"] == "Too dark"
    assert answer.get("undecided") == {"yes": True} or UNDECIDED in json.dumps(answer)
