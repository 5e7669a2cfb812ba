"""Numbers as JSON has them."""

from typing import Any


def is_number(value: Any) -> bool:
    """Say whether a value is a number: JSON's true is Python's 1."""
    return isinstance(value, int | float) and not isinstance(value, bool)
