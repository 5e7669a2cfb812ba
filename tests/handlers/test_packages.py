"""The packages as they are deployed."""

import ast
import sys
from pathlib import Path

import pytest

LAMBDA = Path(__file__).parents[2] / "lambda"
PACKAGES = sorted(path.name for path in LAMBDA.iterdir() if path.is_dir() and path.name[0] != "_")
MODULES = sorted(LAMBDA.glob("*/*.py"))
# What comes with the Lambda runtime.
RUNTIME = {"boto3", "botocore", "jmespath"}


def test_lambda_stays_a_plain_folder() -> None:
    assert not (LAMBDA / "__init__.py").exists()
    assert PACKAGES == [
        "review_collect",
        "review_reconcile",
        "review_resources",
        "review_shared",
        "review_triage",
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_holds_nothing_but_modules(package: str) -> None:
    files = [path for path in (LAMBDA / package).rglob("*") if "__pycache__" not in path.parts]

    assert {path.suffix for path in files} == {".py"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_module_needs_only_what_its_function_has(module: Path) -> None:
    tree = ast.parse(module.read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    own = {module.parent.name, "review_shared"}
    assert imported <= own | RUNTIME | sys.stdlib_module_names
