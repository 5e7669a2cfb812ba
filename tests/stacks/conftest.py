"""The app's stacks with settings and a workflow of the tests' own."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from human_review import WorkflowSpec
from stacks.review_stack import ReviewStack
from stacks.settings import Settings
from stacks.workforce_stack import WorkforceStack

ROOT = Path(__file__).parents[2]
CONTEXT: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
SETTINGS = {
    "workforce": {"source_ip_cidrs": ["192.0.2.0/24"]},
    "workteams": {
        "reviewers": {"description": "People who review", "members": ["ann@example.com"]},
        "experts": {"members": ["Ann@example.com", "bob@example.com"]},
    },
}
WORKFLOW = """
task:
  title: Classify a review
  description: Say what the review says
  time_limit: 10 minutes
workteam: reviewers
triage: {threshold: 0.9, audit_percentage: 5}
model:
  endpoint_name: sentiment
  request: {features: ["$input"]}
  response: {label: predicted_label, confidence: probability}
label: sentiment.label
input_buckets: [my-images]
"""
IMAGES = """
task: {title: Moderate an image, description: Say what the image shows}
workteam: reviewers
request_source: AWS/Rekognition/DetectModerationLabels/Image/V3
activation:
  - ModerationLabelConfidenceCheck: {ModerationLabelName: Suggestive, ConfidenceLessThan: 98}
input_buckets: [my-images]
"""
DEPLOYED = """
task: {title: Classify a review, description: Say what the review says}
workteam: reviewers
labels: [good, bad]
triage: {threshold: 0.9}
model:
  artifact: model
  image: sagemaker-scikit-learn:1.2-1-cpu-py3
  request: {features: ["$input"]}
  response: {label: predicted_label, confidence: probability}
"""


@pytest.fixture
def app(tmp_path: Path) -> cdk.App:
    # Without the template validator, which costs seconds: one test of the app runs it.
    return cdk.App(
        context=CONTEXT, outdir=str(tmp_path / "out"), builtin_cloud_formation_validation=False
    )


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate(SETTINGS)


@pytest.fixture
def spec(tmp_path: Path) -> WorkflowSpec:
    return workflow(tmp_path / "sentiment", WORKFLOW)


def workflow(folder: Path, text: str) -> WorkflowSpec:
    """A workflow's folder, read."""
    folder.mkdir(exist_ok=True)
    (folder / "workflow.yaml").write_text(text)
    (folder / "template.liquid").write_text(
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
        '<crowd-form>{{ task.input.taskObject }}<input name="sentiment"></crowd-form>'
    )
    return WorkflowSpec.from_folder(folder)


@pytest.fixture
def workforce(app: cdk.App, settings: Settings) -> WorkforceStack:
    return WorkforceStack(app, "HumanReviewWorkforce", settings=settings)


@pytest.fixture
def review(app: cdk.App, workforce: WorkforceStack, spec: WorkflowSpec) -> ReviewStack:
    return ReviewStack(
        app,
        "HumanReview-sentiment",
        spec=spec,
        workteam=workforce.workteams["reviewers"],
        provider=workforce.provider,
    )


@pytest.fixture
def other_reviews(
    app: cdk.App, workforce: WorkforceStack, tmp_path: Path
) -> tuple[ReviewStack, ReviewStack]:
    """A workflow of a built-in task type, and one that deploys its model."""
    script = tmp_path / "deployed" / "model" / "code" / "inference.py"

    def stack(spec: WorkflowSpec) -> ReviewStack:
        return ReviewStack(
            app,
            f"HumanReview-{spec.name}",
            spec=spec,
            workteam=workforce.workteams["reviewers"],
            provider=workforce.provider,
        )

    images = stack(workflow(tmp_path / "images", IMAGES))
    script.parent.mkdir(parents=True)
    script.write_text("model_fn = dict")
    return images, stack(workflow(tmp_path / "deployed", DEPLOYED))


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """One JSON file a test, so that a template's change is read as a diff."""
    return snapshot.use_extension(JSONSnapshotExtension)
