"""Where open reviews write their answers: what the role loses, they cannot write to."""

from review_resources.events import Event, Properties
from review_resources.flow_definition_end import described
from review_resources.stack import status
from review_shared.flow_definition import human_loops, of_workflow


def refuse_to_strand(event: Event) -> None:
    """Fail before an update takes from open reviews the path that their answers go to."""
    old = event["OldResourceProperties"]
    dropped = paths(old) - paths(event["ResourceProperties"])
    # What an update that is undone had begun must not stand in the way of that.
    if not dropped or status(event["StackId"]) != "UPDATE_IN_PROGRESS":
        return
    count = open_reviews(old["FlowDefinitionNamePrefix"], event["StackId"], dropped)
    if count:
        shown = ", ".join(sorted(dropped))
        raise RuntimeError(
            f"open reviews that write to {shown}: {count}. After this change their answers could "
            "not be written: nothing was made. Name the place in previous_outputs of the flow "
            "definition until they are answered, or wait for that, and deploy again"
        )


def paths(properties: Properties) -> set[str]:
    """Where the flow definition's role may write."""
    return {
        properties["OutputConfig"]["S3OutputPath"],
        *properties.get("PreviousOutputPaths", []),
    }


def open_reviews(workflow: str, stack_id: str, output_paths: set[str]) -> int:
    """How many human loops of the workflow, retired ones too, are open and write to these paths."""
    return sum(
        loop.open
        for it in of_workflow(workflow, stack_id)
        if output_path(it.name) in output_paths
        for loop in human_loops(it.arn)
    )


def output_path(name: str) -> str | None:
    """The path that a flow definition's answers go to; None when it is gone."""
    description = described(name)
    return None if description is None else description["OutputConfig"]["S3OutputPath"]
