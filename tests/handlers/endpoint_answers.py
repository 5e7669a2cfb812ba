"""What endpoints are asked and answer: triage reads it, and doctor before triage does."""

from typing import Any, NamedTuple

MODEL: dict[str, Any] = {
    "endpoint_name": "sentiment",
    "content_type": "application/jsonlines",
    "accept": "application/jsonlines",
    "request": {"features": ["$input"]},
    "response": {"label": "predicted_label", "confidence": "probability"},
}
JSON = {"content_type": "application/json", "accept": "application/json"}


class Asked(NamedTuple):
    """A request.

    :param model: what is not as in ``MODEL``.
    """

    item_input: Any
    body: bytes
    model: dict[str, Any] = {}


class Answer(NamedTuple):
    """An answer.

    :param model: what is not as in ``MODEL``.
    """

    body: bytes
    model: dict[str, Any] = {}


REQUESTS = {
    "a line": Asked("I enjoy\nthis é", '{"features":["I enjoy\\nthis é"]}\n'.encode()),
    "a document": Asked(
        {"text": "$input"},
        b'{"deep":[{"x":{"text":"$input"}}],"n":1}',
        {**JSON, "request": {"n": 1, "deep": [{"x": "$input"}]}},
    ),
    "the input alone": Asked({"b": 1, "a": None}, b'{"a":null,"b":1}\n', {"request": "$input"}),
    "no input": Asked("x", b'"cost: $input"\n', {"request": "cost: $input"}),
}

_HIGHEST = {"label": "max_by(@, &score).name", "confidence": "max_by(@, &score).score"}
_MAXIMUM = {"label": "max(scores)", "confidence": "probability"}

# With the label and the confidence that are found in each.
TAKEN: dict[str, tuple[Answer, Any, float]] = {
    "the first line": (
        Answer(b'{"probability": 0.93, "predicted_label": 1}\n{"probability": 0.1}\n'),
        1,
        0.93,
    ),
    "by functions": (
        Answer(
            b'[{"name": "a", "score": 0.2},\n {"name": "b", "score": 0.8}]',
            {**JSON, "response": _HIGHEST},
        ),
        "b",
        0.8,
    ),
    "quite unsure": (Answer(b'{"probability": 0, "predicted_label": false}'), False, 0),
    "quite sure": (Answer(b'{"probability": 1.0, "predicted_label": [2]}'), [2], 1.0),
}
REFUSED = {
    "nothing": Answer(b""),
    "a page": Answer(b"<html>"),
    "no UTF-8": Answer(b"\xff"),
    "too deep": Answer(b"[" * 100_000),
    "NaN": Answer(b'{"probability": NaN, "predicted_label": 1}'),
    "no label": Answer(b'{"probability": 0.9}'),
    "no confidence": Answer(b'{"predicted_label": 1}'),
    "a percentage": Answer(b'{"probability": 87, "predicted_label": 1}'),
    "below 0": Answer(b'{"probability": -0.1, "predicted_label": 1}'),
    "a text": Answer(b'{"probability": "0.9", "predicted_label": 1}'),
    "true": Answer(b'{"probability": true, "predicted_label": 1}'),
    "a function of something else": Answer(
        b'{"scores": {"a": 1}, "probability": 1}', {"response": _MAXIMUM}
    ),
}
