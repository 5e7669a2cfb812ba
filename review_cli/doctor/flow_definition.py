"""A workflow's flow definitions: the current one, and those that are retired."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from review_cli.deployment import Workflow
from review_cli.doctor.check import Check, ok, problem, warning

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import DescribeFlowDefinitionResponseTypeDef

PARAMETER = "flow-definition-arn"
_RETIRED_AT = "human-review:retired-at"
_STACK_ID = "human-review:stack-id"


@dataclass(frozen=True)
class FlowDefinition:
    """A flow definition and its tags."""

    description: "DescribeFlowDefinitionResponseTypeDef"
    tags: Mapping[str, str]

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.description["FlowDefinitionArn"]

    @property
    def name(self) -> str:
        """Its name."""
        return self.description["FlowDefinitionName"]

    @property
    def stack_id(self) -> str | None:
        """The stack that made it."""
        return self.tags.get(_STACK_ID)

    @property
    def template_sha256(self) -> str:
        """The digest of the page it was deployed with; empty when that was not known."""
        return self.tags.get("human-review:template-sha256", "")

    @property
    def retired_because(self) -> str:
        """Why it only waits for its last review to end."""
        return self.tags.get("human-review:retired-because", "no reason given")

    @cached_property
    def retired_at(self) -> datetime | None:
        """Since when it only waits for its last review to end; None while it is current."""
        if _RETIRED_AT not in self.tags:
            return None
        try:
            moment = datetime.fromisoformat(self.tags[_RETIRED_AT])
        except ValueError:
            return self.description["CreationTime"]  # somebody wrote the tag by hand
        # Without a zone it is UTC, as the reconciler has it.
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def find(sagemaker: "SageMakerClient", workflow: Workflow) -> list[FlowDefinition]:
    """All flow definitions that the workflow has, and the one its SSM parameter names."""
    pages = sagemaker.get_paginator("list_flow_definitions").paginate(
        PaginationConfig={"PageSize": 100}
    )
    names = {
        summary["FlowDefinitionName"]
        for page in pages
        for summary in page["FlowDefinitionSummaries"]
        if summary["FlowDefinitionName"].startswith(f"{workflow.name}--")
    }
    if named := workflow.parameters.get(PARAMETER):
        names.add(named.rpartition("/")[2])
    found = (_described(sagemaker, name) for name in sorted(names))
    return [flow_definition for flow_definition in found if flow_definition is not None]


def current(workflow: Workflow, found: Sequence[FlowDefinition]) -> FlowDefinition | None:
    """The flow definition that the SSM parameter names, or else the only one not retired."""
    candidates = [it for it in found if it.retired_at is None]
    only = candidates[0] if len(candidates) == 1 else None
    return _named(workflow, found) or only


def pointer(workflow: Workflow, found: Sequence[FlowDefinition]) -> Check:
    """Whether the SSM parameter names the flow definition that was deployed last."""
    name, parameter = "Pointer", workflow.parameter_name(PARAMETER)
    candidates = [it for it in found if it.retired_at is None]
    write = (
        f"Write it: {workflow.put_parameter(PARAMETER, candidates[0].arn)}."
        if len(candidates) == 1
        else "Deploy a change of the workflow, for example of its task's description."
    )
    named = workflow.parameters.get(PARAMETER)
    if named is None:
        return problem(name, f"The SSM parameter {parameter} is missing.", write)
    pointed_at = _named(workflow, found)
    if pointed_at is None:
        return problem(name, f"{parameter} names {named}, which does not exist.", write)
    if pointed_at.retired_at is not None:
        return problem(
            name,
            f"{parameter} names {pointed_at.name}, which was retired on "
            f"{pointed_at.retired_at:%Y-%m-%d}.",
            write,
        )
    same_stack = [it for it in candidates if it.stack_id == pointed_at.stack_id]
    if len(same_stack) > 1:
        others = ", ".join(it.name for it in same_stack if it is not pointed_at)
        return warning(
            name,
            f"{parameter} names {pointed_at.name}, and its stack also made {others}, which is not "
            "retired.",
            "If no deployment is under way, let its reviews end and delete it by hand.",
        )
    return ok(name, f"{parameter} names {pointed_at.name}.")


def status(flow_definition: FlowDefinition) -> Iterator[Check]:
    """Whether new reviews can be started with it."""
    name, found = flow_definition.name, flow_definition.description["FlowDefinitionStatus"]
    match found:
        case "Active":
            yield ok("Flow definition", f"{name} is Active.")
        case "Initializing":
            yield warning("Flow definition", f"{name} is {found}.", "Look again in a minute.")
        case "Failed":
            reason = flow_definition.description.get("FailureReason", "no reason given")
            yield problem(
                "Flow definition",
                f"{name} is Failed: {reason.rstrip('.')}.",
                "Correct what the reason names, and deploy a change of the workflow.",
            )
        case _:
            yield problem(
                "Flow definition",
                f"{name} is {found}: somebody has deleted it outside CloudFormation.",
                "Deploy a change of the workflow, which makes a new one.",
            )


def _named(workflow: Workflow, found: Sequence[FlowDefinition]) -> FlowDefinition | None:
    return next((it for it in found if it.arn == workflow.parameters.get(PARAMETER)), None)


def _described(sagemaker: "SageMakerClient", name: str) -> FlowDefinition | None:
    try:
        description = sagemaker.describe_flow_definition(FlowDefinitionName=name)
        tags = sagemaker.list_tags(ResourceArn=description["FlowDefinitionArn"])["Tags"]
    except sagemaker.exceptions.ResourceNotFound:
        return None  # it went between the list and now, or the parameter names nothing
    return FlowDefinition(description, {tag["Key"]: tag["Value"] for tag in tags})
