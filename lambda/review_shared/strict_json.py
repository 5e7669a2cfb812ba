"""JSON read strictly and written in one way only."""

import json
from typing import Any, NoReturn


class JsonError(ValueError):
    """A text or a value that JSON, as RFC 8259 has it, does not cover."""


def parse(text: str | bytes) -> Any:
    """Read one JSON document."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except JsonError:
        raise
    except RecursionError:
        raise JsonError("it is nested too deep") from None
    # json raises more than JSONDecodeError: bytes that are no UTF-8, integers of 4,300 digits.
    except ValueError as error:
        raise JsonError(f"it is not valid JSON: {error}") from None


def canonical(value: Any) -> str:
    """Write ``value`` so that equal values give equal texts: keys sorted, no white space."""
    return _dump(value, sort_keys=True, separators=(",", ":"))


def line(value: Any) -> bytes:
    """Write ``value`` as one line of JSON, its keys in the order they have."""
    return (_dump(value) + "\n").encode()


def _dump(value: Any, **style: Any) -> str:
    """Write ``value``, in characters rather than escapes, as sizes are counted in UTF-8."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, **style)
        text.encode()
    except UnicodeEncodeError:
        raise JsonError("it holds half of a surrogate pair, which UTF-8 cannot carry") from None
    except RecursionError:
        raise JsonError("it is nested too deep") from None
    except ValueError:
        raise JsonError("it holds NaN or Infinity, which JSON does not have") from None
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"it holds {name}, which JSON does not have")
