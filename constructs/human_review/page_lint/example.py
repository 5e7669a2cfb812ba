"""Inputs of a task page that are kept beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .finding import Finding

_WAY_OUT = "An example is what StartHumanLoop is given as InputContent: the JSON of one object."


def read_examples(folder: Path) -> dict[str, str]:
    """The text of each example below ``folder``, by its name in the folder's parent."""
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.glob("*.json"))
    }


def parsed(examples: Mapping[str, str]) -> tuple[dict[str, Any], list[Finding]]:
    """The examples that are JSON objects, and what is wrong with the others."""
    inputs: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, text in examples.items():
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            place = error.lineno, error.colno
            findings.append(
                Finding(*place, "bad-example", f"not JSON: {error.msg}", _WAY_OUT, name)
            )
            continue
        if isinstance(value, dict):
            inputs[name] = value
        else:
            findings.append(Finding(1, 1, "bad-example", "not an object", _WAY_OUT, name))
    return inputs, findings
