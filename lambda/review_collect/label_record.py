"""One label record: the item, the prediction, what people answered, and where all of it is from."""

from typing import Any

from jmespath.parser import ParsedResult

from review_collect import ai_service
from review_collect.answer import read_answers
from review_collect.consensus import consensus
from review_collect.loop_end import LoopEnd


def label_record(
    workflow: str,
    end: LoopEnd,
    request: dict[str, Any] | None,
    output: dict[str, Any] | None,
    label: ParsedResult | None,
    method: str,
    template_sha256: str | None,
) -> dict[str, Any]:
    """Put a record together.

    :param request: what triage asked, if it was triage that started the loop.
    :param output: the loop's output.json, which a failed or stopped loop lacks.
    :param label: JMESPath into an answer's content.
    :param method: how several labels become one.
    """
    asked = _asked(request, output or {})
    item = asked["item"]
    answers = read_answers(output, label) if output is not None else []
    agreed = consensus(method, [answer["label"] for answer in answers])
    return {
        "workflow": workflow,
        "item_id": item.get("id"),
        "status": end.status,
        "input": asked["taskObject"],
        "prediction": asked.get("prediction"),
        "model": item.get("model"),
        "route": item.get("route"),
        "label": agreed["label"],
        "consensus": agreed,
        "answers": answers,
        "human_loop_name": end.human_loop_name,
        "attempt": item.get("attempt"),
        "flow_definition_arn": end.flow_definition_arn,
        "template_sha256": template_sha256,
        "created_at": end.created_at,
        "output_uri": end.output_uri,
        "failure_code": end.failure_code,
        "failure_reason": end.failure_reason,
    }


def _asked(request: dict[str, Any] | None, output: dict[str, Any]) -> dict[str, Any]:
    """The content in triage's form; a loop that something else started may have any other."""
    content = output.get("inputContent") if request is None else request
    of_service = ai_service.asked(output) or {}
    if isinstance(content, dict) and isinstance(content.get("item"), dict):
        # Triage may have stopped between the service's answer and its own second record.
        return {"taskObject": None, "prediction": of_service.get("prediction"), **content}
    return of_service or {"taskObject": content, "item": {}}
