from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from human_review import WorkflowSpec

SMALLEST: dict[str, Any] = {
    "task": {"title": "Classify a review", "description": "Say what the review says"},
    "workteam": "reviewers",
    "triage": {"threshold": 0.9},
}
FULL: dict[str, Any] = {
    "name": "sentiment-2",
    "task": {
        "title": "Classify a review",
        "description": "Say what the review says",
        "count": 3,
        "availability_lifetime": "3 days",
        "time_limit": "10 minutes",
        "keywords": ["reviews"],
    },
    "template": "page.liquid",
    "workteam": "reviewers",
    "triage": {"threshold": 0.9, "audit_percentage": 5},
    "model": {
        "endpoint_name": "sentiment",
        "content_type": "application/jsonlines",
        "request": {"features": ["$input"]},
        "response": {"label": "predicted_label", "confidence": "probability"},
    },
    "label": "sentiment.label",
    "input_buckets": ["my-images"],
    "on_destroy": "stop",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sentiment"
    folder.mkdir()
    (folder / "template.liquid").write_text('<crowd-form><input name="answer"></crowd-form>')
    (folder / "page.liquid").write_text('<crowd-form><input name="another"></crowd-form>')
    return folder


def write(folder: Path, document: Any) -> Path:
    text = document if isinstance(document, str) else yaml.safe_dump(document)
    path = folder / "workflow.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(path: str, value: Any) -> dict[str, Any]:
    """The full document with one key set to something else."""
    head, _, key = path.rpartition(".")
    if not head:
        return {**FULL, key: value}
    return {**FULL, head: {**FULL[head], key: value}}


def test_what_is_left_out_has_a_default(folder: Path) -> None:
    write(folder, SMALLEST)

    spec = WorkflowSpec.from_folder(folder)

    assert spec.name == "sentiment"
    assert spec.template == '<crowd-form><input name="answer"></crowd-form>'
    assert (spec.task.count, spec.task.time_limit, spec.task.keywords) == (1, None, None)
    assert spec.triage is not None
    assert spec.triage.audit_percentage == 0
    assert (spec.model, spec.label, spec.input_buckets) == (None, None, [])
    assert spec.on_destroy == "refuse"


def test_every_key_is_read(folder: Path) -> None:
    write(folder, FULL)

    spec = WorkflowSpec.from_folder(folder)

    assert spec.name == "sentiment-2"
    assert spec.template == '<crowd-form><input name="another"></crowd-form>'
    assert spec.task.count == 3
    assert spec.task.availability_lifetime == timedelta(days=3)
    assert spec.task.time_limit == timedelta(minutes=10)
    assert spec.task.keywords == ["reviews"]
    assert spec.triage is not None
    assert (spec.triage.threshold, spec.triage.audit_percentage) == (0.9, 5)
    assert spec.model is not None
    assert spec.model.request == {"features": ["$input"]}
    assert spec.model.response.confidence == "probability"
    assert spec.label == "sentiment.label"
    assert spec.input_buckets == ["my-images"]
    assert spec.on_destroy == "stop"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("45 seconds", timedelta(seconds=45)),
        ("1 minute", timedelta(minutes=1)),
        ("2 hours", timedelta(hours=2)),
        ("10 days", timedelta(days=10)),
    ],
)
def test_durations(folder: Path, written: str, meant: timedelta) -> None:
    write(folder, changed("task.time_limit", written))

    assert WorkflowSpec.from_folder(folder).task.time_limit == meant


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        pytest.param("task.count", 4, "must be between 1 and 3, got 4", id="count"),
        pytest.param("task.count", "1", "must be a whole number, got '1'", id="text count"),
        pytest.param("task.title", 3, "must be text, got 3", id="title"),
        pytest.param("task.time_limit", 600, '"30 seconds" or "3 days", got 600', id="bare time"),
        pytest.param("task.time_limit", "3 weeks", "or \"3 days\", got '3 weeks'", id="weeks"),
        pytest.param("task.time_limit", "9 seconds", "must be at least 30 seconds", id="short"),
        pytest.param(
            "task.availability_lifetime",
            "9999999999 days",
            "must be at most 999999999 days, got '9999999999 days'",
            id="for ever",
        ),
        pytest.param("name", "Sentiment", "must be lower-case letters", id="name"),
        pytest.param(
            "workteam", True, "must be text, got True: in quotes it would be text", id="yaml's yes"
        ),
        pytest.param("triage.threshold", 90, "must be between 0 and 1, got 90", id="percent"),
        pytest.param("triage.threshold", float("nan"), "must be between 0 and 1", id="nan"),
        pytest.param("triage", None, "is required", id="no triage"),
        pytest.param("task", None, "must be a mapping of keys to values, got None", id="empty"),
        pytest.param("label", "a[", "must be a JMESPath expression", id="jmespath"),
        pytest.param(
            "model.content_type",
            "text/csv",
            "must be 'application/jsonlines' or 'application/json', got 'text/csv'",
            id="content type",
        ),
        pytest.param(
            "model.request", {"features": ["input"]}, 'must hold the string "$input"', id="request"
        ),
        pytest.param("input_buckets", "images", "must be a list, got 'images'", id="bucket"),
        pytest.param("input_buckets", ["one", "one"], "must not name one twice", id="buckets"),
        pytest.param(
            "on_destroy", "delete", "must be 'refuse' or 'stop', got 'delete'", id="on destroy"
        ),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(
    folder: Path, path: str, value: Any, message: str
) -> None:
    file = write(folder, changed(path, value))

    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        WorkflowSpec.from_folder(folder)

    assert str(error.value).startswith(f"{file}: {path} ")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("task.titel", "task.titel is not a key here; did you mean title? allowed: title, descr"),
        ("treshold", "treshold is not a key here; allowed: name, task, workteam"),
        ("model.respnse", "model.respnse is not a key here; did you mean response? allowed: endp"),
    ],
)
def test_a_misspelt_key_gets_the_nearest_one(folder: Path, path: str, message: str) -> None:
    file = write(folder, changed(path, 1))

    with pytest.raises(ValueError, match="is not a key here") as error:
        WorkflowSpec.from_folder(folder)

    assert f"{file}: {message}" in str(error.value)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    write(folder, {"triage": {"threshold": 2}, "workteem": "reviewers"})

    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        WorkflowSpec.from_folder(folder)

    told = [line.split(": ", 1)[1] for line in str(error.value).splitlines()]
    assert told[:3] == [
        "task is required",
        "workteam is required",
        "triage.threshold must be between 0 and 1, got 2",
    ]
    assert told[3].startswith("workteem is not a key here; did you mean workteam? allowed: name")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a: [", r"workflow\.yaml: not YAML", id="not yaml"),
        pytest.param("label: 2024-13-01", r"workflow\.yaml: not YAML: month must", id="no date"),
        pytest.param("[1]", r"the document must be a mapping .* got \[1\]", id="a list"),
        pytest.param("", "the document must be a mapping .* got None", id="empty"),
        pytest.param(
            "label: a\nlabel: b",
            "the key 'label' stands twice, the second time in line 2",
            id="twice",
        ),
    ],
)
def test_a_file_that_is_no_document(folder: Path, text: str, message: str) -> None:
    write(folder, text)

    with pytest.raises(ValueError, match=message):
        WorkflowSpec.from_folder(folder)


