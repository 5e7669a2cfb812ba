"""Activation conditions: when a built-in task type asks a person."""

import json
from collections.abc import Callable
from typing import Any

from localcloud.a2i import json_text
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.request_source import DETECT_MODERATION_LABELS, FORMS

ANY = "*"
"""A ModerationLabelName or ImportantFormKey that every label or key matches."""

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda confidence, bound: confidence == bound,
    "LessThan": lambda confidence, bound: confidence < bound,
    "LessThanEquals": lambda confidence, bound: confidence <= bound,
    "GreaterThan": lambda confidence, bound: confidence > bound,
    "GreaterThanEquals": lambda confidence, bound: confidence >= bound,
}
"""What may follow the name of a confidence in a parameter, and what it asks."""

_TYPES = {
    DETECT_MODERATION_LABELS: ("ModerationLabelConfidenceCheck", "Sampling"),
    FORMS: ("ImportantFormKeyConfidenceCheck", "MissingImportantFormKey", "Sampling"),
}
_NAME = {
    "ModerationLabelConfidenceCheck": "ModerationLabelName",
    "ImportantFormKeyConfidenceCheck": "ImportantFormKey",
    "MissingImportantFormKey": "ImportantFormKey",
}
_CONFIDENCES = {
    "ModerationLabelConfidenceCheck": ("Confidence",),
    "ImportantFormKeyConfidenceCheck": ("KeyValueBlockConfidence", "WordBlockConfidence"),
}
_DEPTH = 2  # "up to two levels of nesting", which the published JSON Schema does not say
_SMALLEST_SAMPLE = 0.01


def check_conditions(source: str, conditions: str) -> None:
    """Refuse activation conditions that break the published schema and its prose.

    :param source: the AwsManagedHumanLoopRequestSource that they are for.
    :param conditions: HumanLoopActivationConditions: JSON text.
    """
    try:
        document = json_text.parsed(conditions)
    except ValueError as error:
        raise ValidationException(
            f"HumanLoopActivationConditions is not valid JSON: {error}"
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("Conditions"), list):
        raise ValidationException(
            "HumanLoopActivationConditions must be a JSON object with a list of Conditions"
        )
    for condition in document["Conditions"]:
        _check(condition, _TYPES[source], _DEPTH)


def _check(condition: Any, types: tuple[str, ...], depth: int) -> None:
    match condition:
        case {"ConditionType": kind, **rest}:
            if kind not in types:
                raise ValidationException(
                    f"ConditionType {kind} is not one of {', '.join(types)} in"
                    " HumanLoopActivationConditions"
                )
            if others := {str(name) for name in rest} - {"ConditionParameters"}:
                raise ValidationException(
                    "a condition with a ConditionType may have ConditionParameters and nothing"
                    f" else; got {', '.join(sorted(others))}"
                )
            _check_parameters(kind, rest.get("ConditionParameters", {}))
        case {"And": [_, _, *_] as parts} | {"Or": [_, _, *_] as parts} if len(condition) == 1:
            if depth == 0:
                raise ValidationException(
                    f"HumanLoopActivationConditions may be nested {_DEPTH} levels deep"
                )
            for part in parts:
                _check(part, types, depth - 1)
        case _:
            raise ValidationException(
                "each condition must have a ConditionType, or And or Or with two or more"
                f" conditions; got {json.dumps(condition)}"
            )


def _check_parameters(kind: str, parameters: Any) -> None:
    if not isinstance(parameters, dict):
        raise ValidationException(f"ConditionParameters of {kind} must be an object")
    if kind == "Sampling":
        _check_sampling(parameters)
        return
    name = _NAME[kind]
    if not isinstance(parameters.get(name), str) or not parameters[name]:
        raise ValidationException(f"ConditionParameters of {kind} must have a {name}")
    comparisons = {
        f"{confidence}{comparison}"
        for confidence in _CONFIDENCES.get(kind, ())
        for comparison in COMPARISONS
    }
    for key, value in parameters.items():
        if key == "ImportantFormKeyAliases" and name == "ImportantFormKey":
            _check_aliases(value)
        elif key in comparisons:
            _check_number(key, value, 0)
        elif key != name:
            raise ValidationException(f"{key} is not one of the ConditionParameters of {kind}")


def _check_sampling(parameters: dict[str, Any]) -> None:
    if parameters.keys() != {"RandomSamplingPercentage"}:
        raise ValidationException(
            "ConditionParameters of Sampling must have RandomSamplingPercentage, and nothing else;"
            f" got {', '.join(parameters) or 'nothing'}"
        )
    percentage = parameters["RandomSamplingPercentage"]
    _check_number("RandomSamplingPercentage", percentage, _SMALLEST_SAMPLE)


def _check_aliases(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(alias, str) for alias in value):
        raise ValidationException("ImportantFormKeyAliases must be a list of strings")


def _check_number(name: str, value: Any, least: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= 100:
        raise ValidationException(f"{name} must be a number from {least} to 100; got {value}")
