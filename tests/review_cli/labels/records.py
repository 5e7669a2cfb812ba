"""Label records to read and write."""

from typing import Any


def a_record(*labels: Any, label: Any = None, method: str = "majority", **more: Any) -> Any:
    """A record with an answer for each of ``labels``."""
    name = f"sentiment-{more.pop('name', 1)}"
    agreement = None if len(labels) < 2 else 0.5
    return {
        "workflow": "sentiment",
        "item_id": "order-7",
        "status": "Completed",
        "input": "not bad",
        "prediction": {"label": 0, "confidence": 0.5},
        "model": "m-1",
        "route": "confidence",
        "label": label,
        "consensus": {
            "method": method,
            "reached": label is not None,
            "label": label,
            "agreement": agreement,
        },
        "answers": [
            {
                "worker_id": f"w{number}",
                "label": each,
                "answer": {"it": each},
                "accepted_at": "2026-11-21T10:00:00.000Z",
                "submitted_at": f"2026-11-21T10:0{number}:30.500Z",
                "seconds": 1.5,
            }
            for number, each in enumerate(labels)
        ],
        "human_loop_name": name,
        "attempt": 1,
        "flow_definition_arn": "arn",
        "template_sha256": None,
        "created_at": "2026-11-21T09:59:59.740Z",
        "output_uri": None,
        "failure_code": None,
        "failure_reason": None,
        **more,
    }


RANKING: dict[str, Any] = {
    "input": {"prompt": "Why?", "responses": ["because", "no idea", "42"]},
    "method": "ranks",
}
