from collections.abc import Callable

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage


def test_a_label_is_chosen_by_mouse(task_page: Callable[..., TaskPage]) -> None:
    task = task_page(
        """<crowd-form><crowd-classifier name="mood" categories="['good', 'bad']" header="Mood?">
        <classification-target>{{ task.input.text }}</classification-target>
        </crowd-classifier></crowd-form>""",
        {"text": "It squeaks."},
    )

    task.page.get_by_role("radio", name="good").click()

    assert task.violations() == []
    assert task.submit() == {"mood": {"label": "good"}}
