"""Labels as an augmented manifest, as SageMaker Ground Truth writes it.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from review_cli.labels.reading import Record
from review_cli.number import is_number

_SIDES = ("left", "top", "width", "height")


class _Kind(Enum):
    """What a label is, as Ground Truth tells its types of attribute."""

    CLASS = auto()
    CLASSES = auto()
    BOXES = auto()
    CUSTOM = auto()


def as_manifest(records: list[Record]) -> bytes:
    """A line for each record that has a label; the label's attribute is the workflow's name."""
    labelled = [record for record in records if is_labelled(record)]
    classes, nothing = _classes(labelled), _kind_of_nothing(labelled)
    lines = (
        json.dumps(_line(record, _kind(record["label"], nothing), classes), ensure_ascii=False)
        for record in labelled
    )
    return "".join(f"{line}\n" for line in lines).encode()


def is_labelled(record: Record) -> bool:
    """Say whether a record has a label."""
    return record.get("label") is not None


def _line(record: Record, kind: _Kind, classes: list[str]) -> dict[str, Any]:
    name = record["workflow"]
    value, metadata = _labelled(record, kind, classes)
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


def _labelled(record: Record, kind: _Kind, classes: list[str]) -> tuple[Any, dict[str, Any]]:
    """The attribute's value, and what its metadata says of it."""
    label = record["label"]
    # One worker's label has the confidence 0, as Ground Truth has it.
    confidence = (record.get("consensus") or {}).get("agreement") or 0.0
    of_what = "image" if "source-ref" in _source(record.get("input")) else "text"
    match kind:
        case _Kind.BOXES:
            return _boxes(record, label, classes, confidence)
        case _Kind.CLASSES:
            indexes = [classes.index(each) for each in label]
            return indexes, {
                "class-map": {str(index): classes[index] for index in indexes},
                "confidence-map": {str(index): confidence for index in indexes},
                "type": f"groundtruth/{of_what}-classification-multilabel",
            }
        case _Kind.CUSTOM:
            return label, {"confidence": confidence, "type": "groundtruth/custom"}
        case _Kind.CLASS:
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
        match _kind(label):
            case _Kind.BOXES:
                names |= {_class(box.get("label")) for box in label}
            case _Kind.CLASSES:
                names |= set(label)
            case _Kind.CLASS:
                names.add(_class(label))
    return sorted(names)


def _kind(label: Any, nothing: _Kind = _Kind.CUSTOM) -> _Kind:
    """What a label is.

    :param nothing: what an empty list is.
    """
    if not isinstance(label, list | dict):
        return _Kind.CLASS
    if label == []:
        return nothing
    if isinstance(label, list) and all(map(_is_box, label)):
        return _Kind.BOXES
    if isinstance(label, list) and all(isinstance(each, str) for each in label):
        return _Kind.CLASSES
    return _Kind.CUSTOM


def _kind_of_nothing(records: Iterable[Record]) -> _Kind:
    """What an empty list is: no boxes, no classes, or what the file's other lists are."""
    kinds = {
        _kind(record["label"])
        for record in records
        if record["label"] and isinstance(record["label"], list)
    }
    if any((record.get("consensus") or {}).get("method") == "iou" for record in records):
        return _Kind.BOXES
    if not kinds:
        return _Kind.CLASSES
    return kinds.pop() if len(kinds) == 1 else _Kind.CUSTOM


def _is_box(value: Any) -> bool:
    return isinstance(value, dict) and all(is_number(value.get(side)) for side in _SIDES)


def _class(label: Any) -> str:
    return label if isinstance(label, str) else json.dumps(label)


def _labelled_at(record: Record) -> str:
    """When the last answer was given, without a zone, as Ground Truth writes its UTC."""
    times = [answer.get("submitted_at") for answer in record.get("answers") or ()]
    last = max((time for time in times if time), default=record["created_at"])
    moment = datetime.fromisoformat(last)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat()
