"""Items that no second attempt can help, kept with the reason."""

import boto3

from review_shared.aws import CONFIG
from review_triage.settings import Settings

sqs = boto3.client("sqs", config=CONFIG)

# SQS counts the attributes too: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
MESSAGE_LIMIT = 1024 * 1024
ATTRIBUTES_ROOM = 4096
REASON_LIMIT = 1024


def send(settings: Settings, body: str, reason: str) -> None:
    """Put the item into the dead-letter queue; a body too big for SQS is cut."""
    sqs.send_message(
        QueueUrl=settings.dead_letter_queue_url,
        MessageBody=shortened(body),
        MessageAttributes={
            "Reason": {"DataType": "String", "StringValue": _plain(reason)},
            "Workflow": {"DataType": "String", "StringValue": settings.workflow},
        },
    )


def shortened(body: str) -> str:
    """As much of the body as a message can carry, cut between two characters."""
    return body.encode()[: MESSAGE_LIMIT - ATTRIBUTES_ROOM].decode(errors="ignore")


def _plain(reason: str) -> str:
    """The reason in ASCII: SQS refuses characters that XML does not have."""
    return ascii(reason)[1:-1][:REASON_LIMIT]
