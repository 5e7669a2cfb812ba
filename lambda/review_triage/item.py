"""An item to be triaged, and the prediction for it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from review_shared.strict_json import JsonError, canonical

KEYS = {"id", "input", "prediction"}
PREDICTION_KEYS = {"label", "confidence", "model"}


class RefusedError(ValueError):
    """An item that no second attempt can help; its text is the reason."""


@dataclass(frozen=True)
class Prediction:
    """What the model says, how sure it is of it, and which model it was.

    :param confidence: from 0 to 1; None of a service that found nothing.
    """

    label: Any
    confidence: float | None
    model: str | None = None


@dataclass(frozen=True)
class Item:
    """What is to be labelled; without a prediction the endpoint is asked for one."""

    id: str
    input: Any
    prediction: Prediction | None


def read(value: Any) -> Item:
    """Check one item as a caller sends it."""
    if not isinstance(value, dict):
        raise RefusedError(f"an item must be a JSON object, got {_kind(value)}")
    _check_keys(value, KEYS, "an item")
    if "input" not in value:
        raise RefusedError("an item must have an input")
    try:
        canonical(value)
    except JsonError as error:
        raise RefusedError(f"the item is no JSON: {error}") from None

    item_id = value.get("id")
    if item_id is None:
        item_id = sha256(canonical(value["input"]).encode()).hexdigest()
    if not isinstance(item_id, str) or not item_id:
        raise RefusedError(f"id must be a string of one or more characters, got {_kind(item_id)}")
    given = value.get("prediction")
    return Item(item_id, value["input"], None if given is None else _read_prediction(given))


def given_id(value: Any) -> str | None:
    """The id that the caller gave, however wrong the rest is: a refusal should name it."""
    item_id = value.get("id") if isinstance(value, dict) else None
    return item_id if isinstance(item_id, str) else None


def prediction(label: Any, confidence: Any, model: str | None, source: str) -> Prediction:
    """Check a prediction.

    :param source: who gave it, as the start of an error's sentence.
    """
    # JSON's true is Python's 1.
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise RefusedError(f"{source} must have a number as confidence, got {_kind(confidence)}")
    if not 0 <= confidence <= 1:
        raise RefusedError(f"{source} must have a confidence from 0 to 1, got {confidence}")
    return Prediction(label, confidence, model)


def _read_prediction(given: Any) -> Prediction:
    if not isinstance(given, dict):
        raise RefusedError(f"prediction must be a JSON object, got {_kind(given)}")
    _check_keys(given, PREDICTION_KEYS, "prediction")
    if "label" not in given:
        raise RefusedError("prediction must have a label")
    model = given.get("model")
    if not isinstance(model, str | None):
        raise RefusedError(f"model must be a string, got {_kind(model)}")
    return prediction(given["label"], given.get("confidence"), model, "prediction")


def _check_keys(value: dict[str, Any], allowed: set[str], what: str) -> None:
    if unknown := sorted(value.keys() - allowed):
        raise RefusedError(f"{what} may have {', '.join(sorted(allowed))}, got {unknown[0]!r}")


def _kind(value: Any) -> str:
    """What ``value`` is, in JSON's words: never the value itself, which may be personal."""
    match value:
        case None:
            return "null or nothing"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string" if value else "an empty string"
        case list():
            return "an array"
        case _:
            return "an object"
