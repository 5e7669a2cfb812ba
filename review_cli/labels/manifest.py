"""Labels as an augmented manifest, as SageMaker Ground Truth writes it.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
"""

import json
from datetime import UTC, datetime
from typing import Any

from review_cli.labels.reading import Record

_SIDES = ("left", "top", "width", "height")


def as_manifest(records: list[Record]) -> bytes:
    """A line for each record that has a label; the label's attribute is the workflow's name."""
    labelled = [record for record in records if record.get("label") is not None]
    classes = _classes(labelled)
    lines = (json.dumps(_line(record, classes), ensure_ascii=False) for record in labelled)
    return "".join(f"{line}\n" for line in lines).encode()


def _line(record: Record, classes: list[str]) -> dict[str, Any]:
    name = record["workflow"]
    value, metadata = _labelled(record, classes)
    return {
        **_source(record.get("input")),
        name: value,
        f"{name}-metadata": {
            **metadata,
            "job-name": f"human-loop/{record['human_loop_name']}",
            "human-annotated": "yes",
            "creation-date": _labelled_at(record),
        },
    }


def _source(given: Any) -> dict[str, str]:
    match given:
        case {"bucket": str(bucket), "key": str(key)}:
            return {"source-ref": f"s3://{bucket}/{key}"}
        case str() if given.startswith("s3://"):
            return {"source-ref": given}
        case str():
            return {"source": given}
        case _:
            return {"source": json.dumps(given, ensure_ascii=False, sort_keys=True)}


def _labelled(record: Record, classes: list[str]) -> tuple[Any, dict[str, Any]]:
    """The attribute's value, and what its metadata says of it."""
    label = record["label"]
    # One worker's label has the confidence 0, as Ground Truth has it.
    confidence = (record.get("consensus") or {}).get("agreement") or 0.0
    of_what = "image" if "source-ref" in _source(record.get("input")) else "text"
    if _are_boxes(label):
        return _boxes(record, label, classes, confidence)
    if _are_classes(label):
        indexes = [classes.index(each) for each in label]
        kind = f"groundtruth/{of_what}-classification-multilabel"
        return indexes, {
            "class-map": {str(index): classes[index] for index in indexes},
            "confidence-map": {str(index): confidence for index in indexes},
            "type": kind,
        }
    if isinstance(label, list | dict):
        return label, {"confidence": confidence, "type": "groundtruth/custom"}
    return classes.index(_class(label)), {
        "class-name": _class(label),
        "confidence": confidence,
        "type": f"groundtruth/{of_what}-classification",
    }


def _boxes(
    record: Record, label: list[dict[str, Any]], classes: list[str], confidence: float
) -> tuple[Any, dict[str, Any]]:
    indexes = [classes.index(_class(box.get("label"))) for box in label]
    value = {
        "annotations": [
            {"class_id": index, **{side: round(box[side]) for side in _SIDES}}
            for index, box in zip(indexes, label, strict=True)
        ],
        "image_size": _image_size(record),
    }
    return value, {
        "objects": [{"confidence": confidence} for _ in label],
        "class-map": {str(index): classes[index] for index in sorted(set(indexes))},
        "type": "groundtruth/object-detection",
    }


def _image_size(record: Record) -> list[dict[str, int]]:
    """The size of the image as the page's element reported it."""
    for answer in record.get("answers") or ():
        content = answer.get("answer")
        parts = content.values() if isinstance(content, dict) else ()
        for part in parts:
            match part:
                case {"inputImageProperties": {"width": width, "height": height}}:
                    return [{"width": width, "height": height, "depth": 3}]
    return []


def _classes(records: list[Record]) -> list[str]:
    """The names of all classes in the labels; a class's place is its number."""
    names: set[str] = set()
    for label in (record["label"] for record in records):
        if _are_boxes(label):
            names |= {_class(box.get("label")) for box in label}
        elif _are_classes(label):
            names |= set(label)
        elif not isinstance(label, list | dict):
            names.add(_class(label))
    return sorted(names)


def _are_boxes(label: Any) -> bool:
    return (
        isinstance(label, list)
        and label != []
        and all(isinstance(box, dict) and all(side in box for side in _SIDES) for box in label)
    )


def _are_classes(label: Any) -> bool:
    return isinstance(label, list) and all(isinstance(each, str) for each in label)


def _class(label: Any) -> str:
    return label if isinstance(label, str) else json.dumps(label)


def _labelled_at(record: Record) -> str:
    """When the last answer was given, without a zone, as Ground Truth writes its UTC."""
    times = [answer.get("submitted_at") for answer in record.get("answers") or ()]
    last = max((time for time in times if time), default=record["created_at"])
    moment = datetime.fromisoformat(last)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat()
