"""What the API is told of a flow definition, checked and in its own words."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from . import limits
from .activation import Condition, RequestSource, render
from .output_location import OutputLocation


def output_config(output: OutputLocation, key: kms.IKey | None) -> dict[str, str]:
    """Where the answers go."""
    config = {"S3OutputPath": output.path}
    return config if key is None else {**config, "KmsKeyId": key.key_arn}


def previous_output_paths(outputs: Sequence[OutputLocation]) -> dict[str, list[str]]:
    """Where open human loops may go on writing after a change; nothing when there is no such."""
    return {"PreviousOutputPaths": [output.path for output in outputs]} if outputs else {}


def requested_by(
    request_source: RequestSource | None,
    activation: Sequence[Condition] | None,
    input_buckets: Sequence[s3.IBucket],
) -> dict[str, Any]:
    """Which service starts the human loops, and when; nothing for the custom task type."""
    if request_source is None:
        if activation is not None:
            raise ValueError(
                "activation needs a request_source: a custom task type has no conditions"
            )
        return {}
    limits.check("request_source", RequestSource, request_source)
    if not input_buckets:
        raise ValueError("input_buckets must name a bucket when there is a request_source")
    asked_by: dict[str, Any] = {
        "HumanLoopRequestSource": {"AwsManagedHumanLoopRequestSource": request_source}
    }
    if activation is not None:
        try:
            text = render(activation, request_source)
        except ValueError as error:
            raise ValueError(f"activation {error}") from None
        asked_by["HumanLoopActivationConfig"] = {
            "HumanLoopActivationConditionsConfig": {"HumanLoopActivationConditions": text}
        }
    return asked_by


def shown_to_reviewers(
    title: str, description: str, keywords: Sequence[str] | None
) -> dict[str, Any]:
    """What reviewers see of a task before they take it."""
    limits.check("task_title", limits.TaskTitle, title)
    limits.check("task_description", limits.TaskDescription, description)
    shown: dict[str, Any] = {"TaskTitle": title, "TaskDescription": description}
    if keywords is not None:
        limits.check("task_keywords", limits.TaskKeywords, list(keywords))
        shown["TaskKeywords"] = list(keywords)
    return shown


def limits_of_task(
    count: int, availability_lifetime: Duration | None, time_limit: Duration | None
) -> dict[str, int]:
    """How many answer a task, and how long it waits for them."""
    limits.check("task_count", limits.TaskCount, count)
    limited = {"TaskCount": count}
    if availability_lifetime is not None:
        seconds = int(availability_lifetime.to_seconds())
        limits.check("task_availability_lifetime", limits.TaskAvailabilitySeconds, seconds)
        limited["TaskAvailabilityLifetimeInSeconds"] = seconds
    if time_limit is not None:
        seconds = int(time_limit.to_seconds())
        limits.check("task_time_limit", limits.TaskTimeLimitSeconds, seconds)
        limited["TaskTimeLimitInSeconds"] = seconds
    return limited
