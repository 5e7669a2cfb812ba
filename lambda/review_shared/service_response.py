"""What Amazon Rekognition or Amazon Textract said, as a prediction.

The keys of a response are in camelCase here, as Amazon A2I keeps it in output.json; the services
themselves answer in PascalCase, which :func:`camel_case` turns into that.
"""

from typing import Any

Block = dict[str, Any]


def camel_case(node: Any) -> Any:
    """A response with the keys that Amazon A2I gives it."""
    match node:
        case dict():
            return {key[:1].lower() + key[1:]: camel_case(value) for key, value in node.items()}
        case list():
            return [camel_case(each) for each in node]
        case _:
            return node


def prediction(response: dict[str, Any]) -> dict[str, Any] | None:
    """The label, and how sure the service is of what it is least sure of, from 0 to 1.

    The label is the names of the moderation labels, or the values of a form by their keys. None
    for what is no response of either service; the confidence is None when nothing was found.
    """
    if isinstance(labels := response.get("moderationLabels"), list):
        return {"label": [label.get("name") for label in labels], "confidence": _lowest(labels)}
    if isinstance(blocks := response.get("blocks"), list):
        keys = [block for block in blocks if "KEY" in (block.get("entityTypes") or ())]
        return {"label": _pairs(keys, blocks), "confidence": _lowest(keys)}
    return None


def _pairs(keys: list[Block], blocks: list[Block]) -> dict[str, str | list[str]]:
    """The values of a form by their keys; of a key that is there several times, a list of them."""
    by_id = {block.get("id"): block for block in blocks}
    values: dict[str, list[str]] = {}
    for key in keys:
        value = " ".join(_text(value, by_id) for value in _tied(key, "VALUE", by_id))
        values.setdefault(_text(key, by_id), []).append(value)
    return {key: of_key[0] if len(of_key) == 1 else of_key for key, of_key in values.items()}


def _text(block: Block, by_id: dict[Any, Block]) -> str:
    """The words of a key or a value; of a box to tick, whether it is."""
    children = _tied(block, "CHILD", by_id)
    return " ".join(
        str(child.get("text") or child.get("selectionStatus") or "") for child in children
    )


def _tied(block: Block, kind: str, by_id: dict[Any, Block]) -> list[Block]:
    return [
        by_id[id_]
        for tie in block.get("relationships") or ()
        if tie.get("type") == kind
        for id_ in tie.get("ids") or ()
        if id_ in by_id
    ]


def _lowest(findings: list[dict[str, Any]]) -> float | None:
    confidences = [it["confidence"] for it in findings if it.get("confidence") is not None]
    # To eight places: a percentage divided has digits that mean nothing.
    return round(min(confidences) / 100, 8) if confidences else None
