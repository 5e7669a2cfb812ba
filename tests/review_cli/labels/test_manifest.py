"""What an empty list is in an augmented manifest: a file has one type of attribute."""

import json
from typing import Any

import pytest

from review_cli.labels.formats import WRITERS, Format
from tests.review_cli.labels.records import a_record

PHOTO = "s3://photos/1.jpg"
BOX = {"label": "dog", "left": 1, "top": 2, "width": 3, "height": 4}
SPAN = {"label": "name", "startOffset": 0, "endOffset": 3}
DETECTION = "groundtruth/object-detection"
MULTILABEL = "groundtruth/image-classification-multilabel"
CUSTOM = "groundtruth/custom"


def lines(*records: Any) -> list[tuple[Any, dict[str, Any]]]:
    """The attribute and its metadata, line by line."""
    written = map(json.loads, WRITERS[Format.MANIFEST](list(records)).splitlines())
    return [(line["sentiment"], line["sentiment-metadata"]) for line in written]


@pytest.mark.parametrize(
    ("method", "others", "type_"),
    [
        ("iou", [], DETECTION),
        ("iou", [[BOX]], DETECTION),
        ("majority", [[BOX]], DETECTION),
        ("majority", [["dog"]], MULTILABEL),
        ("majority", [], MULTILABEL),
        ("majority", [[SPAN]], CUSTOM),
        ("majority", [["dog"], [BOX]], CUSTOM),
    ],
)
def test_an_empty_list_is_what_the_other_lists_are(
    method: str, others: list[Any], type_: str
) -> None:
    labels = [[], *others]

    nothing, *_ = lines(*(a_record(label=it, method=method, input=PHOTO) for it in labels))

    assert nothing[1]["type"] == type_


def test_an_image_without_boxes_has_no_annotations() -> None:
    [(value, metadata)] = lines(a_record(label=[], method="iou", input=PHOTO))

    assert value == {"annotations": [], "image_size": []}
    assert (metadata["objects"], metadata["class-map"]) == ([], {})


def test_what_one_person_says_may_be_no_boxes() -> None:
    texts = dict.fromkeys(("left", "top", "width", "height"), "1")

    [(value, metadata)] = lines(a_record(label=[texts], method="iou", input=PHOTO))

    assert (value, metadata["type"]) == ([texts], CUSTOM)
