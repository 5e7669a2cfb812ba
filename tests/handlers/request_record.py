"""A request record: what triage writes before it starts a human loop, and collect reads."""

REQUEST = {
    "taskObject": "not bad",
    "initialValue": 0,
    "prediction": {"label": 0, "confidence": 0.5},
    "item": {
        "id": "review-17",
        "workflow": "sentiment",
        "attempt": 1,
        "model": "m-1",
        "route": "confidence",
    },
}
