"""The event that EventBridge would have brought at the end of a human loop.

https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-cloudwatch-events.html
"""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import boto3

from review_shared.aws import CONFIG
from review_shared.strict_json import canonical

sagemaker_a2i_runtime = boto3.client("sagemaker-a2i-runtime", config=CONFIG)
sqs = boto3.client("sqs", config=CONFIG)


def replay(queue_url: str, human_loop_name: str, now: datetime) -> bool:
    """Put the loop's event onto the queue; False when the loop has been deleted meanwhile."""
    try:
        described = sagemaker_a2i_runtime.describe_human_loop(HumanLoopName=human_loop_name)
    except sagemaker_a2i_runtime.exceptions.ResourceNotFoundException:
        return False
    sqs.send_message(QueueUrl=queue_url, MessageBody=canonical(event(dict(described), now)))
    return True


def event(loop: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The event as EventBridge wraps it.

    :param loop: as DescribeHumanLoop describes it.
    """
    arn: str = loop["HumanLoopArn"]
    _, _, _, region, account, _ = arn.split(":", 5)
    output = loop.get("HumanLoopOutput")
    return {
        "version": "0",
        "id": str(uuid5(NAMESPACE_URL, f"{arn}/{loop['HumanLoopStatus']}")),
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": _utc(now, "seconds"),
        "region": region,
        "resources": [arn],
        "detail": {
            "creationTime": _utc(loop["CreationTime"], "milliseconds"),
            "failureCode": loop.get("FailureCode"),
            "failureReason": loop.get("FailureReason"),
            "flowDefinitionArn": loop["FlowDefinitionArn"],
            "humanLoopArn": arn,
            "humanLoopName": loop["HumanLoopName"],
            "humanLoopOutput": {"outputS3Uri": output["OutputS3Uri"]} if output else None,
            "humanLoopStatus": loop["HumanLoopStatus"],
        },
    }


def _utc(moment: datetime, precision: str) -> str:
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
