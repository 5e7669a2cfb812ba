"""Holding activation conditions against what a service found in one input."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.a2i.activation import ANY, COMPARISONS
from localcloud.a2i.request_source import Finding

JsonObject = dict[str, Any]
Selection = frozenset[int] | None
"""The numbers of the findings that a condition is about; None for all there is."""

_NOTHING: Selection = frozenset()


@dataclass(frozen=True)
class FormKey:
    """A key that reviewers are asked for."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """What came of a condition.

    :param holds: whether it is a reason to ask a person.
    :param recorded: the condition with its EvaluationResult.
    :param selected: what the person is asked about when it holds.
    :param form_keys: the keys of a form that it is about, when it holds.
    """

    holds: bool
    recorded: JsonObject
    selected: Selection
    form_keys: tuple[FormKey, ...] = ()


@dataclass(frozen=True)
class Input:
    """What a service was given, and what it found there.

    :param digest: the SHA-256 of the image or document: sampling goes by it, so that the same
        input always comes to the same end.
    """

    findings: Sequence[Finding]
    digest: bytes


def evaluate(conditions: str | None, given: Input) -> Evaluation:
    """Evaluate all conditions; any one of them that holds is enough, and so is it to have none.

    :param conditions: HumanLoopActivationConditions, checked before.
    """
    listed = json.loads(conditions)["Conditions"] if conditions else []
    parts = [_evaluate(condition, given) for condition in listed]
    recorded = {"Conditions": [part.recorded for part in parts]}
    if not parts:
        return Evaluation(True, recorded, None)
    return _any(parts, recorded)


def _evaluate(condition: Mapping[str, Any], given: Input) -> Evaluation:
    if "Or" in condition:
        parts = [_evaluate(part, given) for part in condition["Or"]]
        return _any(parts, _combined("Or", parts, any(part.holds for part in parts)))
    if "And" in condition:
        parts = [_evaluate(part, given) for part in condition["And"]]
        return _all(parts, _combined("And", parts, all(part.holds for part in parts)))
    return _simple(condition, given)


def _combined(operator: str, parts: Sequence[Evaluation], holds: bool) -> JsonObject:
    return {"EvaluationResult": holds, operator: [part.recorded for part in parts]}


def _any(parts: Sequence[Evaluation], recorded: JsonObject) -> Evaluation:
    """A person is asked about all that one of the conditions that hold is about."""
    holding = [part for part in parts if part.holds]
    everything = any(part.selected is None for part in holding)
    return Evaluation(
        holds=bool(holding),
        recorded=recorded,
        selected=None if everything else _union(holding),
        form_keys=_form_keys(holding),
    )


def _all(parts: Sequence[Evaluation], recorded: JsonObject) -> Evaluation:
    """A sample among other conditions only says whether, not what a person is asked about."""
    holds = all(part.holds for part in parts)
    about = [part for part in parts if part.selected is not None]
    return Evaluation(
        holds=holds,
        recorded=recorded,
        selected=_union(about) if about else None,
        form_keys=_form_keys(parts) if holds else (),
    )


def _union(parts: Sequence[Evaluation]) -> Selection:
    return frozenset().union(*(part.selected for part in parts if part.selected is not None))


def _form_keys(parts: Sequence[Evaluation]) -> tuple[FormKey, ...]:
    """Each key once, in the order of the conditions."""
    return tuple(dict.fromkeys(key for part in parts for key in part.form_keys))


def _simple(condition: Mapping[str, Any], given: Input) -> Evaluation:
    kind, parameters = condition["ConditionType"], condition.get("ConditionParameters", {})
    keys: tuple[FormKey, ...] = ()
    selected: Selection
    match kind:
        case "Sampling":
            holds = _draw(given.digest) < parameters["RandomSamplingPercentage"]
            selected = None if holds else _NOTHING
        case "MissingImportantFormKey":
            holds = not any(_named(finding, parameters) for finding in given.findings)
            selected = _NOTHING
            keys = _form_key(parameters)
        case _:
            selected = frozenset(
                number
                for number, finding in enumerate(given.findings)
                if _named(finding, parameters) and _in_range(finding, parameters)
            )
            holds = bool(selected)
            keys = _form_key(parameters)
    # In the order of the letters, as the service writes them.
    recorded = {
        **({"ConditionParameters": parameters} if parameters else {}),
        "ConditionType": kind,
        "EvaluationResult": holds,
    }
    return Evaluation(holds, recorded, selected, keys if holds else ())


def _draw(digest: bytes) -> float:
    """A number from 0 to 100, always the same for the same input, and spread evenly over inputs."""
    return int.from_bytes(digest[:6]) / 2**48 * 100


def _named(finding: Finding, parameters: Mapping[str, Any]) -> bool:
    name = parameters.get("ModerationLabelName", parameters.get("ImportantFormKey"))
    names = (name, *parameters.get("ImportantFormKeyAliases", ()))
    return ANY in names or finding.name in names


def _in_range(finding: Finding, parameters: Mapping[str, Any]) -> bool:
    """Whether every comparison that a condition makes holds, of words for each of them."""
    confidences: dict[str, tuple[float, ...]] = {
        "Confidence": (finding.confidence,),
        "KeyValueBlockConfidence": (finding.confidence,),
        "WordBlockConfidence": finding.words,
    }
    return all(
        confidences[of] and all(holds(value, parameters[of + name]) for value in confidences[of])
        for of in confidences
        for name, holds in COMPARISONS.items()
        if of + name in parameters
    )


def _form_key(parameters: Mapping[str, Any]) -> tuple[FormKey, ...]:
    name = parameters.get("ImportantFormKey", ANY)
    if name == ANY:
        return ()
    return (FormKey(name, tuple(parameters.get("ImportantFormKeyAliases", ()))),)
