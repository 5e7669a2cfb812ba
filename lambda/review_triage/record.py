"""What triage writes down: the accepted prediction, and what a person is asked."""

from hashlib import sha256
from typing import Any

import boto3
from botocore.exceptions import ClientError

from review_shared.aws import CONFIG
from review_shared.strict_json import line, parse
from review_triage.item import Item, Prediction
from review_triage.route import Route
from review_triage.settings import Settings

s3 = boto3.client("s3", config=CONFIG)

HASH_LENGTH = 24


def accept(settings: Settings, item: Item, prediction: Prediction) -> None:
    """Record a prediction that is used without a person."""
    digest = sha256(item.id.encode()).hexdigest()
    body = {
        "workflow": settings.workflow,
        "item_id": item.id,
        "route": Route.ACCEPTED,
        "input": item.input,
        "prediction": {"label": prediction.label, "confidence": prediction.confidence},
        "model": prediction.model,
    }
    _put(settings.bucket, f"accepted/{digest[:HASH_LENGTH]}.json", line(body))


def request(bucket: str, human_loop_name: str, content: str) -> tuple[dict[str, Any], str] | None:
    """Record what a person is asked, unless it is recorded already; then return that.

    A message may be delivered twice and a model may answer differently the second time; what was
    written first is what a reviewer may have seen, so it stands.
    """
    key = f"requests/{human_loop_name}.json"
    try:
        _put(bucket, key, content.encode(), IfNoneMatch="*")
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        text = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        return parse(text), text
    return None


def replace_request(bucket: str, human_loop_name: str, content: str) -> None:
    """Record what has become known of a request since it was recorded."""
    _put(bucket, f"requests/{human_loop_name}.json", content.encode())


def _put(bucket: str, key: str, body: bytes, **conditions: Any) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", **conditions)
