"""What triage writes down: the accepted prediction, and what a person is asked.

What was written first stands: a message may be delivered twice, and a model may answer differently
the second time, when the first answer has been used, or a reviewer has seen it.
"""

from hashlib import sha256
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG
from review_shared.strict_json import canonical, line, parse
from review_triage.item import Item, Prediction, RefusedError
from review_triage.route import Route
from review_triage.settings import Settings

s3 = boto3.client("s3", config=CONFIG)

HASH_LENGTH = 24


def accepted(bucket: str, item: Item) -> dict[str, Any] | None:
    """The prediction that was accepted for the item before; None when none was."""
    text = _read(bucket, _accepted_key(item))
    if text is None:
        return None
    recorded = parse(text)
    _check_same_input(recorded["input"], item)
    prediction: dict[str, Any] = recorded["prediction"]
    return prediction


def accept(settings: Settings, item: Item, prediction: Prediction) -> dict[str, Any]:
    """Record a prediction that is used without a person; give the one that is recorded then."""
    shown = {"label": prediction.label, "confidence": prediction.confidence}
    body = {
        "workflow": settings.workflow,
        "item_id": item.id,
        "route": Route.ACCEPTED,
        "input": item.input,
        "prediction": shown,
        "model": prediction.model,
    }
    if _put_first(settings.bucket, _accepted_key(item), line(body)):
        return shown
    return accepted(settings.bucket, item) or shown


def requested(bucket: str, human_loop_name: str, item: Item) -> str | None:
    """What a person was asked about the item before; None when nobody was."""
    text = _read(bucket, _request_key(human_loop_name))
    if text is not None:
        _check_same_input(parse(text)["taskObject"], item)
    return text


def request(bucket: str, human_loop_name: str, item: Item, content: str) -> str | None:
    """Record what a person is asked, unless it is recorded already; then return that."""
    if _put_first(bucket, _request_key(human_loop_name), content.encode()):
        return None
    return requested(bucket, human_loop_name, item) or content


def replace_request(bucket: str, human_loop_name: str, content: str) -> None:
    """Record what has become known of a request since it was recorded."""
    _put(bucket, _request_key(human_loop_name), content.encode())


def _accepted_key(item: Item) -> str:
    return f"accepted/{sha256(item.id.encode()).hexdigest()[:HASH_LENGTH]}.json"


def _request_key(human_loop_name: str) -> str:
    return f"requests/{human_loop_name}.json"


def _check_same_input(recorded: Any, item: Item) -> None:
    """Refuse an item whose id was used for another input."""
    if canonical(recorded) != canonical(item.input):
        raise RefusedError("id is that of an earlier item with another input")


def _read(bucket: str, key: str) -> str | None:
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
    return body.decode()


def _put_first(bucket: str, key: str, body: bytes) -> bool:
    """Write an object unless it is there; say whether it was written."""
    try:
        _put(bucket, key, body, IfNoneMatch="*")
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        return False
    return True


def _put(bucket: str, key: str, body: bytes, **conditions: Any) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", **conditions)
