"""What a value may be: one rule for a construct's parameter and for the same key in a YAML file."""

import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from unicodedata import category

import jmespath
from aws_cdk import Token
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from pydantic import AfterValidator, TypeAdapter, ValidationError

from .page_lint import LONGEST_PAGE

# A function's environment holds 4 KB in all, and the labels are in it:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_LABELS = 2_048


def between(low: float, high: float) -> AfterValidator:
    """A number from ``low`` to ``high``, both allowed."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}")
        return value

    return AfterValidator(check)


def at_least(low: int, unit: str) -> AfterValidator:
    """A number of ``unit`` that has a floor and no ceiling."""

    def check(value: int) -> int:
        if value < low:
            raise ValueError(f"must be at least {low} {unit}")
        return value

    return AfterValidator(check)


def characters(low: int, high: int) -> AfterValidator:
    """Text of ``low`` to ``high`` characters."""

    def check(value: str) -> str:
        if not low <= len(value) <= high:
            raise ValueError(f"must have {low} to {high} characters, it has {len(value)}")
        return value

    return AfterValidator(check)


def entries(low: int, high: int) -> AfterValidator:
    """A list of ``low`` to ``high`` entries."""

    def check(value: Collection[Any]) -> Collection[Any]:
        if not low <= len(value) <= high:
            raise ValueError(f"must have {low} to {high} entries, it has {len(value)}")
        return value

    return AfterValidator(check)


def matching(pattern: str, meaning: str) -> AfterValidator:
    """Text that ``pattern`` matches from end to end; ``meaning`` says it in words."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"must be {meaning}")
        return value

    return AfterValidator(check)


def whole(seconds: int, unit: str) -> AfterValidator:
    """A length of time, in seconds, that is a whole number of ``unit`` and not nothing."""

    def check(value: int) -> int:
        if value < seconds or value % seconds:
            raise ValueError(f"must be a whole number of {unit}, a multiple of {seconds} seconds")
        return value

    return AfterValidator(check)


def multiple_of(step: int, unit: str) -> AfterValidator:
    """A number of ``unit`` in steps."""

    def check(value: int) -> int:
        if value % step:
            raise ValueError(f"must be a multiple of {step} {unit}")
        return value

    return AfterValidator(check)


def an_arn(resource: str, meaning: str) -> AfterValidator:
    """The ARN of a resource of SageMaker's."""
    return matching(rf"arn:[^:]+:sagemaker:[^:]+:\d{{12}}:{resource}", f"the ARN of {meaning}")


def _cidr(value: str) -> str:
    if "/" not in value:  # which SageMaker asks for, and Python does not
        raise ValueError("must be an IPv4 or IPv6 range in CIDR notation, such as 192.0.2.1/32")
    try:
        ip_network(value)
    except ValueError as error:
        raise ValueError(f"must be an IPv4 or IPv6 range in CIDR notation ({error})") from error
    return value


def _of_a_tag(value: str) -> str:
    """Refuse what the service's pattern does: letters, spaces and numbers are of any script."""
    allowed = all(category(one)[0] in "LZN" or one in "_.:/=+-@" for one in value)
    if not allowed and not Token.is_unresolved(value):
        raise ValueError("must be letters, numbers, spaces and _ . : / = + - @")
    return value


def _unreserved(tags: Mapping[str, str]) -> Mapping[str, str]:
    for key in tags:
        if key.lower().startswith(("aws:", "human-review:")):
            raise ValueError(f"must have no key that begins with aws: or human-review:, as {key}")
    return tags


def _distinct(values: list[str]) -> list[str]:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise ValueError(f"must not name {value} twice")
    return values


def _few_enough(labels: list[str]) -> list[str]:
    size = len(json.dumps(labels, ensure_ascii=False, separators=(",", ":")).encode())
    if size > _MOST_LABELS:
        raise ValueError(f"must be at most {_MOST_LABELS} bytes of JSON, it has {size}")
    return labels


def jmespath_with(*more: str) -> AfterValidator:
    """A JMESPath expression that calls JMESPath's own functions, or ``more``."""

    def check(value: str) -> str:
        try:
            expression = jmespath.compile(value).parsed
        except JMESPathError as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"must be a JMESPath expression ({reason})") from error
        for name in _called(expression):
            if name not in (*Functions.FUNCTION_TABLE, *more):
                raise ValueError(f"must call no {name}(), which is no function of JMESPath")
        return value

    return AfterValidator(check)


