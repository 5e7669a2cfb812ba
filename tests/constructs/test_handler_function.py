from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3_assets as assets

from human_review import handler_function
from human_review.handler_function import HandlerFunction, handler_code


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of handler packages that a test may change."""
    root = tmp_path / "lambda"
    for package in ("review_shared", "review_one", "review_two"):
        (root / package).mkdir(parents=True)
        (root / package / "__init__.py").write_text(f"# {package}\n")
    monkeypatch.setattr(handler_function, "_CHECKOUT", root)
    return root


def staged(app: cdk.App, name: str) -> tuple[str, set[str]]:
    """The hash of the asset of ``review_one``, and the files in it."""
    cdk.AssetStaging.clear_asset_hash_cache()  # it goes by the folder's name
    stack = cdk.Stack(app, name)
    HandlerFunction(
        stack,
        "Function",
        handler="review_one.handle",
        description="One",
        timeout=cdk.Duration.minutes(1),
    )
    asset = stack.node.find_child("Function").node.find_child("Code")
    assert isinstance(asset, assets.Asset)
    folder = Path(app.outdir, asset.asset_path)
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return asset.asset_hash, files


def test_an_asset_is_the_package_and_what_all_packages_share(app: cdk.App, root: Path) -> None:
    (root / "review_one" / "__pycache__").mkdir()
    (root / "review_one" / "__pycache__" / "handler.pyc").write_bytes(b"")

    _, files = staged(app, "Stack")

    assert files == {"review_one/__init__.py", "review_shared/__init__.py"}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param("review_two/__init__.py", True, id="another package"),
        pytest.param("review_one/__pycache__/handler.pyc", True, id="compiled"),
        pytest.param("README.md", True, id="a file beside the packages"),
        pytest.param("review_one/__init__.py", False, id="the package"),
        pytest.param("review_shared/__init__.py", False, id="shared code"),
    ],
)
def test_an_asset_changes_with_its_code_only(
    app: cdk.App, root: Path, change: str, same: bool
) -> None:
    before, _ = staged(app, "Before")
    (root / change).parent.mkdir(exist_ok=True)
    (root / change).write_text("changed")

    after, _ = staged(app, "After")

    assert (after == before) is same


def test_a_missing_package_is_named(root: Path) -> None:
    with pytest.raises(ValueError, match="there is no handler package review_three in"):
        handler_code("review_three")
