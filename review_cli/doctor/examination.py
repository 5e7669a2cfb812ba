"""All checks, in the order in which one thing depends on another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from review_cli.clients import Clients
from review_cli.deployment import Deployment, Workflow
from review_cli.doctor import (
    account,
    bucket,
    endpoint,
    flow_definition,
    human_task_ui,
    queue,
    reviews,
    role,
    sign_in,
    stack,
    task_input,
    workforce,
    workteam,
)
from review_cli.doctor.check import Check, Status, as_far_as_allowed
from review_cli.doctor.flow_definition import FlowDefinition


@dataclass(frozen=True)
class Section:
    """The checks of one part of the deployment."""

    title: str
    checks: list[Check]


@dataclass(frozen=True)
class Question:
    """What the endpoints are to be asked.

    :param item_input: any JSON.
    """

    item_input: Any


def examine(
    clients: Clients,
    deployment: Deployment,
    region: str,
    now: datetime,
    question: Question | None = None,
) -> Iterator[Section]:
    """Look at everything, a section at a time.

    :param question: asked of each workflow's endpoint, if given.
    """
    offered = account.region(region)
    if offered.status is not Status.OK:
        yield Section("Account", [offered])
        return
    enrolled = as_far_as_allowed("Amazon A2I", account.enrolment(clients.sagemaker))
    yield Section("Account", [offered, *enrolled])
    checks = as_far_as_allowed("Workforce", _workforce(clients, deployment))
    yield Section("Workforce", list(checks))
    for workflow in deployment.workflows:
        checks = as_far_as_allowed(
            "Flow definition", _workflow(clients, deployment, workflow, now, question)
        )
        yield Section(f"Workflow {workflow.name}", list(checks))


def _workforce(clients: Clients, deployment: Deployment) -> Iterator[Check]:
    found = workforce.find(clients.sagemaker)
    yield from workforce.workforce(found, deployment)
    if found is not None:
        url = workforce.portal_url(found)
        checks = sign_in.sign_in(clients.cognito_idp, found, url)
        yield from as_far_as_allowed("Sign-in", checks)


def _workflow(
    clients: Clients,
    deployment: Deployment,
    workflow: Workflow,
    now: datetime,
    question: Question | None,
) -> Iterator[Check]:
    found = flow_definition.find(clients.sagemaker, workflow)
    yield flow_definition.pointer(workflow, found)
    current = flow_definition.current(workflow, found)
    if current is not None:
        # What the pointer should be has been said; the checks below take it as mended.
        mended = workflow.with_parameter(flow_definition.PARAMETER, current.arn)
        yield from _current(clients, deployment, mended, current, now)
    retired = [it for it in found if it.retired_at is not None]
    if retired or current:
        left = [reviews.find(clients.a2i_runtime, it, now) for it in retired]
        yield from reviews.retired(left, now)
        yield from _lost_rights(clients, left)
    function = workflow.parameters.get("triage-function-name")
    if question is not None and function is not None:
        checks = endpoint.endpoint(
            clients.lambda_, clients.sagemaker_runtime, function, question.item_input
        )
        yield from as_far_as_allowed("Endpoint", checks)


def _lost_rights(clients: Clients, retired: list[reviews.OpenReviews]) -> Iterator[Check]:
    """What keeps open reviews of retired flow definitions from ending well."""
    for left in retired:
        if left.loops:
            checks = role.writes_output(clients.iam, left.flow_definition)
            for check in as_far_as_allowed("Role's output", checks):
                if check.status is not Status.OK:
                    yield check


def _current(
    clients: Clients,
    deployment: Deployment,
    workflow: Workflow,
    current: FlowDefinition,
    now: datetime,
) -> Iterator[Check]:
    yield from flow_definition.status(current)
    page = human_task_ui.human_task_ui(clients.sagemaker, current)
    yield from as_far_as_allowed("Task page", page)
    people = workteam.workteam(
        clients.sagemaker,
        clients.cognito_idp,
        current.description["HumanLoopConfig"]["WorkteamArn"],
        deployment.user_groups,
    )
    yield from as_far_as_allowed("Workteam", people)
    yield from _storage(clients, workflow, current, now)
    if current.stack_id:
        made = stack.stack(clients.cloudformation, current.stack_id, workflow)
        yield from as_far_as_allowed("Stack", made)
        waiting = queue.queues(clients.cloudformation, clients.sqs, current.stack_id)
        yield from as_far_as_allowed("Queues", waiting)


def _storage(
    clients: Clients, workflow: Workflow, current: FlowDefinition, now: datetime
) -> Iterator[Check]:
    results = workflow.parameters.get("bucket-name")
    role_arn = current.description["RoleArn"]
    yield from as_far_as_allowed("Role", role.assumable(clients.sagemaker, current))
    if results is not None:
        yield from as_far_as_allowed("Bucket", bucket.results(clients.s3, results))
    yield from as_far_as_allowed("Role's output", role.writes_output(clients.iam, current))
    waiting = reviews.find(clients.a2i_runtime, current, now)
    sample = waiting.names()[-task_input.SAMPLE :]
    shown = task_input.shown_by(clients.s3, results, sample) if results else ()
    readable = task_input.task_input(clients.s3, clients.iam, clients.sagemaker, role_arn, shown)
    yield from as_far_as_allowed("Role's input", readable)
    yield reviews.current(waiting, now)
