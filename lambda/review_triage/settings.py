"""What one workflow's triage is told by its environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import jmespath
from jmespath.parser import ParsedResult


@dataclass(frozen=True)
class Model:
    """The SageMaker endpoint to ask, and how.

    :param request: the body; the string ``"$input"`` in it stands for the item's input.
    :param label: JMESPath into the answer.
    :param confidence: JMESPath into the answer.
    """

    endpoint_name: str
    content_type: str
    accept: str
    request: Any
    label: ParsedResult
    confidence: ParsedResult


@dataclass(frozen=True)
class Settings:
    """One workflow: where its items go, and by which rule.

    :param request_source: the built-in task type, whose service decides; threshold, audit and
        model are for workflows without one.
    :param labels: what a reviewer chooses among, if the workflow says so.
    """

    workflow: str
    flow_definition_parameter: str
    bucket: str
    dead_letter_queue_url: str
    threshold: float
    audit_percentage: float
    model: Model | None
    labels: tuple[str, ...] = ()
    request_source: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables that the stack sets on the function."""
        source = environment.get("REQUEST_SOURCE") or None
        return cls(
            workflow=environment["WORKFLOW"],
            flow_definition_parameter=environment["FLOW_DEFINITION_PARAMETER"],
            bucket=environment["BUCKET"],
            dead_letter_queue_url=environment["DEAD_LETTER_QUEUE_URL"],
            threshold=_number(environment, "THRESHOLD", 1, default="1" if source else None),
            audit_percentage=_number(environment, "AUDIT_PERCENTAGE", 100, default="0"),
            model=_model(environment["MODEL"]) if environment.get("MODEL") else None,
            labels=tuple(json.loads(environment.get("LABELS") or "[]")),
            request_source=source,
        )


def _number(
    environment: Mapping[str, str], name: str, highest: float, default: str | None = None
) -> float:
    given = environment.get(name, default) if default else environment[name]
    number = float(given or "nan")
    # NaN fails every comparison, so it is refused here as well.
    if not 0 <= number <= highest:
        raise ValueError(f"{name} must be between 0 and {highest}, got {given!r}")
    return number


def _model(text: str) -> Model:
    given = json.loads(text)
    return Model(
        endpoint_name=given["endpoint_name"],
        content_type=given["content_type"],
        accept=given["accept"],
        request=given["request"],
        label=jmespath.compile(given["response"]["label"]),
        confidence=jmespath.compile(given["response"]["confidence"]),
    )
