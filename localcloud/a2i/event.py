"""The event of a human loop that ended, and the outbox it waits in.

It is written to the outbox in the transaction that ends the loop and leaves it when the event bus
has taken it: so it is delivered at least once, over a restart too.
"""

import uuid
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.a2i.clock import iso, iso_seconds, sortable
from localcloud.a2i.cloud import EventNotAccepted
from localcloud.a2i.human_loop import HumanLoop
from localcloud.a2i.region import Region
from localcloud.a2i.store import Put

_KIND = "outbox"
_BATCH = 1000


def ended(region: Region, loop: HumanLoop) -> Put:
    """Have the event sent that says a loop is Completed, Failed or Stopped."""
    time = region.time()
    arn = region.arn(f"human-loop/{loop.name}")
    event_id = str(uuid.uuid4())
    output = {"outputS3Uri": loop.output_uri} if loop.output_uri else None
    event: dict[str, Any] = {
        "version": "0",
        "id": event_id,
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "account": region.account,
        "time": iso_seconds(time),
        "region": region.name,
        "resources": [arn],
        "detail": {
            "creationTime": iso(loop.created),
            "failureCode": loop.failure_code,
            "failureReason": loop.failure_reason,
            "flowDefinitionArn": loop.flow_definition_arn,
            "humanLoopArn": arn,
            "humanLoopName": loop.name,
            "humanLoopOutput": output,
            "humanLoopStatus": loop.status,
        },
    }
    return Put(_KIND, f"{sortable(time)}/{event_id}", event)


def deliver(region: Region) -> None:
    """Send what waits in the outbox, oldest first; what is refused waits on."""
    for waiting in region.store.query(_KIND, limit=_BATCH):
        try:
            region.cloud.put_event(region.account, region.name, waiting.body)
        except BotoCoreError:
            return  # nobody answers: the others would wait for nothing
        except (EventNotAccepted, ClientError):
            continue
        region.store.delete(_KIND, waiting.key)
