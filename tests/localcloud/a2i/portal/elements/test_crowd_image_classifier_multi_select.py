"""All the labels that apply to an image, or the one that says that none does."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import SRC
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[..., TaskPage]

STOCK = (Path(__file__).parent / "stock/image-classifier-multi-select.html").read_text()
# The developer guide's page, but for its image.
TEMPLATE = re.sub(r'src="https://images[^"]*"', f'src="{SRC}"', STOCK)


def test_labels_are_chosen_by_mouse(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE)

    task.page.get_by_role("checkbox", name="Horse").click()
    task.page.get_by_role("checkbox", name="Cat").click()

    assert task.violations() == []
    assert task.ready()["unknown"] == []
    assert task.submit() == {"animals": {"labels": ["Cat", "Horse"]}}


def test_labels_are_chosen_by_keyboard_alone(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE)

    task.press("Enter")
    expect(task.page.get_by_role("alert")).to_have_text("Choose at least one of the answers first.")
    task.press("6", "2", "5", "5", "Enter")

    assert task.answer() == {"animals": {"labels": ["Dog"]}}


def test_none_of_them_is_an_empty_list(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE)

    task.page.get_by_role("checkbox", name="Cat").click()
    task.page.get_by_role("checkbox", name="None of the above").click()

    expect(task.page.get_by_role("checkbox", name="Cat")).not_to_be_checked()
    assert task.submit() == {"animals": {"labels": []}}


def test_a_comment_is_part_of_the_answer(task_page: OpenPage) -> None:
    comment = "<worker-comment>Say more.</worker-comment></crowd-image-classifier-multi-select>"
    task = task_page(TEMPLATE.replace("</crowd-image-classifier-multi-select>", comment))

    task.press("1")
    task.page.get_by_role("button", name="Add a comment.").click()
    task.window.keyboard.type("It is asleep.")
    task.page.get_by_role("button", name="Done").click()

    assert task.submit() == {"animals": {"labels": ["Cat"], "workerComment": "It is asleep."}}
