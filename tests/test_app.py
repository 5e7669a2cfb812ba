"""The app as the CDK CLI runs it: a program that writes templates."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOW = """
task: {title: Classify a review, description: Say what the review says}
workteam: reviewers
triage: {threshold: 0.9}
"""


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    folder = tmp_path / "workflows"
    for name in ("sentiment", "ranking"):
        (folder / name).mkdir(parents=True)
        (folder / name / "workflow.yaml").write_text(WORKFLOW)
        (folder / name / "template.liquid").write_text(
            '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
            '<crowd-form><input name="answer"></crowd-form>'
        )
    return folder


def run_app(
    outdir: Path,
    *before: str,
    workflows: Path | None = None,
    validation: bool = False,
    context: dict[str, str] | None = None,
    variables: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run app.py with no account, no credentials and nothing but node on its path."""
    node = shutil.which("node")
    assert node is not None
    given = {} if workflows is None else {"human-review:workflows": str(workflows)}
    environment = {
        "CDK_CONTEXT_JSON": json.dumps({**given, **(context or {})}),
        "CDK_OUTDIR": str(outdir),
        "CDK_VALIDATION": json.dumps(validation),
        "HOME": os.environ.get("HOME", "/"),
        "PATH": str(Path(node).parent),
        "PYTHONPATH": str(ROOT / "constructs"),
        **(variables or {}),
    }
    return subprocess.run(
        [*before, sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def templates(outdir: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in outdir.glob("*.template.json")}


def test_each_folder_is_a_stack(tmp_path: Path, workflows: Path) -> None:
    ran = run_app(tmp_path / "out", workflows=workflows)

    assert ran.returncode == 0, ran.stderr
    assert sorted(templates(tmp_path / "out")) == [
        "HumanReview-ranking.template.json",
        "HumanReview-sentiment.template.json",
        "HumanReviewWorkforce.template.json",
    ]


def test_the_repositorys_own_workflows_synthesize_the_same_twice(tmp_path: Path) -> None:
    first, second = (run_app(tmp_path / name) for name in ("first", "second"))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "HumanReview-sentiment.template.json" in templates(tmp_path / "first")
    assert templates(tmp_path / "first") == templates(tmp_path / "second")


def test_no_network_is_needed(tmp_path: Path, workflows: Path) -> None:
    unshare = shutil.which("unshare")
    assert unshare, "util-linux's unshare gives the app an empty network, and is missing here"
    isolated = [unshare, "--map-root-user", "--net"]

    ran = run_app(tmp_path / "out", *isolated, workflows=workflows)

    assert ran.returncode == 0, ran.stderr


def test_cdks_template_validator_has_nothing_to_say(tmp_path: Path, workflows: Path) -> None:
    ran = run_app(tmp_path / "out", workflows=workflows, validation=True)

    assert ran.returncode == 0, ran.stderr
    report: Any = json.loads((tmp_path / "out" / "validation-report.json").read_text())
    assert [p.get("violations") for p in report["pluginReports"]] == [[]] * len(
        report["pluginReports"]
    )


def test_mistakes_are_told_in_sentences(tmp_path: Path, workflows: Path) -> None:
    (workflows / "ranking" / "workflow.yaml").write_text(WORKFLOW.replace("0.9", "90"))
    (workflows / "sentiment" / "workflow.yaml").write_text(WORKFLOW.replace("reviewers", "people"))

    ran = run_app(tmp_path / "out", workflows=workflows)

    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        f"{workflows}/ranking/workflow.yaml: triage.threshold must be between 0 and 1, got 90",
        f"{workflows}/sentiment/workflow.yaml: workteam people is not in cdk.json, "
        "allowed: reviewers",
    ]


@pytest.mark.parametrize("file", ["workflow.yml", "template.liquid"])
def test_a_folder_without_its_file_is_a_mistake(tmp_path: Path, workflows: Path, file: str) -> None:
    (workflows / "moderation").mkdir()
    (workflows / "moderation" / file).write_text(WORKFLOW)

    ran = run_app(tmp_path / "out", workflows=workflows)

    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        f"{workflows}/moderation/{file}: its folder has no workflow.yaml, so it is no workflow"
    ]


def test_a_missing_folder_of_workflows_is_a_mistake(tmp_path: Path) -> None:
    ran = run_app(tmp_path / "out", workflows=tmp_path / "nowhere")

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{tmp_path}/nowhere: no such folder")


def test_a_name_is_used_once(tmp_path: Path, workflows: Path) -> None:
    (workflows / "ranking" / "workflow.yaml").write_text(f"name: sentiment\n{WORKFLOW}")

    ran = run_app(tmp_path / "out", workflows=workflows)

    assert ran.returncode == 1
    assert "name sentiment is another workflow's already" in ran.stderr


def test_a_region_without_amazon_a2i_is_refused(tmp_path: Path, workflows: Path) -> None:
    region = {"CDK_DEFAULT_REGION": "eu-north-1"}

    ran = run_app(tmp_path / "out", workflows=workflows, variables=region)

    assert ran.returncode == 1
    assert ran.stderr.startswith("Amazon A2I is not offered in the Region eu-north-1, allowed: ")
    assert templates(tmp_path / "out") == {}


def test_an_existing_workforce_is_adopted_by_one_setting(tmp_path: Path, workflows: Path) -> None:
    existing = {"name": "people", "user_pool_id": "us-east-1_abc", "client_id": "client"}

    ran = run_app(
        tmp_path / "out",
        workflows=workflows,
        context={"human-review:workforce.existing": json.dumps(existing)},
        variables={"CDK_DEFAULT_REGION": "us-east-1"},
    )

    assert ran.returncode == 0, ran.stderr
    template = json.loads(templates(tmp_path / "out")["HumanReviewWorkforce.template.json"])
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert "AWS::SageMaker::Workteam" in kinds
    assert "AWS::SageMaker::Workforce" not in kinds


def test_what_becomes_of_the_buckets_is_a_setting(tmp_path: Path, workflows: Path) -> None:
    ran = run_app(
        tmp_path / "out",
        workflows=workflows,
        context={"human-review:results.removal_policy": "destroy"},
    )

    assert ran.returncode == 0, ran.stderr
    template = json.loads(templates(tmp_path / "out")["HumanReview-sentiment.template.json"])
    [bucket] = (r for r in template["Resources"].values() if r["Type"] == "AWS::S3::Bucket")
    assert bucket["DeletionPolicy"] == "Delete"
