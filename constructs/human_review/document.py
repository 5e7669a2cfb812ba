"""A YAML or JSON document checked against a model, with errors for the person who wrote it."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from .limits import sentence_of

D = TypeVar("D", bound="Document")


class Document(BaseModel):
    """What a document may say: the declared keys and no others, and no value converted quietly."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a key may stand only once."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    seen: set[str] = set()
    for key in keys:
        if key.value in seen:
            line = key.start_mark.line + 1
            raise yaml.constructor.ConstructorError(
                problem=f"the key {key.value!r} stands twice, the second time in line {line}"
            )
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """What the YAML file holds.

    :raises ValueError: the file is missing or not YAML, or a key stands in it twice.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such file")
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - it derives from SafeLoader
    except (yaml.YAMLError, ValueError) as error:  # such as a date that there is none of
        raise ValueError(f"{path}: not YAML: {error}") from error


def mistake(sentence: str) -> PydanticCustomError:
    """An error that says all there is to say: what was given would not make it clearer."""
    return PydanticCustomError("mistake", "{sentence}", {"sentence": sentence})


def checked(model: type[D], document: Any, source: str) -> D:
    """``document`` as a ``model``.

    :param source: what to call the document in an error, such as its file's path.
    :raises ValueError: one line for each mistake: the key, what is wrong, and what was given.
    """
    try:
        return model.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        lines = [f"{source}: {_explained(model, details)}" for details in error.errors()]
        raise ValueError("\n".join(lines)) from None


def _explained(model: type[BaseModel], details: ErrorDetails) -> str:
    path = ".".join(str(part) for part in details["loc"]) or "the document"
    if details["type"] == "extra_forbidden":
        *parents, key = details["loc"]
        return f"{path} is not a key here; {_known_keys(_model_at(model, parents), str(key))}"
    if details["type"] == "missing":
        return f"{path} is required"
    if details["type"] == "mistake":
        return f"{path} {sentence_of(details)}"
    given = repr(details["input"])
    # YAML reads the labels yes, no and -1 as anything but text.
    bare = details["type"] == "string_type" and isinstance(details["input"], (bool, int, float))
    return (
        f"{path} {sentence_of(details)}, got {given if len(given) <= 100 else given[:100] + '…'}"
        f"{': in quotes it would be text' if bare else ''}"
    )


def _known_keys(model: type[BaseModel], wrong: str) -> str:
    known = list(_fields(model))
    nearest = difflib.get_close_matches(wrong, known, n=1)
    hint = f"did you mean {nearest[0]}? " if nearest else ""
    return f"{hint}allowed: {', '.join(known)}"


def _model_at(model: type[BaseModel], parents: Iterable[int | str]) -> type[BaseModel]:
    """The model that stands at a path below ``model``, through options and mappings."""
    for part in parents:
        field = _fields(model).get(str(part))
        # A part that is no field is a key of a mapping of models, which was entered before it.
        model = model if field is None else _model_in(field.annotation) or model
    return model


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields, as a document spells them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
