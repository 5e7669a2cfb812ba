"""A queue for a function, and the one behind it for what the function cannot handle."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

_TRIES = 5
_KEPT = Duration.days(14)  # the longest that SQS allows


class MessageQueue(sqs.Queue):
    """Encrypted, TLS only; a message that fails five times waits 14 days in ``dead_letters``.

    :param handled_within: the timeout of the function that takes the messages.
    """

    def __init__(self, scope: Construct, id: str, *, handled_within: Duration) -> None:
        self.dead_letters = sqs.Queue(
            scope,
            f"DeadLetter{id}",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_KEPT,
        )
        super().__init__(
            scope,
            id,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_KEPT,
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times
            # the function's timeout, so that throttled batches are not delivered twice.
            visibility_timeout=Duration.seconds(6 * int(handled_within.to_seconds())),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=_TRIES
            ),
        )
