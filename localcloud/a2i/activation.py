"""Activation conditions: when a built-in task type asks a person."""

import json
from typing import Any

from localcloud.a2i.errors import ValidationException

_TYPES = {
    "AWS/Rekognition/DetectModerationLabels/Image/V3": (
        "ModerationLabelConfidenceCheck",
        "Sampling",
    ),
    "AWS/Textract/AnalyzeDocument/Forms/V1": (
        "ImportantFormKeyConfidenceCheck",
        "MissingImportantFormKey",
        "Sampling",
    ),
}
_DEPTH = 2  # "up to two levels of nesting", which the published JSON Schema does not say


def check_conditions(source: str, conditions: str) -> None:
    """Refuse activation conditions that break the published schema and its prose.

    :param source: the AwsManagedHumanLoopRequestSource that they are for.
    :param conditions: HumanLoopActivationConditions: JSON text.
    """
    try:
        document = json.loads(conditions)
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
            if not isinstance(rest.get("ConditionParameters", {}), dict):
                raise ValidationException(f"ConditionParameters of {kind} must be an object")
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
