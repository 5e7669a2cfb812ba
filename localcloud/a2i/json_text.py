"""JSON as it arrives: what Python would take beyond it, or could not write again, is refused."""

import json
import math
from typing import Any, NoReturn

_LEVELS = 200  # Python's own json, and Liquid, follow a few hundred


def parsed(text: str | bytes) -> Any:
    """The value of a JSON text. Raises a ValueError, also for NaN and numbers beyond a double."""
    try:
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except RecursionError:
        raise _too_deep() from None
    level = [value]
    for _ in range(_LEVELS):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise _too_deep()


def _inside(value: Any) -> Any:
    match value:
        case dict():
            return value.values()
        case list():
            return value
    return ()


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refused(number)


def _refused(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a JSON value")


def _too_deep() -> ValueError:
    return ValueError(f"it is nested more than {_LEVELS} levels deep")
