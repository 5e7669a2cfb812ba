"""What an item must be."""

import json
from hashlib import sha256
from typing import Any

import pytest

from review_triage.item import Item, Prediction, RefusedError, read


def test_item_is_read() -> None:
    given = {
        "id": "review-17",
        "input": "fine",
        "prediction": {"label": 1, "confidence": 0.93, "model": "m-2"},
    }

    assert read(given) == Item("review-17", "fine", Prediction(1, 0.93, "m-2"))


def test_item_without_a_prediction_is_read() -> None:
    assert read({"id": "a", "input": None}) == Item("a", None, None)
    assert read({"id": "a", "input": "x", "prediction": None}).prediction is None


def test_id_is_by_default_the_inputs_hash() -> None:
    text = '{"a":"é","b":1}'

    assert read({"input": json.loads('{"b": 1, "a": "\\u00e9"}')}).id == (
        sha256(text.encode()).hexdigest()
    )


@pytest.mark.parametrize("confidence", [0, 1, 0.5, 0.0, 1.0])
def test_confidence_may_be_any_number_from_0_to_1(confidence: float) -> None:
    given = read({"input": "x", "prediction": {"label": 0, "confidence": confidence}})

    assert given.prediction == Prediction(0, confidence)


@pytest.mark.parametrize(
    ("prediction", "reason"),
    [
        ({"label": 1}, "must have a number as confidence, got null or nothing"),
        ({"label": 1, "confidence": None}, "got null or nothing"),
        ({"label": 1, "confidence": True}, "got a boolean"),
        ({"label": 1, "confidence": "0.9"}, "got a string"),
        ({"label": 1, "confidence": float("nan")}, "NaN or Infinity"),
        ({"label": 1, "confidence": float("inf")}, "NaN or Infinity"),
        ({"label": 1, "confidence": 1.01}, "from 0 to 1, got 1.01"),
        ({"label": 1, "confidence": -0.01}, "from 0 to 1, got -0.01"),
        ({"label": 1, "confidence": 93}, "from 0 to 1, got 93"),
        ({"confidence": 0.9}, "prediction must have a label"),
        ({"label": 1, "confidence": 0.9, "model": 2}, "model must be a string, got a number"),
        ({"label": 1, "confidence": 0.9, "score": 2}, "confidence, label, model, got 'score'"),
        ([1, 0.9], "prediction must be a JSON object, got an array"),
    ],
)
def test_unusable_prediction_is_refused(prediction: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        read({"input": "x", "prediction": prediction})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x", "an item must be a JSON object, got a string"),
        (None, "got null or nothing"),
        ({"id": "a"}, "an item must have an input"),
        ({"input": "x", "id": ""}, "id must be a string .*got an empty string"),
        ({"input": "x", "id": 17}, "id must be a string .*got a number"),
        ({"input": "x", "predicton": {}}, "may have id, input, prediction, got 'predicton'"),
        ({"input": [float("nan")]}, "NaN or Infinity"),
        ({"input": "\ud800"}, "surrogate"),
        ({"input": "x", "id": "\ud800"}, "surrogate"),
    ],
)
def test_what_is_no_item_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        read(value)
