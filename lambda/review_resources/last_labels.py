"""Whether every review that has ended has its label record, before what writes them is deleted.

The workflow's own reconciler knows; asking it also collects once more what has none.
"""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from review_shared import report
from review_shared.aws import CONFIG

# Not made again by the SDK while it is still running: the next poll does that, and hears of what
# this one did.
_ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=240)
lambda_ = boto3.client("lambda", config=CONFIG.merge(_ONCE))


class UncountedError(RuntimeError):
    """The reconciler could not say how many records are missing."""


def missing(function_name: str) -> int:
    """How many reviews have ended without a label record; it has them collected once more.

    Where somebody has deleted the function or the bucket by hand, nothing is left to wait for.

    :param function_name: the workflow's reconciler.
    :raises UncountedError: the reconciler failed, or cannot be asked.
    """
    try:
        answer = lambda_.invoke(FunctionName=function_name)
    except lambda_.exceptions.ResourceNotFoundException:
        report.log("there is no reconciler any longer", function=function_name)
        return 0
    except (ClientError, BotoCoreError) as error:
        raise UncountedError(f"{function_name} does not answer: {error}") from error
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" not in answer:
        return sum(it["replayed"] for it in payload["flow_definitions"])
    if payload.get("errorType") == "NoSuchBucket":
        report.log("there is no bucket any longer", function=function_name)
        return 0
    raise UncountedError(f"{function_name} failed: {payload.get('errorMessage')}")
