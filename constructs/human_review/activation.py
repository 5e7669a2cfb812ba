"""Activation conditions: when Amazon Rekognition or Amazon Textract asks a person.

They belong to a flow definition with a built-in task type. Any one of a list of conditions that
holds starts a human loop; ``And`` and ``Or`` combine two or more. The service takes them as JSON
whose published schema refuses next to nothing, so that a misspelt name would be accepted and never
hold: what may be written is checked here.

Sources: the Amazon SageMaker Developer Guide, "JSON Schema for Human Loop Activation Conditions in
Amazon Augmented AI", and its pages on the conditions for Amazon Rekognition and Amazon Textract.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from . import limits
from .confidence_range import ConfidenceRange, check_comparisons
from .document import Document

RequestSource = Literal[
    "AWS/Rekognition/DetectModerationLabels/Image/V3", "AWS/Textract/AnalyzeDocument/Forms/V1"
]
"""The built-in task types, as HumanLoopRequestSource names them."""

REKOGNITION: RequestSource = "AWS/Rekognition/DetectModerationLabels/Image/V3"
TEXTRACT: RequestSource = "AWS/Textract/AnalyzeDocument/Forms/V1"
MAX_CHARACTERS = 10_240
"""Of the rendered conditions: HumanLoopActivationConditions in CreateFlowDefinition."""
MAX_NESTING = 2
DEFAULT_MIN_CONFIDENCE = 50
"""Of DetectModerationLabels, in percent: https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectModerationLabels.html"""


class _Condition(Document):
    """Parameters in snake case here, and in AWS's own words in JSON and YAML."""

    model_config = ConfigDict(alias_generator=to_pascal, validate_by_name=True)
    sources: ClassVar[tuple[RequestSource, ...]]

    def as_json(self) -> dict[str, Any]:
        """The condition as HumanLoopActivationConditions holds it."""
        given = self.model_dump(by_alias=True, exclude_defaults=True)
        # 98 and 98.0 are one number, and have to be one text.
        parameters = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in given.items()
        }
        return {"ConditionType": type(self).__name__, "ConditionParameters": parameters}

    @property
    def parts(self) -> Sequence[Any]:
        """What the condition combines: nothing."""
        return ()


class ModerationLabelConfidenceCheck(_Condition):
    """Holds when Amazon Rekognition finds a moderation label with a confidence in a range.

    At least one comparison is needed; ``confidence_equals`` excludes the others. Confidences are
    percentages, 0 to 100. Only for ``AWS/Rekognition/DetectModerationLabels/Image/V3``.

    ``moderation_label_name`` is a label's exact name, in upper and lower case as Amazon
    Rekognition has it, or ``*`` for any.

    Unless a call says otherwise in ``MinConfidence``, and triage does not, Amazon Rekognition finds
    no label with a confidence under 50: a condition that only such a one meets never holds.
    """

    sources = (REKOGNITION,)
    moderation_label_name: limits.NotEmpty
    confidence_equals: limits.Confidence | None = None
    confidence_less_than: limits.Confidence | None = None
    confidence_less_than_equals: limits.Confidence | None = None
    confidence_greater_than: limits.Confidence | None = None
    confidence_greater_than_equals: limits.Confidence | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_comparisons(self, "confidence")
        return self


class ImportantFormKeyConfidenceCheck(_Condition):
    """Holds when Amazon Textract finds a form key with confidences in a range.

    A key and value have a confidence as a pair (``key_value_block_confidence_…``), and so has each
    word they are made of (``word_block_confidence_…``); what is given of both must hold, and at
    least one comparison is needed. Confidences are percentages, 0 to 100. Only for
    ``AWS/Textract/AnalyzeDocument/Forms/V1``.

    ``important_form_key`` is the key's text, or ``*`` for any; ``important_form_key_aliases`` are
    other spellings of it.
    """

    sources = (TEXTRACT,)
    important_form_key: limits.NotEmpty
    important_form_key_aliases: list[limits.NotEmpty] = Field(default_factory=list)
    key_value_block_confidence_equals: limits.Confidence | None = None
    key_value_block_confidence_less_than: limits.Confidence | None = None
    key_value_block_confidence_less_than_equals: limits.Confidence | None = None
    key_value_block_confidence_greater_than: limits.Confidence | None = None
    key_value_block_confidence_greater_than_equals: limits.Confidence | None = None
    word_block_confidence_equals: limits.Confidence | None = None
    word_block_confidence_less_than: limits.Confidence | None = None
    word_block_confidence_less_than_equals: limits.Confidence | None = None
    word_block_confidence_greater_than: limits.Confidence | None = None
    word_block_confidence_greater_than_equals: limits.Confidence | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_comparisons(self, "key_value_block_confidence", "word_block_confidence")
        if self.important_form_key == "*" and self.important_form_key_aliases:
            raise ValueError("needs no ImportantFormKeyAliases, as * stands for every key")
        return self


def _a_key(value: str) -> str:
    if value == "*":
        raise ValueError("must be the text of a key: that any key at all is missing says nothing")
    return value


class MissingImportantFormKey(_Condition):
    """Holds when Amazon Textract finds neither a form key nor any of its aliases.

    The reviewer then gets no predicted pairs; the page reads what is asked for from
    ``task.input.humanLoopContext``. Only for ``AWS/Textract/AnalyzeDocument/Forms/V1``.

    ``important_form_key`` is the key's text; ``important_form_key_aliases`` are other spellings.
    """

    sources = (TEXTRACT,)
    important_form_key: Annotated[limits.NotEmpty, AfterValidator(_a_key)]
    important_form_key_aliases: list[limits.NotEmpty] = Field(default_factory=list)