def test_the_page_is_in_the_workflows_folder(folder: Path) -> None:
    (folder.parent / "page.liquid").write_text('<crowd-form><input name="answer"></crowd-form>')
    write(folder, changed("template", "../page.liquid"))

    with pytest.raises(ValueError, match="template must be a file in the workflow's folder"):
        WorkflowSpec.from_folder(folder)


def test_a_missing_page_is_named(folder: Path) -> None:
    write(folder, changed("template", "pgae.liquid"))

    with pytest.raises(ValueError, match=r"template names a file that is missing: .*pgae.liquid"):
        WorkflowSpec.from_folder(folder)


def test_a_page_is_utf_8(folder: Path) -> None:
    (folder / "page.liquid").write_bytes("<p>Übersetzung</p>".encode("latin-1"))
    write(folder, FULL)

    with pytest.raises(ValueError, match=r"page\.liquid: not UTF-8 text"):
        WorkflowSpec.from_folder(folder)


def test_a_page_has_a_limit(folder: Path) -> None:
    (folder / "page.liquid").write_text("x" * 128_001)
    write(folder, FULL)

    with pytest.raises(ValueError, match=r"page\.liquid must have 1 to 128000 characters"):
        WorkflowSpec.from_folder(folder)


def test_a_folder_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"workflow.yaml: no such file"):
        WorkflowSpec.from_folder(tmp_path)


def test_the_page_is_tried_on_the_examples(folder: Path) -> None:
    write(folder, SMALLEST)
    page, examples = folder / "template.liquid", folder / "examples"
    page.write_text('<crowd-form><input name="a">\n{{ task.input.lables }}</crowd-form>')
    examples.mkdir()
    (examples / "a.json").write_text('{"labels": []}')
    (examples / "b.json").write_text("[]")

    with pytest.raises(ValueError, match="in none of the examples") as raised:
        WorkflowSpec.from_folder(folder)

    first, second = sorted(str(raised.value).splitlines())
    assert first.startswith(f"{examples / 'b.json'}:1:1: not an object [bad-example]. ")
    assert second.startswith(f"{page}:2:4: task.input.lables is in none of the examples; did you")


def test_a_spec_holds_the_examples(folder: Path) -> None:
    write(folder, SMALLEST)
    (folder / "examples").mkdir()
    (folder / "examples" / "a.json").write_text('{"labels": []}')

    assert WorkflowSpec.from_folder(folder).examples == {"examples/a.json": '{"labels": []}'}
