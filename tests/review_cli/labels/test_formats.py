"""The files that labels are exported to."""

import csv
import io
import json
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from pyarrow import parquet

from review_cli.connection import CannotLookError
from review_cli.labels.formats import WRITERS, Format
from tests.review_cli.labels.records import RANKING, a_record


def lines(format_: Format, *records: Any) -> list[Any]:
    """What is written, line by line."""
    return [json.loads(line) for line in WRITERS[format_](list(records)).splitlines()]


def test_json_lines_are_the_records() -> None:
    records = [a_record("schön", label="schön"), a_record(name=2)]

    assert lines(Format.JSONL, *records) == records


def test_csv_has_a_row_for_each_record() -> None:
    records = [a_record("1", "0", label="1"), a_record(input={"b": 1}, prediction=None, label=[2])]

    text = WRITERS[Format.CSV](records).decode()

    one, other = csv.DictReader(io.StringIO(text))
    assert (one["label"], one["prediction"], one["confidence"]) == ("1", "0", "0.5")
    assert (one["consensus_method"], one["agreement"]) == ("majority", "0.5")
    assert (one["answer_count"], one["seconds"]) == ("2", "3.0")
    assert one["consensus_reached"] == "true"
    assert json.loads(one["answers"]) == records[0]["answers"]
    assert (other["input"], other["label"], other["prediction"]) == ('{"b": 1}', "[2]", "")


def test_csv_keeps_texts_of_many_lines() -> None:
    record = a_record(input='a "b",\nc')

    [row] = csv.DictReader(io.StringIO(WRITERS[Format.CSV]([record]).decode()))

    assert row["input"] == 'a "b",\nc'


def test_parquet_has_types() -> None:
    content = WRITERS[Format.PARQUET]([a_record("1", label="1"), a_record(name=2)])

    table = parquet.read_table(io.BytesIO(content))
    one, other = table.to_pylist()
    assert (one["label"], one["confidence"], one["answer_count"]) == ("1", 0.5, 1)
    assert one["created_at"] == datetime(2026, 11, 21, 9, 59, 59, 740000, tzinfo=UTC)
    assert (other["label"], other["agreement"]) == (None, None)
    assert (one["consensus_reached"], other["consensus_reached"]) == (True, False)


def test_a_record_from_before_may_not_say_whether_there_is_a_consensus() -> None:
    record = a_record("1", label="1")
    del record["consensus"]["reached"]

    [row] = csv.DictReader(io.StringIO(WRITERS[Format.CSV]([record]).decode()))

    assert row["consensus_reached"] == ""


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(CannotLookError) as raised:
        WRITERS[Format.PARQUET]([a_record()])

    assert raised.value.sentence == "Parquet files need pyarrow, which is not installed."
    assert "pip install pyarrow" in raised.value.next_step


def test_manifest_of_classes() -> None:
    unlabelled = a_record("a", "b")

    one, other = lines(
        Format.MANIFEST, a_record("1", "0", label="1"), unlabelled, a_record("0", label="0")
    )

    assert one == {
        "source": "not bad",
        "sentiment": 1,
        "sentiment-metadata": {
            "class-name": "1",
            "confidence": 0.5,
            "type": "groundtruth/text-classification",
            "job-name": "human-loop/sentiment-1",
            "human-annotated": "yes",
            "creation-date": "2026-11-21T10:01:30.500000",
        },
    }
    # Ground Truth gives one worker's label the confidence 0.
    assert (other["sentiment"], other["sentiment-metadata"]["confidence"]) == (0, 0)


PHOTO = {"bucket": "photos", "key": "a/1.jpg"}


def test_manifest_of_several_classes_of_an_image() -> None:
    records = a_record(label=["dog", "cat"], input=PHOTO), a_record(label=[], input=PHOTO)

    one, other = lines(Format.MANIFEST, *records)

    assert one["source-ref"] == "s3://photos/a/1.jpg"
    assert one["sentiment"] == [1, 0]
    metadata = one["sentiment-metadata"]
    assert metadata["class-map"] == {"1": "dog", "0": "cat"}
    assert metadata["confidence-map"] == {"1": 0, "0": 0}
    assert metadata["type"] == "groundtruth/image-classification-multilabel"
    assert (other["sentiment"], other["sentiment-metadata"]["class-map"]) == ([], {})


def test_manifest_of_boxes() -> None:
    box = {"label": "dog", "left": 1.5, "top": 2, "width": 3, "height": 4}
    record = a_record("x", "y", label=[box], method="iou", input="s3://photos/1.jpg")
    drawn = {"boundingBoxes": [box], "inputImageProperties": {"width": 640, "height": 480}}
    record["answers"][0]["answer"] = {"annotatedResult": drawn}

    [line] = lines(Format.MANIFEST, record)

    assert line["source-ref"] == "s3://photos/1.jpg"
    assert line["sentiment"] == {
        "annotations": [{"class_id": 0, "left": 2, "top": 2, "width": 3, "height": 4}],
        "image_size": [{"width": 640, "height": 480, "depth": 3}],
    }
    metadata = line["sentiment-metadata"]
    assert metadata["objects"] == [{"confidence": 0.5}]
    assert metadata["class-map"] == {"0": "dog"}
    assert metadata["type"] == "groundtruth/object-detection"


def test_manifest_of_anything_else() -> None:
    record = a_record(label=[2, 1], **RANKING)

    [line] = lines(Format.MANIFEST, record)

    assert json.loads(line["source"]) == record["input"]
    assert line["sentiment"] == [2, 1]
    assert line["sentiment-metadata"]["type"] == "groundtruth/custom"


def test_pairs_are_every_two_responses_in_their_order_without_ties() -> None:
    record = a_record(label=[2, 1, 2], **RANKING)

    assert lines(Format.PAIRS, record) == [
        {"prompt": "Why?", "chosen": "no idea", "rejected": "because"},
        {"prompt": "Why?", "chosen": "no idea", "rejected": "42"},
    ]


def test_pairs_of_twelve_responses() -> None:
    responses = [f"answer {number}" for number in range(12)]
    given = {"prompt": "Why?", "responses": responses}
    record = a_record(label=list(range(12, 0, -1)), method="ranks", input=given)

    pairs = lines(Format.PAIRS, record)

    assert len(pairs) == 66
    assert pairs[-1] == {"prompt": "Why?", "chosen": "answer 11", "rejected": "answer 10"}


def test_pairs_of_three_different_ranks() -> None:
    pairs = lines(Format.PAIRS, a_record(label=[3, 1, 2], **RANKING))

    assert [(pair["chosen"], pair["rejected"]) for pair in pairs] == [
        ("no idea", "because"),
        ("no idea", "42"),
        ("42", "because"),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"label": None}, {"label": [1, 2]}, {"label": "1"}, {"label": [1, 1, 1]}, {"input": "text"}],
)
def test_what_ranks_nothing_has_no_pairs(changes: Any) -> None:
    record = {**a_record(label=[1, 2, 3], **RANKING), **changes}

    assert lines(Format.PAIRS, record) == []
