"""What a workflow folder says: ``workflow.yaml``, checked, and the page beside it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field

from . import limits
from .document import Document, checked, read_yaml

_DURATION = re.compile(r"(\d+) (second|minute|hour|day)s?")


def _duration(value: Any) -> Any:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('must be a whole number and a unit, such as "30 seconds" or "3 days"')
    return timedelta(**{f"{match[2]}s": int(match[1])})


def _has_input(request: Any) -> Any:
    if not _mentions_input(request):
        raise ValueError('must hold the string "$input", which stands for the item\'s input')
    return request


def _mentions_input(node: Any) -> bool:
    match node:
        case dict():
            return any(map(_mentions_input, node.values()))
        case list():
            return any(map(_mentions_input, node))
        case _:
            return bool(node == "$input")


def _lasting(low: int, unit: str) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if value < timedelta(seconds=low):
            raise ValueError(f"must be at least {low} {unit}")
        return value

    return AfterValidator(check)


_Duration = Annotated[timedelta, BeforeValidator(_duration)]


class TaskSpec(Document):
    """What a reviewer is asked to do, and for how long."""

    title: limits.TaskTitle
    description: limits.TaskDescription
    count: limits.TaskCount = 1
    availability_lifetime: Annotated[_Duration, _lasting(1, "second")] | None = None
    time_limit: Annotated[_Duration, _lasting(30, "seconds")] | None = None
    keywords: limits.TaskKeywords | None = None


class TriageSpec(Document):
    """Which predictions a person sees."""

    threshold: limits.Fraction
    audit_percentage: limits.Percentage = 0


class ResponseSpec(Document):
    """Where a model's answer holds its prediction: JMESPath expressions."""

    label: limits.JmesPath
    confidence: limits.JmesPath


class ModelSpec(Document):
    """How triage asks a SageMaker endpoint for a prediction.

    ``request`` is any JSON in which the string ``"$input"`` stands for the item's input.
    """

    endpoint_name: limits.EndpointName
    content_type: Literal["application/jsonlines", "application/json"] = "application/json"
    accept: Literal["application/jsonlines", "application/json"] | None = None  # as content_type
    request: Annotated[Any, AfterValidator(_has_input)]
    response: ResponseSpec


class _WorkflowDocument(Document):
    """The keys of ``workflow.yaml``."""

    name: limits.WorkflowName
    task: TaskSpec
    template: str = "template.liquid"
    workteam: limits.WorkteamName
    triage: TriageSpec
    model: ModelSpec | None = None
    label: limits.JmesPath | None = None
    input_buckets: list[limits.BucketName] = Field(default_factory=list)
    on_destroy: limits.OnDestroy = "refuse"


class WorkflowSpec(_WorkflowDocument):
    """One review workflow: what ``workflow.yaml`` says, with the page's text as ``template``.

    ``name`` is at most 40 lower-case letters, digits and single hyphens; ``workteam`` names the
    workteam that reviews; ``label`` says where an answer holds its label; task pages may read
    objects in the ``input_buckets``. Without a ``model`` every item must carry its prediction.
    ``on_destroy`` says whether destroying the workflow is refused while reviews are open, or stops
    them.
    """

    template: limits.TaskPage

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """The workflow that ``folder`` describes in ``workflow.yaml`` and its page.

        Left out, ``name`` is the folder's name and ``template`` is ``template.liquid``.

        :raises ValueError: a line for each mistake: the file, the key, what was given and what is
            allowed.
        """
        path = folder / "workflow.yaml"
        document = read_yaml(path)
        if isinstance(document, dict):
            document = {"name": folder.resolve().name, **document}
        written = checked(_WorkflowDocument, document, str(path))
        page = _page(path, folder / written.template)
        return cls.model_validate({**dict(written), "template": page})


def _page(source: Path, page: Path) -> str:
    """The text of the page that a workflow file names."""
    if not page.resolve().is_relative_to(source.parent.resolve()):
        raise ValueError(f"{source}: template must be a file in the workflow's folder, got {page}")
    if not page.is_file():
        raise ValueError(f"{source}: template names a file that is missing: {page}")
    try:
        text = page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{page}: not UTF-8 text ({error.reason})") from error
    limits.check(str(page), limits.TaskPage, text)
    return text
