"""The CDK app: the workforce's stack, and one stack for each folder in workflows/."""

import json
import os
import sys
from pathlib import Path

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from human_review import WorkflowSpec
from human_review.region import check_region
from stacks.review_stack import ReviewStack
from stacks.settings import Settings
from stacks.workforce_stack import WorkforceStack

ROOT = Path(__file__).parent


def read_workflows(folder: Path, settings: Settings) -> list[WorkflowSpec]:
    """Every workflow in ``folder``, in the order of the folders' names.

    :raises ValueError: a line for each mistake in any of them.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder, which cdk.json calls workflows")
    specs: dict[str, WorkflowSpec] = {}
    mistakes = misnamed(folder)
    for file in sorted(folder.glob("*/workflow.yaml")):
        try:
            spec = WorkflowSpec.from_folder(file.parent)
        except ValueError as error:
            mistakes.append(str(error))
            continue
        if spec.workteam not in settings.workteams:
            known = ", ".join(settings.workteams)
            mistakes.append(
                f"{file}: workteam {spec.workteam} is not in cdk.json, allowed: {known}"
            )
        if spec.name in specs:
            mistakes.append(f"{file}: name {spec.name} is another workflow's already")
        specs[spec.name] = spec
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return list(specs.values())


def misnamed(folder: Path) -> list[str]:
    """A mistake for each folder that was meant to be a workflow, and has no file that says so."""
    return [
        f"{file}: its folder has no workflow.yaml, so it is no workflow"
        for below in sorted(folder.iterdir())
        if below.is_dir() and not (below / "workflow.yaml").exists()
        for file in sorted([*below.glob("workflow.*"), *below.glob("*.liquid")])[:1]
    ]


def build(app: cdk.App) -> None:
    """Make the stacks that ``app``'s context and the workflow folders describe."""
    # The stacks fit every Region; the CLI says which one it would deploy them to.
    check_region(os.environ.get("CDK_DEFAULT_REGION", cdk.Aws.REGION))
    settings = Settings.from_context(app.node.get_all_context())
    specs = read_workflows(ROOT / settings.workflows, settings)
    workforce = WorkforceStack(app, "HumanReviewWorkforce", settings=settings)
    destroyed = settings.results.removal_policy == "destroy"
    kept = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    for spec in specs:
        ReviewStack(
            app,
            f"HumanReview-{spec.name}",
            spec=spec,
            workteam=workforce.workteams[spec.workteam],
            provider=workforce.provider,
            removal_policy=cdk.RemovalPolicy.DESTROY if destroyed else kept,
        )


def main() -> None:
    """Synthesize, checked by cdk-nag's AwsSolutions pack."""
    # The CDK CLI hands over cdk.json's context with -c on top; `python app.py` alone reads it here.
    app = cdk.App(context=json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"])
    try:
        build(app)
    except ValueError as error:
        sys.exit(str(error))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
