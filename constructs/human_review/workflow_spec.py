"""What a workflow folder says: ``workflow.yaml``, checked, and the page beside it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from . import limits, templates
from .activation import Condition, RequestSource, WrittenCondition, condition_of, render
from .document import Document, checked, mistake, read_yaml
from .model_spec import ModelSpec
from .page_lint import check_page, read_examples

_DURATION = re.compile(r"(\d+) (second|minute|hour|day)s?")


def _duration(value: Any) -> Any:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('must be a whole number and a unit, such as "30 seconds" or "3 days"')
    try:
        return timedelta(**{f"{match[2]}s": int(match[1])})
    except (OverflowError, ValueError):  # the latter for thousands of digits
        raise ValueError(f"must be at most {timedelta.max.days} days") from None


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


class _Workflow(Document):
    """What a workflow's file and its specification have in common."""

    name: limits.WorkflowName
    task: TaskSpec
    workteam: limits.WorkteamName
    request_source: RequestSource | None = None
    triage: TriageSpec | None = Field(default=None, validate_default=True)
    model: ModelSpec | None = None
    label: limits.LabelPath | None = None
    labels: limits.Labels | None = None
    consensus: limits.Consensus = "majority"
    input_buckets: limits.BucketNames = Field(default_factory=list, validate_default=True)
    on_destroy: limits.OnDestroy = "refuse"

    @field_validator("triage")
    @classmethod
    def _who_decides(cls, triage: TriageSpec | None, info: ValidationInfo) -> TriageSpec | None:
        if triage is None and _is_custom(info):
            raise mistake("is required")
        _left_out(triage, info, "the service decides what a person sees")
        return triage

    @field_validator("model", "labels")
    @classmethod
    def _who_predicts(cls, value: Any, info: ValidationInfo) -> Any:
        _left_out(value, info, "the service predicts, and writes the task's input")
        return value

    @field_validator("input_buckets")
    @classmethod
    def _what_is_read(cls, buckets: list[str], info: ValidationInfo) -> list[str]:
        if not buckets and info.data.get("request_source") is not None:
            raise mistake("is required with request_source: the service reads its input there")
        return buckets


def _is_custom(info: ValidationInfo) -> bool:
    # A request source that is wrong is not in the data, and has an error of its own.
    return info.data.get("request_source", ...) is None


def _left_out(value: Any, info: ValidationInfo, because: str) -> None:
    if value is not None and info.data.get("request_source") is not None:
        raise mistake(f"must be left out with request_source: {because}")


def _suits(conditions: list[Any] | None, info: ValidationInfo) -> list[Any] | None:
    """Refuse conditions that the request source of the same workflow does not have."""
    if conditions is None or "request_source" not in info.data:
        return conditions
    source = info.data["request_source"]
    if source is None:
        raise mistake("needs request_source: a custom task has no conditions but triage's")
    try:
        render([condition_of(one) for one in conditions], source)
    except ValueError as error:
        raise mistake(str(error)) from error
    return conditions


def _library_page(name: str) -> str:
    templates.read(name)
    return name


class _WorkflowDocument(_Workflow):
    """The keys of ``workflow.yaml``."""

    page: Annotated[str, AfterValidator(_library_page)] | None = None
    template: str = "template.liquid"
    activation: Annotated[list[WrittenCondition] | None, AfterValidator(_suits)] = None

    @field_validator("template")
    @classmethod
    def _one_page(cls, template: str, info: ValidationInfo) -> str:
        if info.data.get("page") is not None:
            raise mistake("must be left out with page, which names a page of the library")
        return template


class WorkflowSpec(_Workflow):
    """One review workflow: what ``workflow.yaml`` says, with the page's text as ``template``.

    ``name`` is at most 40 lower-case letters, digits and single hyphens; ``workteam`` names the
    workteam that reviews; ``label`` says where an answer holds its label; task pages may read
    objects in the ``input_buckets``. Without a ``model`` every item must carry its prediction.
    ``labels`` are what a page lets a reviewer choose among, and ``consensus`` says how several
    answers become one label. With a ``request_source``, Amazon Rekognition or Amazon Textract
    predicts, and ``activation`` says when it asks a person; ``triage``, ``model`` and ``labels``
    are left out. ``on_destroy`` says whether destroying the workflow is refused while reviews are
    open, or stops them. ``examples`` are inputs of the page as JSON, by name: it is tried on them.
    """

    template: limits.TaskPage
    examples: dict[str, str] = Field(default_factory=dict)
    activation: Annotated[list[Condition] | None, AfterValidator(_suits)] = None

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """The workflow that ``folder`` describes in ``workflow.yaml`` and its page.

        Left out, ``name`` is the folder's name and ``template`` is ``template.liquid``; ``page``
        names a page of the library in its stead. The page is tried on each JSON file in
        ``examples``.

        :raises ValueError: a line for each mistake: the file, the key, what was given and what is
            allowed.
        """
        path = folder / "workflow.yaml"
        document = read_yaml(path)
        if isinstance(document, dict):
            document = {"name": folder.resolve().name, **document}
        written = checked(_WorkflowDocument, document, str(path))
        given = {name: getattr(written, name) for name in _Workflow.model_fields}
        if written.model is not None and written.model.artifact is not None:
            artifact = _artifact(path, written.model.artifact)
            given["model"] = written.model.model_copy(update={"artifact": artifact})
        examples = read_examples(folder / "examples")
        return cls.model_validate(
            {
                **given,
                "template": _checked_page(path, written, examples),
                "examples": examples,
                "activation": written.activation and list(map(condition_of, written.activation)),
            }
        )


def _artifact(source: Path, artifact: str) -> str:
    """The artifact that a workflow file names, wherever it is read from."""
    if artifact.startswith("s3://"):
        return artifact
    folder = (source.parent / artifact).resolve()
    if not folder.is_relative_to(source.parent.resolve()):
        raise ValueError(
            f"{source}: model.artifact must be a folder in the workflow's folder, or an s3:// "
            f"address, got {artifact!r}"
        )
    if not folder.is_dir():
        raise ValueError(f"{source}: model.artifact names a folder that is missing: {folder}")
    return str(folder)


def _checked_page(source: Path, written: _WorkflowDocument, examples: dict[str, str]) -> str:
    """The text of the page that a workflow file names, which works with the examples."""
    if written.page:
        name, text = f"the page {written.page}", templates.read(written.page)
    else:
        file = source.parent / written.template
        name, text = str(file), _page(source, file)
    check_page(name, text, examples)
    return text


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
