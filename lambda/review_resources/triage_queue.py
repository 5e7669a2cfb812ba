"""What waits to be triaged: nobody was asked about it yet, and it would go with its queue."""

import boto3

from review_shared import report
from review_shared.aws import CONFIG

sqs = boto3.client("sqs", config=CONFIG)


def waiting(queue_url: str) -> int:
    """How many items wait, or are being triaged; none when somebody has deleted the queue."""
    try:
        answer = sqs.get_queue_attributes(
            QueueUrl=queue_url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesDelayed",
                # What triage has in hand, or will try again.
                "ApproximateNumberOfMessagesNotVisible",
            ],
        )
    except sqs.exceptions.QueueDoesNotExist:
        report.log("there is no triage queue any longer", queue_url=queue_url)
        return 0
    return sum(map(int, answer["Attributes"].values()))
