"""Asking people: one human loop an item, found again by a retry."""

from hashlib import sha256
from typing import Any

import boto3

from review_shared import report
from review_shared.aws import CONFIG
from review_shared.strict_json import canonical, parse
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


def asked_before(settings: Settings, item: Item) -> tuple[str, dict[str, Any]] | None:
    """The human loop of an item that was given to a person, and what it was given."""
    name = human_loop_name(settings.workflow, settings.bucket, item.id)
    text = record.requested(settings.bucket, name, item)
    return None if text is None else (name, _continued(settings, name, text))


def ask(
    settings: Settings, item: Item, prediction: Prediction, route: Route
) -> tuple[str, dict[str, Any]]:
    """Have a person look at the item; give the human loop's name and what it was given."""
    name = human_loop_name(settings.workflow, settings.bucket, item.id)
    content = input_content(settings, item, prediction, route)
    text = canonical(content)
    size = len(text.encode())
    if size > INPUT_CONTENT_LIMIT:
        raise RefusedError(
            f"a human loop takes {INPUT_CONTENT_LIMIT} bytes of input, got {size} bytes"
        )

    recorded = record.request(settings.bucket, name, item, text)
    if recorded is not None:
        return name, _continued(settings, name, recorded)
    start(settings.flow_definition_parameter, name, text)
    return name, content


def human_loop_name(workflow: str, bucket: str, item_id: str) -> str:
    """The same name for the same item, lower case and at most 63 characters."""
    # Names are unique in an account and Region, and a loop that has ended outlives its stack: the
    # bucket counts, so that neither a workflow that begins alike nor one that was here before has
    # the same names.
    digest = sha256(f"{bucket}/{item_id}".encode()).hexdigest()[:HASH_LENGTH]
    return f"{workflow[:WORKFLOW_LENGTH].rstrip('-')}-{digest}-{FIRST_ATTEMPT}"


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
        # By this item: its content is what was recorded first, but the loop may have ended by now,
        # or be of the flow definition before this one.
        report.log("already started", human_loop=name)


def _continued(settings: Settings, name: str, text: str) -> dict[str, Any]:
    """What a person was asked; the loop is started if that was not done."""
    if not exists(name):
        start(settings.flow_definition_parameter, name, text)
    content: dict[str, Any] = parse(text)
    return content
