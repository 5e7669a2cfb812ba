"""The inference script of workflows/sentiment, as its container calls it."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

MODEL = Path(__file__).parents[2] / "workflows" / "sentiment" / "model"


@pytest.fixture(scope="module")
def inference() -> ModuleType:
    """The script; its folder is no package."""
    spec = importlib.util.spec_from_file_location("inference", MODEL / "code" / "inference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0b", "\n", "\r\n"])
def test_a_review_may_hold_any_separator_of_lines(
    inference: ModuleType, separator: str, end: str
) -> None:
    reviews = [f"works{separator}well", "broke"]
    lines = [json.dumps({"features": [review]}, ensure_ascii=False) for review in reviews]
    body = "\n".join(lines) + end

    assert inference.input_fn(body.encode(), "application/jsonlines") == reviews


def test_lines_may_end_with_a_carriage_return(inference: ModuleType) -> None:
    body = '{"features": ["good"]}\r\n{"features": ["bad"]}\r\n'

    assert inference.input_fn(body, "application/jsonlines") == ["good", "bad"]
