"""Workflows whose service decides, whose page is the library's, or that bring their model."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from human_review import WorkflowSpec, templates
from human_review.activation import REKOGNITION, TEXTRACT

TASK = {"title": "Look", "description": "Look at it"}
CUSTOM: dict[str, Any] = {
    "task": TASK,
    "workteam": "reviewers",
    "triage": {"threshold": 0.9},
}
BUILT_IN: dict[str, Any] = {
    "task": TASK,
    "workteam": "reviewers",
    "request_source": REKOGNITION,
    "input_buckets": ["my-images"],
}
ASKING: dict[str, Any] = {
    "request": "$input",
    "response": {"label": "label", "confidence": "confidence"},
}
DEPLOYED: dict[str, Any] = {
    "artifact": "model",
    "image": "sagemaker-scikit-learn:1.2-1-cpu-py3",
    **ASKING,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    (folder / "model" / "code").mkdir(parents=True)
    (folder / "model" / "code" / "inference.py").write_text("")
    (folder / "template.liquid").write_text('<crowd-form><input name="answer"></crowd-form>')
    return folder


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of two pages."""
    for name in ("classification", "ranking"):
        page = tmp_path / "library" / name / "template.liquid"
        page.parent.mkdir(parents=True)
        page.write_text(f'<crowd-form>{name}<input name="answer"></crowd-form>')
    monkeypatch.setattr(templates, "_FOLDER", tmp_path / "library")


def read(folder: Path, document: dict[str, Any]) -> WorkflowSpec:
    (folder / "workflow.yaml").write_text(yaml.safe_dump(document))
    return WorkflowSpec.from_folder(folder)


def mistake(folder: Path, document: dict[str, Any]) -> str:
    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        read(folder, document)
    return str(error.value).removeprefix(f"{folder / 'workflow.yaml'}: ")


def test_a_built_in_type_needs_no_triage(folder: Path) -> None:
    spec = read(folder, BUILT_IN)

    assert spec.request_source == REKOGNITION
    assert (spec.triage, spec.model, spec.activation) == (None, None, None)


def test_labels_and_consensus_are_read(folder: Path) -> None:
    spec = read(folder, {**CUSTOM, "labels": ["cat", "dog"], "consensus": "iou"})

    assert (spec.labels, spec.consensus) == (["cat", "dog"], "iou")
    assert read(folder, CUSTOM).consensus == "majority"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            {**BUILT_IN, "triage": {"threshold": 0.9}},
            "triage must be left out with request_source: the service decides",
            id="triage",
        ),
        pytest.param(
            {**BUILT_IN, "model": {"endpoint_name": "model", **ASKING}},
            "model must be left out with request_source: the service predicts",
            id="model",
        ),
        pytest.param({**BUILT_IN, "labels": ["cat"]}, "labels must be left out with", id="labels"),
        pytest.param(
            {**BUILT_IN, "input_buckets": []}, "input_buckets is required with", id="no bucket"
        ),
        pytest.param(
            {**BUILT_IN, "request_source": "AWS/Rekognition"},
            f"request_source must be '{REKOGNITION}' or '{TEXTRACT}', got 'AWS/Rekognition'",
            id="unknown source",
        ),
        pytest.param(
            {**CUSTOM, "activation": [{"Sampling": {"RandomSamplingPercentage": 5}}]},
            "activation needs request_source: a custom task has no conditions but triage's",
            id="custom with conditions",
        ),
        pytest.param(
            {**BUILT_IN, "activation": []}, "activation must have at least one", id="no condition"
        ),
        pytest.param({**CUSTOM, "labels": ["cat", "cat"]}, "labels must not name cat", id="twice"),
        pytest.param({**CUSTOM, "labels": []}, "labels must have 1 to 100 entries", id="none"),
        pytest.param(
            {**CUSTOM, "labels": [f"{'x' * 98}{n:02}" for n in range(30)]},
            "labels must be at most 2048 bytes of JSON, it has 3091",
            id="too long for an environment",
        ),
        pytest.param(
            {**CUSTOM, "consensus": "median"}, "consensus must be 'majority', 'mean'", id="median"
        ),
    ],
)
def test_keys_that_do_not_go_together(folder: Path, document: Any, message: str) -> None:
    assert mistake(folder, document).startswith(message)


@pytest.mark.usefixtures("library")
def test_a_page_of_the_library_needs_no_file(folder: Path) -> None:
    (folder / "template.liquid").unlink()

    spec = read(folder, {**CUSTOM, "page": "ranking"})

    assert templates.names() == ["classification", "ranking"]
    assert spec.template == templates.read("ranking")


@pytest.mark.usefixtures("library")
def test_an_unknown_page_gets_the_nearest_one(folder: Path) -> None:
    assert mistake(folder, {**CUSTOM, "page": "clasification"}) == (
        "page must be a page of the library, did you mean classification? allowed: "
        "classification, ranking, got 'clasification'"
    )


@pytest.mark.usefixtures("library")
def test_there_is_one_page(folder: Path) -> None:
    document = {**CUSTOM, "page": "ranking", "template": "template.liquid"}

    assert mistake(folder, document).startswith("template must be left out with page")


def test_a_model_of_the_workflow_is_found_from_anywhere(folder: Path) -> None:
    spec = read(folder, {**CUSTOM, "model": DEPLOYED})

    assert spec.model is not None
    assert spec.model.artifact == str((folder / "model").resolve())


@pytest.mark.parametrize(
    ("model", "message"),
    [
        pytest.param(ASKING, "model must have endpoint_name, an endpoint that", id="neither"),
        pytest.param(
            {**ASKING, "endpoint_name": "model", "instance_type": "ml.m5.large"},
            "model must not have instance_type without artifact",
            id="an endpoint that exists",
        ),
        pytest.param(
            {**ASKING, "artifact": "model"}, "model must have image with artifact", id="no image"
        ),
        pytest.param(
            {**DEPLOYED, "image": "scikit-learn"},
            "model.image must be an address in Amazon ECR, <account>.dkr.ecr",
            id="image",
        ),
        pytest.param(
            {**DEPLOYED, "serverless": {"memory_size": 1500}},
            "model.serverless.memory_size must be a multiple of 1024 MB, got 1500",
            id="memory",
        ),
        pytest.param(
            {**DEPLOYED, "serverless": {}, "instance_type": "ml.m5.large"},
            "model must have only one of serverless and instance_type",
            id="both",
        ),
        pytest.param(
            {**DEPLOYED, "instance_type": "m5.large"},
            "model.instance_type must be an instance type, such as ml.m5.large",
            id="instance type",
        ),
        pytest.param(
            {**DEPLOYED, "instance_count": 2}, "model must have instance_type with", id="count"
        ),
        pytest.param(
            {**DEPLOYED, "artifact": "../model"},
            "model.artifact must be a folder in the workflow's folder",
            id="outside",
        ),
        pytest.param(
            {**DEPLOYED, "artifact": "modle"}, "model.artifact names a folder that", id="missing"
        ),
    ],
)
def test_mistakes_in_a_model(folder: Path, model: Any, message: str) -> None:
    assert mistake(folder, {**CUSTOM, "model": model}).startswith(message)
