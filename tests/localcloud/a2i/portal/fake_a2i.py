"""Amazon A2I as far as the portal sees it: jobs of one template, with one task for each input."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from localcloud.a2i.liquid import render
from localcloud.a2i.worker import Gone, Job, Task, TaskGone, Worker

GROUP = "reviewers"
SENTIMENT = """
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <crowd-classifier name="sentiment" categories="['-1', '0', '1']"
    initial-value="{{ task.input.initialValue }}"
    header="Classify the review: -1 (negative), 0 (neutral), 1 (positive)">
    <classification-target>{{ task.input.taskObject }}</classification-target>
    <full-instructions header="How to classify a review">
      <p>Read the whole sentence, then choose what it says about the product.</p>
      <p><strong>1, positive:</strong> joy, excitement, delight, a recommendation.</p>
      <p><strong>0, neutral:</strong> neither, such as a fact or a question.</p>
      <p><strong>-1, negative:</strong> anger, sarcasm, anxiety, disappointment.</p>
    </full-instructions>
    <short-instructions>Choose -1 for a negative, 0 for a neutral, 1 for a positive review.
    </short-instructions>
  </crowd-classifier>
</crowd-form>
"""


@dataclass
class FakeA2I:
    """One flow definition; its tasks are taken in order, by members of one group.

    :param answers: what was submitted, by task.
    :param gone: why a task is not to be had any more, by task.
    """

    workforce: dict[str, Any] | None
    template: str = SENTIMENT
    inputs: list[Any] = field(default_factory=list)
    time_limit: timedelta = timedelta(minutes=10)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    declined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    gone: dict[str, Gone] = field(default_factory=dict)
    taken: dict[str, datetime] = field(default_factory=dict)

    def workforce_for_portal(self) -> dict[str, Any] | None:
        return self.workforce

    def jobs(self, worker: Worker) -> list[Job]:
        available = len([*self._open, *self._waiting])
        if GROUP not in worker.groups or not available:
            return []
        return [
            Job(
                flow_definition_name="sentiment--1",
                flow_definition_arn="arn:aws:sagemaker:eu-west-1:1:flow-definition/sentiment--1",
                title="Classify a product review",
                description="Say whether a review is negative (-1), neutral (0) or positive (1)",
                keywords=("reviews", "sentiment"),
                available=available,
                time_limit_seconds=int(self.time_limit.total_seconds()),
                created_at=datetime.now(UTC),
            )
        ]

    def take(self, worker: Worker, flow_definition_name: str) -> Task | None:
        assert flow_definition_name == "sentiment--1"
        task_id = next(iter([*self._open, *self._waiting]), None)
        if task_id is None or GROUP not in worker.groups:
            return None
        self.taken.setdefault(task_id, datetime.now(UTC))
        return self._task(task_id)

    def open_task(self, worker: Worker, task_id: str) -> Task:
        if task_id in self.gone:
            raise TaskGone(self.gone[task_id])
        if task_id not in self.taken or GROUP not in worker.groups:
            raise TaskGone("not yours")
        if task_id in self.answers:
            raise TaskGone("answered")
        task = self._task(task_id)
        if datetime.now(UTC) >= task.deadline:
            raise TaskGone("expired")
        return task

    def submit(self, worker: Worker, task_id: str, answer_content: dict[str, Any]) -> None:
        self.open_task(worker, task_id)
        self.answers[task_id] = answer_content

    def decline(self, worker: Worker, task_id: str) -> None:
        self.open_task(worker, task_id)
        self.declined.append(task_id)
        del self.taken[task_id]

    def leave(self, worker: Worker, task_id: str) -> None:
        self.open_task(worker, task_id)
        self.left.append(task_id)
        del self.taken[task_id]

    def leave_all(self, worker: Worker) -> None:
        for task_id in self._open:
            self.leave(worker, task_id)

    def end(self, task_id: str, reason: str) -> None:
        """Have a task be gone."""
        self.gone[task_id] = cast(Gone, reason)

    def render(self, task: Task) -> str:
        return render(task.template, task.input, lambda uri: f"https://signed/{uri}")

    @property
    def _open(self) -> list[str]:
        return [each for each in self.taken if each not in self.answers and each not in self.gone]

    @property
    def _waiting(self) -> list[str]:
        done = {*self.taken, *self.declined}
        return [f"task-{n}" for n in range(len(self.inputs)) if f"task-{n}" not in done]

    def _task(self, task_id: str) -> Task:
        return Task(
            task_id=task_id,
            human_loop_name=f"loop-{task_id}",
            flow_definition_name="sentiment--1",
            title="Classify a product review",
            description="Say whether a review is negative (-1), neutral (0) or positive (1)",
            template=self.template,
            input=self.inputs[int(task_id.removeprefix("task-"))],
            role_arn="arn:aws:iam::111122223333:role/review",
            accepted_at=self.taken[task_id],
            deadline=self.taken[task_id] + self.time_limit,
        )
