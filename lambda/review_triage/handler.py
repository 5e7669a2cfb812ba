"""Triage: which predictions a person looks at.

Takes items from SQS or from a direct invocation. Every item ends as accepted, as a human loop, or
in the dead-letter queue; what may work later is left to the caller to send again.
"""

import json
import os
from collections import Counter
from typing import Any, NotRequired, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from review_shared import report
from review_shared.strict_json import JsonError, parse
from review_triage import ai_service, dead_letter, endpoint, human_loop, item, record
from review_triage.item import Item, Prediction, RefusedError
from review_triage.route import Route, route
from review_triage.settings import Settings


class Result(TypedDict):
    """What became of one item."""

    id: str | None
    route: str
    prediction: NotRequired[dict[str, Any]]
    human_loop_name: NotRequired[str]
    reason: NotRequired[str]


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Triage a batch of SQS messages, ``{"items": […]}`` or one item."""
    settings = Settings.from_environment(os.environ)
    if "Records" in event:
        return take_messages(settings, event["Records"])
    return take_items(settings, event.get("items", [event]))


def take_messages(settings: Settings, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Triage SQS messages; answer which of them are to be delivered again."""
    results, failures = [], []
    for message in messages:
        try:
            results.append(take_message(settings, message["body"]))
        except (ClientError, BotoCoreError) as error:
            # The code alone: SageMaker's messages may quote the item.
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
            report.log(
                "will be delivered again",
                message_id=message["messageId"],
                error=type(error).__name__,
                code=code,
                operation=getattr(error, "operation_name", None),
            )
            failures.append({"itemIdentifier": message["messageId"]})
    count(settings, results)
    return {"batchItemFailures": failures}


def take_items(settings: Settings, items: Any) -> dict[str, Any]:
    """Triage items of a direct invocation, whose caller sees an error and may repeat the call."""
    if not isinstance(items, list):
        raise TypeError(f"items must be an array, got {type(items).__name__}")
    # Escaped, so that the dead-letter queue takes any character.
    results = [take(settings, value, json.dumps(value)) for value in items]
    count(settings, results)
    return {"results": results}


def take_message(settings: Settings, body: str) -> Result:
    """Triage one SQS message."""
    try:
        value = parse(body)
    except JsonError as error:
        return refuse(settings, None, body, f"the message cannot be read: {error}")
    return take(settings, value, body)


def take(settings: Settings, value: Any, body: str) -> Result:
    """Triage one item; ``body`` is what the dead-letter queue gets when it is refused."""
    try:
        result = triage(settings, item.read(value))
    except RefusedError as reason:
        return refuse(settings, item.given_id(value), body, str(reason))
    report.log(
        "triaged",
        item_id=result["id"],
        route=result["route"],
        human_loop=result.get("human_loop_name"),
    )
    return result


def triage(settings: Settings, read: Item) -> Result:
    """Find the item's prediction and its route, and go there; an item goes one way only."""
    if (accepted := record.accepted(settings.bucket, read)) is not None:
        return {"id": read.id, "route": Route.ACCEPTED, "prediction": accepted}
    if settings.request_source is not None:
        return leave_to_service(settings, settings.request_source, read)
    if (asked := human_loop.asked_before(settings, read)) is not None:
        return with_person(read, *asked)
    prediction = read.prediction
    if prediction is None:
        if settings.model is None:
            raise RefusedError("an item must have a prediction, as the workflow has no endpoint")
        prediction = endpoint.predict(settings.model, read.input)

    assert prediction.confidence is not None, "only a service may find nothing"
    chosen = route(read.id, prediction.confidence, settings.threshold, settings.audit_percentage)
    if chosen is Route.ACCEPTED:
        return accept(settings, read, prediction)

    return with_person(read, *human_loop.ask(settings, read, prediction, chosen))


def with_person(read: Item, name: str, content: dict[str, Any]) -> Result:
    """Say which human loop the item is in, and by what it came there."""
    return {
        "id": read.id,
        "route": content["item"]["route"],
        "prediction": content["prediction"],
        "human_loop_name": name,
    }


def leave_to_service(settings: Settings, source: str, read: Item) -> Result:
    """Have the service of a built-in task type predict, and decide whether a person looks."""
    name, prediction, chosen = ai_service.ask(settings, source, read)
    if prediction is None:
        return {"id": read.id, "route": chosen, "human_loop_name": name}
    if chosen is Route.ACCEPTED:
        return accept(settings, read, prediction)
    return {
        "id": read.id,
        "route": chosen,
        "prediction": {"label": prediction.label, "confidence": prediction.confidence},
        "human_loop_name": name,
    }


def accept(settings: Settings, read: Item, prediction: Prediction) -> Result:
    """Take a prediction without a person."""
    accepted = record.accept(settings, read, prediction)
    return {"id": read.id, "route": Route.ACCEPTED, "prediction": accepted}


def refuse(settings: Settings, item_id: str | None, body: str, reason: str) -> Result:
    """Put the item aside with the reason."""
    dead_letter.send(settings, body, reason)
    report.log("refused", item_id=item_id, reason=reason)
    return {"id": item_id, "route": "refused", "reason": reason}


def count(settings: Settings, results: list[Result]) -> None:
    """Publish how many items went where."""
    routes = Counter(result["route"] for result in results)
    counts = {
        "Accepted": routes["accepted"],
        "ReviewsStarted": routes["confidence"] + routes["audit"] + routes["activated"],
        "Refused": routes["refused"],
    }
    report.count(settings.workflow, counts)
