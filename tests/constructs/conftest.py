"""An app as ``cdk synth`` configures it, and the constructs that others are built on."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    Reconciler,
    ReviewResults,
    Workteam,
    WorkteamBase,
)

ROOT = Path(__file__).parents[2]
CONTEXT = json.loads((ROOT / "cdk.json").read_text())["context"]


@pytest.fixture
def app(tmp_path: Path) -> cdk.App:
    # Without the template validator, which costs seconds: one test of the app runs it.
    return cdk.App(
        context=CONTEXT, outdir=str(tmp_path / "out"), builtin_cloud_formation_validation=False
    )


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Stack")


@pytest.fixture
def workteam(stack: cdk.Stack) -> WorkteamBase:
    return Workteam.from_workteam_name(stack, "Workteam", "reviewers")


@pytest.fixture
def page(stack: cdk.Stack) -> HumanTaskUi:
    return HumanTaskUi(
        stack,
        "Page",
        template='<crowd-form><input name="answer"></crowd-form>',
        name_prefix="sentiment",
    )


@pytest.fixture
def results(stack: cdk.Stack) -> ReviewResults:
    return ReviewResults(stack, "Results", workflow_name="sentiment")


@pytest.fixture
def flow_definition(
    stack: cdk.Stack, workteam: WorkteamBase, page: HumanTaskUi, results: ReviewResults
) -> FlowDefinition:
    return FlowDefinition(
        stack,
        "FlowDefinition",
        name_prefix="sentiment",
        workteam=workteam,
        human_task_ui=page,
        task_title="Classify a review",
        task_description="Say what the review says",
        output_bucket=results.bucket,
    )


@pytest.fixture
def reconciler(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> Reconciler:
    return Reconciler(stack, "Reconciler", flow_definition=flow_definition, results=results)