class Sampling(_Condition):
    """Holds for a share of the inputs, always the same ones: repeating a request changes nothing.

    ``random_sampling_percentage`` is from 0.01 to 100. For both built-in task types.
    """

    sources = (REKOGNITION, TEXTRACT)
    random_sampling_percentage: limits.SamplingPercentage


def nesting(node: Any) -> int:
    """How many levels of And and Or a condition has."""
    return 1 + max(map(nesting, node.parts)) if node.parts else 0


def _two_or_more(parts: list[Any]) -> list[Any]:
    if len(parts) < 2:
        raise ValueError(f"must combine at least 2 conditions, it has {len(parts)}")
    return parts


def _not_too_deep(parts: list[Any]) -> list[Any]:
    if 1 + max(map(nesting, parts)) > MAX_NESTING:
        raise ValueError(f"must not be nested more than {MAX_NESTING} levels deep")
    return parts


def _possible(parts: list[Any]) -> list[Any]:
    """Refuse confidences of one moderation label that exclude each other.

    A label has one confidence in an image. A form key may stand in a form several times.
    """
    seen: dict[str, ConfidenceRange] = {}
    for part in map(condition_of, parts):
        if isinstance(part, ModerationLabelConfidenceCheck) and part.moderation_label_name != "*":
            name = part.moderation_label_name
            allowed = ConfidenceRange.of(part, "confidence")
            seen[name] = seen.get(name, ConfidenceRange()).overlap(allowed)
            if seen[name].is_empty:
                raise ValueError(f"can never hold: no confidence of {name} is in all its ranges")
    return parts


class _Combination(Document):
    conditions: Annotated[
        "list[Condition]", AfterValidator(_two_or_more), AfterValidator(_not_too_deep)
    ]

    @property
    def parts(self) -> "list[Condition]":
        """What is combined."""
        return self.conditions

    def as_json(self) -> dict[str, Any]:
        """The combination as HumanLoopActivationConditions holds it."""
        return {type(self).__name__: [part.as_json() for part in self.conditions]}


class And(_Combination):
    """Holds when all its ``conditions`` hold: two or more, nested two levels deep at most."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        _possible(self.conditions)
        return self


class Or(_Combination):
    """Holds when one of its ``conditions`` holds: two or more, nested two levels deep at most."""


Condition = (
    ModerationLabelConfidenceCheck
    | ImportantFormKeyConfidenceCheck
    | MissingImportantFormKey
    | Sampling
    | And
    | Or
)
"""Any condition; a list of them holds when one of them does."""


class WrittenCondition(Document):
    """A condition as ``workflow.yaml`` has it: one key, a condition type or And or Or."""

    model_config = ConfigDict(alias_generator=to_pascal)

    moderation_label_confidence_check: ModerationLabelConfidenceCheck | None = None
    important_form_key_confidence_check: ImportantFormKeyConfidenceCheck | None = None
    missing_important_form_key: MissingImportantFormKey | None = None
    sampling: Sampling | None = None
    all_of: Annotated[
        "list[WrittenCondition] | None",
        Field(alias="And"),
        AfterValidator(_two_or_more),
        AfterValidator(_not_too_deep),
        AfterValidator(_possible),
    ] = None
    any_of: Annotated[
        "list[WrittenCondition] | None",
        Field(alias="Or"),
        AfterValidator(_two_or_more),
        AfterValidator(_not_too_deep),
    ] = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("must have one key: a condition type, And or Or")
        return self

    @property
    def parts(self) -> "list[WrittenCondition]":
        """What is combined."""
        return self.all_of or self.any_of or []


def condition_of(written: Any) -> Condition:
    """The condition that was written; one that is a condition already is itself."""
    if not isinstance(written, WrittenCondition):
        condition: Condition = written
        return condition
    parts = [condition_of(part) for part in written.parts]
    if written.all_of:
        return And(conditions=parts)
    if written.any_of:
        return Or(conditions=parts)
    (name,) = written.model_fields_set
    given: Condition = getattr(written, name)
    return given


def render(conditions: Sequence[Condition], request_source: RequestSource) -> str:
    """The conditions as HumanLoopActivationConditions: always the same text for the same ones.

    :raises ValueError: there are none, one is not for the request source, or the text is longer
        than the 10,240 characters that the service takes.
    """
    if not conditions:
        raise ValueError("must have at least one condition; without any, everything is reviewed")
    for condition in leaves(conditions):
        if request_source not in condition.sources:
            raise ValueError(
                f"has {type(condition).__name__}, which is not for {request_source}, "
                f"allowed: {', '.join(_types_for(request_source))}"
            )
    document = {"Conditions": [condition.as_json() for condition in conditions]}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"must be at most {MAX_CHARACTERS} characters of JSON, it has {len(text)}")
    return text


def leaves(conditions: Sequence[Condition]) -> Iterator[Any]:
    """The conditions that combine no others, however deep they stand."""
    for condition in conditions:
        if condition.parts:
            yield from leaves(condition.parts)
        else:
            yield condition


def never_found(conditions: Sequence[Condition]) -> list[str]:
    """The labels of conditions that only confidences meet which no call finds by default."""
    found = ConfidenceRange(low=DEFAULT_MIN_CONFIDENCE)
    return [
        leaf.moderation_label_name
        for leaf in leaves(conditions)
        if isinstance(leaf, ModerationLabelConfidenceCheck)
        and ConfidenceRange.of(leaf, "confidence").overlap(found).is_empty
    ]


def _types_for(request_source: RequestSource) -> list[str]:
    types = (type_ for type_ in get_args(Condition) if issubclass(type_, _Condition))
    return [type_.__name__ for type_ in types if request_source in type_.sources]
