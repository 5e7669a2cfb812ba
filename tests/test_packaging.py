"""The wheel: what is in it, and that it synthesizes what the checkout does."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
# Python started with -c puts its working directory first on the path: it is empty there.
PROGRAM = """
import sys, aws_cdk as cdk, human_review
from pathlib import Path
app = cdk.App(outdir=sys.argv[2])
stack = cdk.Stack(app, "Stack")
human_review.ReviewWorkflow(
    stack,
    "Workflow",
    spec=human_review.WorkflowSpec.from_folder(Path(sys.argv[1])),
    workteam=human_review.Workteam.from_workteam_name(stack, "Workteam", "reviewers"),
)
app.synth()
print(human_review.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made as a release makes it: of the source distribution."""
    folder = tmp_path_factory.mktemp("wheel")
    build("sdist", ROOT, folder)
    [sources] = folder.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", sources.name], cwd=folder, check=True, timeout=60)
    build("wheel", folder / sources.name.removesuffix(".tar.gz"), folder)
    [built] = folder.glob("*.whl")
    return built


def build(target: str, project: Path, folder: Path) -> None:
    """Leave a distribution of the project in ``folder``."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=project,
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_the_wheel_holds_library_handlers_command_and_local_cloud(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    folders = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert folders == {"human_review", "localcloud", "review_cli"}  # never constructs/
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    for package in ("collect", "reconcile", "resources", "shared", "triage"):
        assert f"human_review/_lambda/review_{package}/__init__.py" in names
    assert "human_review/py.typed" in names
    assert "localcloud/a2i/portal/static/built/registry.js" in names


def test_the_wheel_synthesizes_what_the_checkout_does(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    workflow = tmp_path / "sentiment"
    workflow.mkdir()
    (workflow / "template.liquid").write_text('<crowd-form><input name="answer"></crowd-form>')
    (workflow / "workflow.yaml").write_text(
        "task: {title: Title, description: Description}\n"
        "workteam: reviewers\n"
        "triage: {threshold: 0.9}\n"
    )

    from_wheel = synthesized(installed, workflow, tmp_path / "wheel.out")
    from_checkout = synthesized(ROOT / "constructs", workflow, tmp_path / "checkout.out")

    assert from_wheel == from_checkout


def synthesized(library: Path, workflow: Path, outdir: Path) -> Any:
    """The template made with the library in ``library``."""
    empty = outdir.with_suffix(".cwd")
    empty.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(workflow), str(outdir)],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(library), "CDK_VALIDATION": "false"},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout.strip() == str(library / "human_review" / "__init__.py")
    return json.loads((outdir / "Stack.template.json").read_text())
