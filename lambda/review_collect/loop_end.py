"""The end of a human loop, as EventBridge tells it.

https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-cloudwatch-events.html
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from review_shared.strict_json import JsonError, parse

DETAIL_TYPE = "SageMaker A2I HumanLoop Status Change"
STATUSES = ("Completed", "Failed", "Stopped")
HUMAN_LOOP_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9](-*[a-z0-9])*")


class UnusableError(ValueError):
    """An event that cannot become a label record, or an output that holds no answers."""


@dataclass(frozen=True)
class LoopEnd:
    """How one human loop ended."""

    human_loop_name: str
    status: str
    flow_definition_arn: str
    created_at: str
    output_uri: str | None
    failure_code: str | None
    failure_reason: str | None

    @classmethod
    def read(cls, body: str, workflow: str) -> Self:
        """Check one event; only loops of the workflow's own flow definitions are taken."""
        try:
            event = parse(body)
        except JsonError as error:
            raise UnusableError(f"the event cannot be read: {error}") from None
        if not isinstance(event, dict) or event.get("detail-type") != DETAIL_TYPE:
            raise UnusableError(f"an event must have the detail-type {DETAIL_TYPE!r}")
        detail = event.get("detail")
        if not isinstance(detail, dict):
            raise UnusableError("an event must have a detail")

        status = _text(detail, "humanLoopStatus")
        if status not in STATUSES:
            raise UnusableError(
                f"humanLoopStatus must be one of {', '.join(STATUSES)}, got {status}"
            )
        name = _text(detail, "humanLoopName")
        if not HUMAN_LOOP_NAME.fullmatch(name):
            raise UnusableError(f"humanLoopName must be a human loop's name, got {name!r}")
        arn = _text(detail, "flowDefinitionArn")
        if not arn.partition(":flow-definition/")[2].startswith(f"{workflow}--"):
            raise UnusableError(f"the flow definition must be one of {workflow}, got {arn}")
        created_at = _text(detail, "creationTime")
        _moment(created_at)
        return cls(
            human_loop_name=name,
            status=status,
            flow_definition_arn=arn,
            created_at=created_at,
            output_uri=_output_uri(detail),
            failure_code=_optional_text(detail, "failureCode"),
            failure_reason=_optional_text(detail, "failureReason"),
        )

    @property
    def label_key(self) -> str:
        """Where the label record goes: by the day the loop was made, so always the same place."""
        return f"labels/{_moment(self.created_at):%Y/%m/%d}/{self.human_loop_name}.json"


def _text(detail: dict[str, Any], key: str) -> str:
    value = _optional_text(detail, key)
    if not value:
        raise UnusableError(f"an event's detail must have a {key}")
    return value


def _optional_text(detail: dict[str, Any], key: str) -> str | None:
    value = detail.get(key)
    if not isinstance(value, str | None):
        raise UnusableError(f"{key} must be a string, got {type(value).__name__}")
    return value


def _output_uri(detail: dict[str, Any]) -> str | None:
    """Where the answers are; a loop that failed or was stopped may have none."""
    output = detail.get("humanLoopOutput") or {}
    if not isinstance(output, dict):
        raise UnusableError(f"humanLoopOutput must be an object, got {type(output).__name__}")
    return _optional_text(output, "outputS3Uri")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableError(f"creationTime must be an ISO 8601 time, got {text!r}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