def _called(node: Any) -> Iterator[str]:
    """The functions that are called in a part of an expression."""
    if isinstance(node, dict):
        if node["type"] == "function_expression":
            yield node["value"]
        for child in node["children"]:
            yield from _called(child)


JmesPath = Annotated[str, jmespath_with()]
# What review_collect.label has beside them.
LabelPath = Annotated[str, jmespath_with("numbered")]
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/ names the patterns and lengths below.
Cidr = Annotated[str, AfterValidator(_cidr)]
Cidrs = Annotated[list[Cidr], entries(0, 10)]
HttpsUrl = Annotated[str, matching(r"https://\S+", "an https address"), characters(9, 500)]
WorkforceName = Annotated[
    str,
    matching(r"[a-zA-Z0-9][a-zA-Z0-9\-]{0,62}", "1 to 63 letters, digits and hyphens"),
]
WorkteamName = Annotated[
    str,
    matching(
        r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
        "letters, digits and hyphens, with a letter or digit at both ends",
    ),
    characters(1, 63),
]
WorkteamDescription = Annotated[
    str, matching(r".+", "one line of text, not empty"), characters(1, 200)
]
GroupName = Annotated[str, matching(r"\S+", "text without spaces"), characters(1, 128)]
Email = Annotated[str, matching(r"[^@\s]+@[^@\s]+", "an e-mail address"), characters(3, 128)]
OidcGroup = Annotated[str, matching(r"\S+", "text without spaces"), characters(1, 63)]
OidcGroups = Annotated[list[OidcGroup], entries(1, 10)]
OidcClientId = Annotated[str, characters(1, 1024)]
OidcScope = Annotated[str, characters(1, 1024)]
_OidcExtraParam = Annotated[str, characters(0, 512)]
OidcExtraParams = Annotated[dict[_OidcExtraParam, _OidcExtraParam], entries(0, 10)]
MemberGroups = Annotated[list[Any], entries(1, 10)]
SecurityGroups = Annotated[list[Any], entries(1, 5)]
Subnets = Annotated[list[Any], entries(1, 16)]
# Shorter than the service's 63, and without a double hyphen, so that "<name>--<hash>" names a
# flow definition and "<name>--" is a prefix that no other workflow's flow definitions share.
WorkflowName = Annotated[
    str,
    matching(
        r"[a-z0-9](-?[a-z0-9])*",
        "lower-case letters, digits and single hyphens, with a letter or digit at both ends",
    ),
    characters(1, 40),
]
# A human task UI's name is this prefix, a hyphen and ten hex digits: 63 characters at most.
TaskUiPrefix = Annotated[
    str,
    matching(
        r"[a-z0-9](-*[a-z0-9])*",
        "lower-case letters, digits and hyphens, with a letter or digit at both ends",
    ),
    characters(1, 52),
]
TaskPage = Annotated[str, characters(1, LONGEST_PAGE)]
TaskTitle = Annotated[
    str,
    # What the service takes ends with the first 65,536 characters of Unicode.
    matching(r"[\t\n\r -\uD7FF\uE000-\uFFFD]*", "text without emoji or control characters"),
    characters(1, 128),
]
TaskDescription = Annotated[str, matching(r".+", "one line of text, not empty"), characters(1, 255)]
TaskCount = Annotated[int, between(1, 3)]
TaskAvailabilitySeconds = Annotated[int, at_least(1, "second")]
TaskTimeLimitSeconds = Annotated[int, at_least(30, "seconds")]
TaskKeyword = Annotated[
    str,
    matching(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*", "letters and digits, words separated by one space"),
    characters(1, 30),
]
TaskKeywords = Annotated[list[TaskKeyword], entries(1, 5)]
OutputPrefix = Annotated[
    str, matching(r"[^/]+(/[^/]+)*", "a key without a slash at either end"), characters(1, 900)
]
TagKey = Annotated[str, AfterValidator(_of_a_tag), characters(1, 128)]
TagValue = Annotated[str, AfterValidator(_of_a_tag), characters(0, 256)]
Tags = Annotated[dict[TagKey, TagValue], AfterValidator(_unreserved), entries(0, 50)]
# The provider adds four of its own, and two more when it is retired.
FlowDefinitionTags = Annotated[Tags, entries(0, 44)]
OnDestroy = Literal["refuse", "stop"]
RateSeconds = Annotated[int, whole(60, "minutes")]
LookbackSeconds = Annotated[int, whole(86_400, "days")]
UserPoolId = Annotated[
    str,
    matching(r"[\w-]+_[0-9a-zA-Z]+", "a user pool's id, such as us-east-1_AbCdEfGhI"),
    characters(1, 55),
]
ClientId = Annotated[str, matching(r"[\w+]+", "an app client's id"), characters(1, 128)]
SubDomain = Annotated[
    str, matching(r"[^/\s]+", "the portal's host name, without https://"), characters(1, 253)
]
FlowDefinitionArn = Annotated[str, an_arn("flow-definition/[a-z0-9-]+", "a flow definition")]
HumanTaskUiArn = Annotated[str, an_arn("human-task-ui/[a-z0-9-]+", "a human task UI")]
WorkteamArn = Annotated[
    str, an_arn("workteam/(private|vendor|public)-crowd/[a-zA-Z0-9-]+", "a workteam")
]
Consensus = Literal["majority", "mean", "iou", "ranks"]
Label = Annotated[str, characters(1, 100)]
Labels = Annotated[
    list[Label], entries(1, 100), AfterValidator(_distinct), AfterValidator(_few_enough)
]
Fraction = Annotated[float, between(0, 1)]
Percentage = Annotated[float, between(0, 100)]
Confidence = Annotated[float, between(0, 100)]
SamplingPercentage = Annotated[float, between(0.01, 100)]
NotEmpty = Annotated[str, matching(r"\s*\S.*", "text, not empty")]
Concurrency = Annotated[int, between(2, 1000)]
BucketName = Annotated[
    str, matching(r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]", "a bucket's name, without s3://")
]
BucketNames = Annotated[list[BucketName], AfterValidator(_distinct)]
EndpointName = Annotated[
    str,
    matching(
        r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
        "letters, digits and hyphens, with a letter or digit at both ends",
    ),
    characters(1, 63),
]

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
MemorySize = Annotated[int, between(1024, 6144), multiple_of(1024, "MB")]
EndpointConcurrency = Annotated[int, between(1, 200)]
InstanceType = Annotated[
    str, matching(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type, such as ml.m5.large")
]
InstanceCount = Annotated[int, at_least(1, "instance")]
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
_VariableName = Annotated[
    str, matching(r"[a-zA-Z_][a-zA-Z0-9_]*", "a variable's name"), characters(1, 1024)
]
_VariableValue = Annotated[str, characters(0, 1024)]
ContainerEnvironment = Annotated[dict[_VariableName, _VariableValue], entries(0, 100)]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def check(name: str, kind: Any, value: Any) -> None:
    """Refuse a parameter's value that its kind does not allow; a token is let through.

    :raises ValueError: names the parameter, what is allowed and what was given.
    """
    if _is_token(value):
        return
    try:
        _adapter(kind).validate_python(value, strict=True)
    except ValidationError as error:
        place, sentence = _first(error)
        shown = repr(value) if len(repr(value)) <= 100 else f"{repr(value)[:100]}…"
        raise ValueError(f"{name}{place} {sentence}, got {shown}") from None


def _is_token(value: Any) -> bool:
    # NaN and infinity are no JSON, and jsii's kernel dies of them.
    finite = not isinstance(value, float) or math.isfinite(value)
    return finite and Token.is_unresolved(value)


def _first(error: ValidationError) -> tuple[str, str]:
    """Where in the value, and in which words, the first rule was broken."""
    details = error.errors()[0]
    return "".join(f"[{part}]" for part in details["loc"]), sentence_of(details)


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "value_error": lambda context: str(context["error"]),
    "missing": lambda _: "is required",
    "string_type": lambda _: "must be text",
    "int_type": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "bool_type": lambda _: "must be true or false",
    "list_type": lambda _: "must be a list",
    "dict_type": lambda _: "must be a mapping of keys to values",
    "model_type": lambda _: "must be a mapping of keys to values",
    "finite_number": lambda _: "must be a finite number",
    "literal_error": lambda context: f"must be {context['expected']}",
}


def sentence_of(details: Any) -> str:
    """One broken rule of pydantic's, in our words."""
    words = _SENTENCES.get(details["type"])
    return words(details.get("ctx", {})) if words else str(details["msg"])
