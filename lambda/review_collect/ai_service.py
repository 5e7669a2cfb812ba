"""Human loops of built-in task types: what Rekognition or Textract was asked, and what it said.

Their output.json holds both, in camelCase:
https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html
"""

from typing import Any


def asked(output: dict[str, Any]) -> dict[str, Any] | None:
    """What was asked, in triage's form; None of a custom task type."""
    content = output.get("inputContent")
    if not isinstance(content, dict) or not isinstance(content.get("aiServiceRequest"), dict):
        return None
    response = content.get("aiServiceResponse")
    source = output.get("awsManagedHumanLoopRequestSource")
    return {
        "taskObject": _place(content["aiServiceRequest"]),
        "prediction": _prediction(response) if isinstance(response, dict) else None,
        "item": {"model": source if isinstance(source, str) else None, "route": "activated"},
    }


def _place(request: dict[str, Any]) -> Any:
    """The image or the document, as an item names it; a request in another form as it is."""
    match request.get("image") or request.get("document"):
        case {"s3Object": {"bucket": bucket, "name": key}}:
            return {"bucket": bucket, "key": key}
        case _:
            return request


def _prediction(response: dict[str, Any]) -> dict[str, Any] | None:
    """The service's answer as triage records it."""
    if isinstance(labels := response.get("moderationLabels"), list):
        return {"label": [label.get("name") for label in labels], "confidence": _lowest(labels)}
    if isinstance(blocks := response.get("blocks"), list):
        keys = [block for block in blocks if "KEY" in (block.get("entityTypes") or ())]
        return {"label": _pairs(keys, blocks), "confidence": _lowest(keys)}
    return None


def _pairs(keys: list[dict[str, Any]], blocks: list[dict[str, Any]]) -> dict[str, str]:
    """The values of a form by their keys."""
    by_id = {block.get("id"): block for block in blocks}
    return {
        _text(key, by_id): " ".join(_text(value, by_id) for value in _tied(key, "VALUE", by_id))
        for key in keys
    }


def _text(block: dict[str, Any], by_id: dict[Any, dict[str, Any]]) -> str:
    """The words of a key or a value; of a box to tick, whether it is."""
    children = _tied(block, "CHILD", by_id)
    return " ".join(
        str(child.get("text") or child.get("selectionStatus") or "") for child in children
    )


def _tied(
    block: dict[str, Any], kind: str, by_id: dict[Any, dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        by_id[id_]
        for tie in block.get("relationships") or ()
        if tie.get("type") == kind
        for id_ in tie.get("ids") or ()
        if id_ in by_id
    ]


def _lowest(findings: list[dict[str, Any]]) -> float | None:
    """How sure the service is of what it is least sure of, from 0 to 1."""
    confidences = [it["confidence"] for it in findings if it.get("confidence") is not None]
    # To eight places: a percentage divided has digits that mean nothing.
    return round(min(confidences) / 100, 8) if confidences else None
