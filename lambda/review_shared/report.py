"""Log lines and metrics, both JSON on standard output, where CloudWatch Logs picks them up."""

import json
import sys
import time
from collections.abc import Mapping

NAMESPACE = "HumanReview"


def log(message: str, **fields: str | int | None) -> None:
    """Write one log line. Never pass what an item contains: it may be personal."""
    _write({"message": message, **fields})


def count(
    workflow: str, counts: Mapping[str, int], *, seconds: Mapping[str, int] | None = None
) -> None:
    """Publish metrics of one workflow.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

    :param seconds: metrics that are times, not counts.
    """
    times = seconds or {}
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [["Workflow"]],
        "Metrics": [
            *({"Name": name, "Unit": "Count"} for name in counts),
            *({"Name": name, "Unit": "Seconds"} for name in times),
        ],
    }
    aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    _write({"_aws": aws, "Workflow": workflow, **counts, **times})


def _write(fields: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
