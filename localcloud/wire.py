"""What a handler answers MiniStack with."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, Mapping[str, Any]], Awaitable[Response]]


def failure(code: str, message: str, *, status: int = 400, **members: Any) -> Response:
    """An error as SageMaker's two protocols word it: the code in the body and in a header."""
    body = {"__type": code, "Message": message, **members}
    headers = {"content-type": "application/json", "x-amzn-ErrorType": code}
    return status, headers, json.dumps(body).encode()
