"""Requests, checked against the API models that botocore carries.

botocore itself leaves patterns and maxima to the service; here they are enforced, and refusals
are worded as AWS words them.
"""

import base64
import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from localcloud.a2i.errors import SerializationException, ValidationException

_CATEGORY = re.compile(r"\\p\{(\w)\}")
_NONCHARACTER = "\U0010ffff"
_SHOWN = 256  # an offending value may have megabytes: an error shows its beginning


@cache
def service_model(service: str) -> ServiceModel:
    """A service's API model, by botocore's name of it."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def checked(service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """The request as its operation's shape has it: unknown members dropped, timestamps parsed.

    Raises a `SerializationException` for a value of another type, and a `ValidationException`
    that names every constraint the request breaks.
    """
    shape = service_model(service).operation_model(operation).input_shape
    if shape is None:
        return {}
    value: dict[str, Any] = _typed(shape, request, "")
    violations = list(_violations(shape, value, ""))
    if violations:
        count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected"
        raise ValidationException(f"{count}: {'; '.join(violations)}")
    return value


def _typed(shape: Shape, value: Any, path: str) -> Any:
    match shape:
        case StructureShape():
            _expect(isinstance(value, dict), shape, value, path)
            return {
                name: _typed(member, value[name], _member(path, name))
                for name, member in shape.members.items()
                if value.get(name) is not None
            }
        case ListShape():
            _expect(isinstance(value, list), shape, value, path)
            return [
                _typed(shape.member, item, f"{path}.{index}.member")
                for index, item in enumerate(value, 1)
            ]
        case MapShape():
            _expect(isinstance(value, dict), shape, value, path)
            return {
                key: _typed(shape.value, item, f"{path}.{key}.member")
                for key, item in value.items()
            }
    return _typed_scalar(shape, value, path)


def _typed_scalar(shape: Shape, value: Any, path: str) -> Any:
    match shape.type_name:
        case "timestamp":
            return _timestamp(value, path)
        case "integer" | "long":
            _expect(isinstance(value, int) and not isinstance(value, bool), shape, value, path)
        case "float" | "double":
            _expect(_is_number(value), shape, value, path)
        case "boolean":
            _expect(isinstance(value, bool), shape, value, path)
        case "blob":
            _expect(isinstance(value, str), shape, value, path)
            return _decoded(value, path)
        case _:
            _expect(isinstance(value, str), shape, value, path)
    return value


def _expect(holds: bool, shape: Shape, value: Any, path: str) -> None:
    if not holds:
        given = {bool: "boolean", str: "string", dict: "structure", list: "list"}.get(
            type(value), "number"
        )
        raise SerializationException(
            f"the value of '{path or shape.name}' is a {given}, not a {shape.type_name}"
        )


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _decoded(value: str, path: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:
        raise SerializationException(f"the value of '{path}' is not base64") from error


def _timestamp(value: Any, path: str) -> datetime:
    """Epoch seconds, as the JSON protocol sends them, or ISO 8601 text."""
    try:
        match value:
            case datetime():
                parsed = value
            case str():
                parsed = datetime.fromisoformat(value)
            case int() | float() if not isinstance(value, bool) and math.isfinite(value):
                parsed = datetime.fromtimestamp(value, UTC)
            case _:
                raise SerializationException(f"the value of '{path}' is not a timestamp: {value}")
    except (ValueError, OverflowError, OSError) as error:
        raise SerializationException(
            f"the value of '{path}' is not a timestamp: {value}"
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _member(path: str, name: str) -> str:
    """A member's place as AWS writes it: ``humanLoopConfig.taskCount``."""
    name = name[0].lower() + name[1:]
    return f"{path}.{name}" if path else name


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    match shape:
        case StructureShape():
            yield from _structure_violations(shape, value, path)
        case ListShape():
            yield from _length_violations(shape, value, path)
            for index, item in enumerate(value, 1):
                yield from _violations(shape.member, item, f"{path}.{index}.member")
        case MapShape():
            yield from _length_violations(shape, value, path)
            for key, item in value.items():
                yield from _violations(shape.key, key, f"{path}.{key}.key")
                yield from _violations(shape.value, item, f"{path}.{key}.member")
        case _ if shape.type_name == "string":
            yield from _text_violations(shape, value, path)
        case _ if shape.type_name in ("integer", "long", "float", "double"):
            yield from _bound_violations(shape, value, value, path, "value")
        case _ if shape.type_name == "blob":
            yield from _length_violations(shape, value, path)


def _structure_violations(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if name not in value:
            yield _violation(None, _member(path, name), "Member must not be null")
    for name, item in value.items():
        yield from _violations(shape.members[name], item, _member(path, name))


def _text_violations(shape: Shape, value: str, path: str) -> Iterator[str]:
    if allowed := shape.metadata.get("enum"):
        if value not in allowed:
            constraint = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            yield _violation(value, path, constraint)
        return
    yield from _length_violations(shape, value, path)
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        yield _violation(value, path, constraint)


def _length_violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    yield from _bound_violations(shape, len(value), value, path, "length")


def _bound_violations(
    shape: Shape, size: float, value: Any, path: str, measure: str
) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        constraint = f"Member must have {measure} greater than or equal to {least}"
        yield _violation(value, path, constraint)
    if most is not None and size > most:
        constraint = f"Member must have {measure} less than or equal to {most}"
        yield _violation(value, path, constraint)


def _violation(value: Any, path: str, constraint: str) -> str:
    if value is None:
        return f"Value null at '{path}' failed to satisfy constraint: {constraint}"
    if isinstance(value, bytes):
        return f"Value at '{path}' failed to satisfy constraint: {constraint}"
    shown = value if isinstance(value, str) else repr(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"


def _matches(pattern: str, value: str) -> bool:
    r"""Whether an API model's pattern fits; they are written for Java, whose ``\p{L}`` re lacks.

    A category becomes those of its characters that the value has, and one that no text has.
    """

    def characters(category: re.Match[str]) -> str:
        found = {char for char in value if unicodedata.category(char)[0] == category[1]}
        return re.escape("".join(sorted(found)) + _NONCHARACTER)

    return re.fullmatch(_CATEGORY.sub(characters, pattern), value, re.ASCII) is not None
