"""A workflow's queues: what waits in them, and what nobody could handle, with the reasons."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, ok, problem
from review_cli.doctor.stack import plain_id
from review_cli.wording import counted, words

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_LOOKS = 3
_REASON_LIMIT = 300
_WITHOUT_REASON = "given up after several tries"
# What triage, and EventBridge, write beside a message that they give up.
_REASONS = ("Reason", "ERROR_MESSAGE", "ERROR_CODE")


def queues(
    cloudformation: "CloudFormationClient", sqs: "SQSClient", stack_id: str
) -> Iterator[Check]:
    """What is in each queue of the stack that has a dead-letter queue behind it."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_id)
    urls = {
        resource["PhysicalResourceId"]: plain_id(resource["LogicalResourceId"])
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::SQS::Queue"
    }
    for url, name in sorted(urls.items(), key=lambda it: it[1]):
        try:
            attributes = _attributes(sqs, url)
        except sqs.exceptions.QueueDoesNotExist:
            yield problem(
                name,
                "The queue is gone.",
                "Make a queue of the same name again with the settings of the stack's template.",
            )
            continue
        if "RedrivePolicy" in attributes:
            yield _waiting(name, attributes)
            arn = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
            yield dead_letters(sqs, f"{name}'s dead letters", _url(sqs, arn))


def dead_letters(sqs: "SQSClient", name: str, url: str) -> Check:
    """How many messages nobody could handle, and why the first few could not be."""
    attributes = _attributes(sqs, url)
    count = int(attributes["ApproximateNumberOfMessages"])
    count += int(attributes["ApproximateNumberOfMessagesNotVisible"])
    if not count:
        return ok(name, "There is none.")
    try:
        found = reasons(sqs, url)
    except ClientError as error:
        found = Counter({f"the reasons cannot be read, {words(error)}": count})
    listed = "; ".join(
        reason if times == 1 else f"{reason} ({times} times)" for reason, times in found.items()
    )
    return problem(
        name,
        f"{counted(count, 'message')} could not be handled: {listed or _WITHOUT_REASON}.",
        f"Correct the cause, and take them from {url.rpartition('/')[2]} or send them back with "
        "`aws sqs start-message-move-task`; they stay for 14 days.",
    )


def reasons(sqs: "SQSClient", url: str) -> "Counter[str]":
    """The reasons of the first few messages, each of which stays where it is, and visible."""
    seen: dict[str, str] = {}
    for _ in range(_LOOKS):
        messages = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            VisibilityTimeout=0,
        ).get("Messages", [])
        seen |= {message["MessageId"]: _reason(message) for message in messages}
    return Counter(seen.values())


def _reason(message: "MessageTypeDef") -> str:
    attributes = message.get("MessageAttributes", {})
    given = (attributes[name].get("StringValue") for name in _REASONS if name in attributes)
    return next((_plain(reason) for reason in given if reason), _WITHOUT_REASON)


def _plain(reason: str) -> str:
    """A reason to stand in a sentence: one line, short, and nothing that moves a terminal."""
    text = "".join(it if it.isprintable() else " " for it in reason[:_REASON_LIMIT])
    return " ".join(text.split()).rstrip(".")


def _waiting(name: str, attributes: dict[str, str]) -> Check:
    waiting, handled = (
        int(attributes[f"ApproximateNumberOfMessages{suffix}"]) for suffix in ("", "NotVisible")
    )
    return ok(name, f"{counted(waiting, 'message')} waiting, {handled} being handled.")


def _attributes(sqs: "SQSClient", url: str) -> dict[str, str]:
    # RedrivePolicy is not given when there is none.
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return {str(name): value for name, value in answer["Attributes"].items()}


def _url(sqs: "SQSClient", arn: str) -> str:
    account, name = arn.split(":")[-2:]
    return sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
