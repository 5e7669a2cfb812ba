"""Asking people: one human loop an item, found again by a retry."""

from hashlib import sha256
from typing import Any

import boto3

from review_shared import report
from review_shared.aws import CONFIG
from review_shared.strict_json import canonical
from review_triage import flow_definition, record
from review_triage.item import Item, Prediction, RefusedError
from review_triage.route import Route
from review_triage.settings import Settings

sagemaker_a2i_runtime = boto3.client("sagemaker-a2i-runtime", config=CONFIG)

INPUT_CONTENT_LIMIT = 3 * 1024 * 1024
WORKFLOW_LENGTH = 30
HASH_LENGTH = 24
FIRST_ATTEMPT = 1
# How StartHumanLoop says that a flow definition is gone.
GONE = {"ValidationException", "ResourceNotFoundException"}


def ask(
    settings: Settings, item: Item, prediction: Prediction, route: Route
) -> tuple[str, dict[str, Any]]:
    """Have a person look at the item; give the human loop's name and what it was given."""
    name = human_loop_name(settings.workflow, item.id, FIRST_ATTEMPT)
    content = input_content(settings, item, prediction, route)
    text = canonical(content)
    size = len(text.encode())
    if size > INPUT_CONTENT_LIMIT:
        raise RefusedError(
            f"a human loop takes {INPUT_CONTENT_LIMIT} bytes of input, got {size} bytes"
        )

    recorded = record.request(settings.bucket, name, text)
    if recorded is None:
        start(settings.flow_definition_parameter, name, text)
        return name, content

    content, text = recorded
    check_same_input(content, item)
    if not exists(name):
        start(settings.flow_definition_parameter, name, text)
    return name, content


def human_loop_name(workflow: str, item_id: str, attempt: int) -> str:
    """The same name for the same item, lower case and at most 63 characters."""
    # Names are unique in an account and Region: a workflow that does not fit counts in the hash.
    hashed = item_id if len(workflow) <= WORKFLOW_LENGTH else f"{workflow}/{item_id}"
    digest = sha256(hashed.encode()).hexdigest()[:HASH_LENGTH]
    return f"{workflow[:WORKFLOW_LENGTH].rstrip('-')}-{digest}-{attempt}"


def input_content(
    settings: Settings, item: Item, prediction: Prediction, route: Route
) -> dict[str, Any]:
    """What the reviewer's page finds as ``task.input``."""
    return {
        "taskObject": item.input,
        "initialValue": prediction.label,
        "prediction": {"label": prediction.label, "confidence": prediction.confidence},
        **({"labels": list(settings.labels)} if settings.labels else {}),
        "item": {
            "id": item.id,
            "workflow": settings.workflow,
            "attempt": FIRST_ATTEMPT,
            "model": prediction.model,
            "route": route,
        },
    }


def check_same_input(recorded: dict[str, Any], item: Item) -> None:
    """Refuse an item whose id was used for another input."""
    if canonical(recorded["taskObject"]) != canonical(item.input):
        raise RefusedError("id is that of an earlier item with another input")


def exists(name: str) -> bool:
    """Say whether the loop was started, perhaps even answered: nobody is asked twice."""
    try:
        sagemaker_a2i_runtime.describe_human_loop(HumanLoopName=name)
    except sagemaker_a2i_runtime.exceptions.ResourceNotFoundException:
        return False
    return True


def start(parameter: str, name: str, content: str) -> None:
    """Start the loop by the current flow definition, whose ARN may have changed since read."""
    flow_definition.with_current(parameter, GONE, lambda arn: _start(arn, name, content))


def _start(arn: str, name: str, content: str) -> None:
    try:
        sagemaker_a2i_runtime.start_human_loop(
            HumanLoopName=name, FlowDefinitionArn=arn, HumanLoopInput={"InputContent": content}
        )
    except sagemaker_a2i_runtime.exceptions.ConflictException:
        report.log("already started", human_loop=name)
