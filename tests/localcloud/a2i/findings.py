"""What services find, and conditions held against it, as the tests of activation write them."""

import json
from collections.abc import Sequence
from typing import Any

from localcloud.a2i.activation import check_conditions
from localcloud.a2i.evaluation import Evaluation, Input, evaluate
from localcloud.a2i.request_source import (
    DETECT_MODERATION_LABELS,
    FORMS,
    Finding,
)

DIGEST = bytes(32)
"""Of an input that is in every sample."""


def label(name: str, confidence: float) -> Finding:
    """A moderation label."""
    return Finding(name, confidence, (), ())


def pair(key: str, confidence: float, *words: float) -> Finding:
    """A key and its value."""
    return Finding(key, confidence, words, ())


def simple(kind: str, **parameters: Any) -> dict[str, Any]:
    """One condition."""
    return {"ConditionType": kind, "ConditionParameters": parameters}


def moderation(name: str, **comparisons: float) -> dict[str, Any]:
    """A ModerationLabelConfidenceCheck."""
    return simple("ModerationLabelConfidenceCheck", ModerationLabelName=name, **comparisons)


def form_key(name: str, **parameters: Any) -> dict[str, Any]:
    """An ImportantFormKeyConfidenceCheck."""
    return simple("ImportantFormKeyConfidenceCheck", ImportantFormKey=name, **parameters)


def missing(name: str, *aliases: str) -> dict[str, Any]:
    """A MissingImportantFormKey."""
    parameters: dict[str, Any] = {"ImportantFormKey": name}
    if aliases:
        parameters["ImportantFormKeyAliases"] = list(aliases)
    return simple("MissingImportantFormKey", **parameters)


def sampling(percentage: float) -> dict[str, Any]:
    """A Sampling."""
    return simple("Sampling", RandomSamplingPercentage=percentage)


def evaluated(
    conditions: Sequence[dict[str, Any]], findings: Sequence[Finding], digest: bytes = DIGEST
) -> Evaluation:
    """Conditions as a flow definition has them, held against what was found."""
    text = json.dumps({"Conditions": conditions})
    forms = any("Form" in json.dumps(condition) for condition in conditions)
    check_conditions(FORMS if forms else DETECT_MODERATION_LABELS, text)
    return evaluate(text, Input(findings, digest))
