"""The page: whether the human task UI is the one that was deployed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from review_cli.doctor.check import Check, ok, problem
from review_cli.doctor.flow_definition import FlowDefinition

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

_AGAIN = "Deploy a change of the page, which makes a new human task UI."


def human_task_ui(sagemaker: "SageMakerClient", flow_definition: FlowDefinition) -> Iterator[Check]:
    """Whether the page exists and its content is what was deployed."""
    arn = flow_definition.description["HumanLoopConfig"]["HumanTaskUiArn"]
    name = arn.rpartition("/")[2]
    try:
        described = sagemaker.describe_human_task_ui(HumanTaskUiName=name)
    except sagemaker.exceptions.ResourceNotFound:
        yield problem(
            "Task page",
            f"The human task UI {name} is gone, so no review can be started.",
            _AGAIN,
        )
        return
    status = described.get("HumanTaskUiStatus", "Active")
    deployed = flow_definition.template_sha256
    if status != "Active":
        yield problem("Task page", f"The human task UI {name} is {status}.", _AGAIN)
    elif not deployed:
        yield ok("Task page", f"{name} is Active; with which content it was deployed is not known.")
    elif described["UiTemplate"].get("ContentSha256") != deployed:
        yield problem(
            "Task page",
            f"The content of {name} is not what was deployed: its hash is not that of the flow "
            "definition's tag.",
            _AGAIN,
        )
    else:
        yield ok("Task page", f"{name} is Active, with the content that was deployed.")
