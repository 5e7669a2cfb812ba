"""The activation conditions of workflows/moderation and workflows/document, on their examples."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from human_review import WorkflowSpec
from human_review.activation import render
from localcloud.a2i.evaluation import Evaluation, Input, evaluate
from localcloud.a2i.request_source import REQUEST_SOURCES

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FILES = sorted(WORKFLOWS.glob("*/demo/*/*.png"))
EXAMPLES = sorted(
    path for name in ("document", "moderation") for path in WORKFLOWS.glob(f"{name}/examples/*")
)


@pytest.mark.parametrize(
    ("workflow", "words"),
    [
        ("moderation", {"ModerationLabelConfidenceCheck", "Sampling", "And", "Or"}),
        (
            "document",
            {"ImportantFormKeyConfidenceCheck", "MissingImportantFormKey", "Sampling", "Or"},
        ),
    ],
)
def test_a_workflow_shows_each_kind_of_condition(workflow: str, words: set[str]) -> None:
    assert set(_words(json.loads(_conditions(workflow))["Conditions"])) == words


def _words(conditions: list[dict[str, Any]]) -> Iterator[str]:
    """The condition types and operators, however deep."""
    for condition in conditions:
        for operator in ("And", "Or"):
            if operator in condition:
                yield operator
                yield from _words(condition[operator])
        if "ConditionType" in condition:
            yield condition["ConditionType"]


def _conditions(workflow: str) -> str:
    spec = WorkflowSpec.from_folder(WORKFLOWS / workflow)
    assert spec.activation
    assert spec.request_source
    return render(spec.activation, spec.request_source)


def _evaluation(file: Path) -> Evaluation:
    """What comes of a drawing or a form for which the service's answer is recorded."""
    workflow = file.parents[2].name
    source = WorkflowSpec.from_folder(WORKFLOWS / workflow).request_source
    assert source
    [recording] = file.parent.glob(f"{file.stem}.*.json")
    findings = REQUEST_SOURCES[source].findings(json.loads(recording.read_text()))
    digest = hashlib.sha256(file.read_bytes()).digest()
    return evaluate(_conditions(workflow), Input(findings, digest))


def test_files_go_to_a_person_by_what_was_found_in_them() -> None:
    evaluations = {file.stem: _evaluation(file) for file in FILES}

    assert [name for name, found in evaluations.items() if found.holds] == [
        *("no-address", "smudged"),
        *("beach", "cards", "teacup"),
    ]
    # The demos say why a person is asked: no file is in the audit's sample.
    sampled = [found.recorded["Conditions"][-1] for found in evaluations.values()]
    assert {(it["ConditionType"], it["EvaluationResult"]) for it in sampled} == {
        ("Sampling", False)
    }


def test_conditions_combined_by_and_hold_for_one_drawing() -> None:
    held = [
        file.stem
        for file in FILES
        for condition in _evaluation(file).recorded["Conditions"]
        if "And" in condition and condition["EvaluationResult"]
    ]

    assert held == ["teacup"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_an_example_has_the_results_of_the_workflows_conditions(example: Path) -> None:
    given = json.loads(example.read_text())
    request = given["aiServiceRequest"]
    place = (request.get("image") or request["document"])["s3Object"]["name"]

    evaluation = _evaluation(example.parents[1] / "demo" / place)

    assert given["humanTaskActivationConditionResults"] == evaluation.recorded
