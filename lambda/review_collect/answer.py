"""What people answered, and the label in each answer."""

from typing import Any, TypedDict

from jmespath.parser import ParsedResult

from review_collect.label import label_in
from review_collect.loop_end import UnusableError


class Answer(TypedDict):
    """One person's answer."""

    worker_id: str | None
    label: Any
    answer: Any
    accepted_at: str | None
    submitted_at: str | None
    seconds: float | None


def read_answers(output: dict[str, Any], label: ParsedResult | None) -> list[Answer]:
    """Every answer in a loop's output, in the order in which the loop has them."""
    answers = output.get("humanAnswers")
    if not isinstance(answers, list) or not all(isinstance(it, dict) for it in answers):
        raise UnusableError("output.json must have a list of humanAnswers")
    return [_read(given, label) for given in answers]


def _read(given: dict[str, Any], label: ParsedResult | None) -> Answer:
    content = given.get("answerContent")
    return {
        "worker_id": given.get("workerId"),
        "label": label_in(content, label),
        "answer": content,
        # Older outputs lack these two.
        "accepted_at": given.get("acceptanceTime"),
        "submitted_at": given.get("submissionTime"),
        "seconds": given.get("timeSpentInSeconds"),
    }
