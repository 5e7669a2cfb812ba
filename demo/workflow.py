"""A deployed review workflow, found by its SSM parameters and watched through its bucket."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3

_BATCH = 10  # what SQS takes in one SendMessageBatch, and gives in one ReceiveMessage
_LOOK_SECONDS = 5  # a refused item that was looked at may be received again after this


class NotDeployedError(Exception):
    """A workflow that is not there."""


@dataclass(frozen=True)
class Record:
    """One object that triage or collect wrote: its key and its content."""

    key: str
    line: str

    @property
    def content(self) -> dict[str, Any]:
        """The record itself."""
        content: dict[str, Any] = json.loads(self.line)
        return content


class DeployedWorkflow:
    """The queue and the records of one workflow.

    :param session: where it is deployed.
    :param name: the workflow's name.
    """

    def __init__(self, session: "boto3.Session", name: str) -> None:
        self.name = name
        self._s3 = session.client("s3")
        self._sqs = session.client("sqs")
        self._ssm = session.client("ssm")
        self._runtime = session.client("sagemaker-a2i-runtime")
        self.triage_queue_url = self._parameter("triage-queue-url")
        self.dead_letter_queue_url = self._parameter("dead-letter-queue-url")
        self.bucket_name = self._parameter("bucket-name")

    def send(self, items: Iterable[dict[str, Any]]) -> None:
        """Put ``items`` on the triage queue."""
        entries = [
            {"Id": str(number), "MessageBody": json.dumps(item)}
            for number, item in enumerate(items)
        ]
        for start in range(0, len(entries), _BATCH):
            answer = self._sqs.send_message_batch(
                QueueUrl=self.triage_queue_url,
                Entries=entries[start : start + _BATCH],  # type: ignore[arg-type]  # a TypedDict
            )
            if failed := answer.get("Failed"):
                raise RuntimeError(f"the triage queue refused {len(failed)} items: {failed[0]}")

    def upload(self, key: str, body: bytes, *, bucket: str | None = None) -> None:
        """Put an object that items refer to into ``bucket``. Default: the workflow's own."""
        self._s3.put_object(Bucket=bucket or self.bucket_name, Key=key, Body=body)

    def make_input_bucket(self, name: str) -> None:
        """Make a bucket whose objects a reviewer's page may show, unless it is there."""
        region = self._s3.meta.region_name
        elsewhere: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        with suppress(
            self._s3.exceptions.BucketAlreadyOwnedByYou, self._s3.exceptions.BucketAlreadyExists
        ):
            self._s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else elsewhere))
        self._s3.put_bucket_cors(
            Bucket=name,
            CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
        )

    def human_loops(self) -> set[str]:
        """The names of all human loops of the current flow definition."""
        pages = self._runtime.get_paginator("list_human_loops").paginate(
            FlowDefinitionArn=self._parameter("flow-definition-arn")
        )
        return {loop["HumanLoopName"] for page in pages for loop in page["HumanLoopSummaries"]}

    def routed(self) -> set[str]:
        """The items that triage is done with: accepted records and human loops."""
        return self.keys("accepted") | self.human_loops()

    def keys(self, prefix: str) -> set[str]:
        """The keys of all records under ``prefix``: accepted, requests or labels."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{prefix}/"
        )
        return {item["Key"] for page in pages for item in page.get("Contents", [])}

    def records(self, prefix: str) -> list[Record]:
        """All records under ``prefix``, as they lie in the bucket."""
        return [
            Record(
                key, self._s3.get_object(Bucket=self.bucket_name, Key=key)["Body"].read().decode()
            )
            for key in sorted(self.keys(prefix))
        ]

    def refused(self) -> int:
        """How many items wait in the dead-letter queue."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self.dead_letter_queue_url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def why_refused(self, item: dict[str, Any]) -> str:
        """The reason for which triage put ``item`` into the dead-letter queue, where it stays."""
        body = json.dumps(item)
        while messages := self._sqs.receive_message(
            QueueUrl=self.dead_letter_queue_url,
            MaxNumberOfMessages=_BATCH,
            MessageAttributeNames=["Reason"],
            VisibilityTimeout=_LOOK_SECONDS,
        ).get("Messages"):
            for message in messages:
                if message["Body"] == body:
                    return message["MessageAttributes"]["Reason"]["StringValue"]
        return f"the reason is on it in {self.dead_letter_queue_url}"

    def _parameter(self, key: str) -> str:
        try:
            found = self._ssm.get_parameter(Name=f"/human-review/{self.name}/{key}")
        except self._ssm.exceptions.ParameterNotFound as error:
            raise NotDeployedError(
                f"the workflow {self.name} is not deployed here; to start anew with it: "
                f"make down, then make up WORKFLOW={self.name}"
            ) from error
        return found["Parameter"]["Value"]
