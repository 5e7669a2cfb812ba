"""Collect: what people answered, as one label record for each human loop."""

import os
from collections import Counter
from dataclasses import replace
from typing import Any

import jmespath
from botocore.exceptions import BotoCoreError, ClientError
from jmespath.parser import ParsedResult

from review_collect import bucket
from review_collect.label_record import label_record
from review_collect.loop_end import LoopEnd, UnusableError
from review_collect.template import template_sha256
from review_shared import report
from review_shared.strict_json import JsonError, line

UNUSABLE = "Unusable"
METRICS = {"Completed": "LabelsCollected", "Failed": "LoopsFailed", "Stopped": "LoopsStopped"}


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Collect a batch of events; answer which are to be delivered again.

    An event that cannot be used is among these: SQS moves it to the dead-letter queue.
    """
    workflow = os.environ["WORKFLOW"]
    label = jmespath.compile(os.environ["LABEL"]) if os.environ.get("LABEL") else None
    method = os.environ.get("CONSENSUS", "majority")
    collected: Counter[str] = Counter()
    failures = []
    for message in event["Records"]:
        try:
            status = collect(workflow, os.environ["BUCKET"], label, method, message["body"])
            collected[status] += 1
        except (UnusableError, JsonError, ClientError, BotoCoreError) as error:
            # These errors quote names, addresses and codes, never an answer.
            report.log(
                "cannot be collected",
                message_id=message["messageId"],
                error=type(error).__name__,
                reason=str(error),
            )
            failures.append({"itemIdentifier": message["messageId"]})
    report.count(workflow, {METRICS[status]: collected[status] for status in METRICS})
    return {"batchItemFailures": failures}


def collect(
    workflow: str, bucket_name: str, label: ParsedResult | None, method: str, body: str
) -> str:
    """Record the end of one loop; answer how it ended, or nothing if it was recorded before."""
    end = LoopEnd.read(body, workflow)
    output = bucket.read_output(bucket_name, end.output_uri) if end.output_uri else None
    if output is None and end.status == "Completed":
        raise UnusableError(f"human loop {end.human_loop_name} is Completed but has no output")

    request = bucket.read_request(bucket_name, end.human_loop_name)
    template = template_sha256(end.flow_definition_arn)

    def recorded(end: LoopEnd, output: dict[str, Any] | None) -> bytes:
        return line(label_record(workflow, end, request, output, label, method, template))

    try:
        record = recorded(end, None if output is None else bucket.json_object(output))
    except (UnusableError, JsonError) as error:
        # The output stays as it is, so no later attempt can help; the reviewer's work is in it.
        reason = f"the output cannot be used: {error}"
        end = replace(end, failure_code=UNUSABLE, failure_reason=reason)
        record = recorded(end, None)
    is_new = bucket.write_once(bucket_name, end.label_key, record)
    report.log(
        "collected" if is_new else "collected before",
        human_loop=end.human_loop_name,
        status=end.status,
        failure_code=end.failure_code,
    )
    if not is_new:
        return ""
    return "Failed" if end.failure_code == UNUSABLE else end.status
