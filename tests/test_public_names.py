"""What a user of the library may count on."""

import inspect
from pathlib import Path

import pytest
from constructs import Construct

import human_review

ROOT = Path(__file__).parents[1]


def test_all_names_are_sorted_and_there() -> None:
    assert human_review.__all__ == sorted(human_review.__all__)
    assert all(hasattr(human_review, name) for name in human_review.__all__)


def test_nothing_else_is_exported() -> None:
    exported = {
        name
        for name, value in vars(human_review).items()
        if inspect.isclass(value) and not name.startswith("_")
    }

    assert exported == set(human_review.__all__)


@pytest.mark.parametrize("name", human_review.__all__)
def test_every_public_class_says_what_it_is(name: str) -> None:
    documented = inspect.getdoc(getattr(human_review, name))

    assert documented
    assert documented.splitlines()[0].endswith((".", ":"))


CONSTRUCTS = [
    name
    for name in human_review.__all__
    if issubclass(getattr(human_review, name), Construct) and not name.endswith("Base")
]


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_constructs_parameters_are_given_by_name(name: str) -> None:
    signature = inspect.signature(getattr(human_review, name).__init__)

    positional = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert positional == ["self", "scope", "id"]


@pytest.mark.parametrize("root", ["constructs", "lambda"])
def test_path_roots_stay_plain_folders(root: str) -> None:
    """An ``__init__.py`` in constructs would hide the PyPI package that aws_cdk imports."""
    assert not (ROOT / root / "__init__.py").exists()
