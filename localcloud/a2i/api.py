"""The two wire protocols: JSON 1.1 of the control plane, REST-JSON of the runtime."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from localcloud.a2i import json_text
from localcloud.a2i.clock import iso, milliseconds
from localcloud.a2i.errors import (
    SerializationException,
    ServiceException,
    UnknownOperationException,
    ValidationException,
)
from localcloud.a2i.service import CONTROL_PLANE, RUNTIME
from localcloud.a2i.shapes import service_model

Response = tuple[int, dict[str, str], bytes]
Query = Mapping[str, str | Sequence[str]]

_TARGET = "SageMaker."


class Service(Protocol):
    """What answers the requests: `A2I`, or another part of SageMaker."""

    def call(self, operation: str, request: dict[str, Any], service: str) -> dict[str, Any]:
        """Do an operation; raises a ServiceException."""
        ...


def handle(
    called: Service,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    query: Query | None = None,
) -> Response:
    """Answer one request, which somebody else has authenticated and authorized.

    :param path: the path; a query string on it counts too.
    :param query: the query's values by name, each one or a list. Default: what the path has.
    """
    target = {name.lower(): value for name, value in headers.items()}.get("x-amz-target", "")
    try:
        if target:
            return _control_plane(called, target, body)
        return _runtime(called, method.upper(), path, body, query or {})
    except ServiceException as error:
        content_type = "application/x-amz-json-1.1" if target else "application/json"
        return _refused(error, content_type)


def _control_plane(called: Service, target: str, body: bytes) -> Response:
    if not target.startswith(_TARGET):
        raise UnknownOperationException(f"{target} is not a target of SageMaker")
    answer = called.call(target.removeprefix(_TARGET), _json_object(body), CONTROL_PLANE)
    return _answered(answer, "application/x-amz-json-1.1", _epoch_seconds)


def _runtime(called: Service, method: str, path: str, body: bytes, query: Query) -> Response:
    parts = urlsplit(path)
    given = dict(parse_qsl(parts.query)) | {
        name: value if isinstance(value, str) else value[0] for name, value in query.items()
    }
    match method, [unquote(segment) for segment in parts.path.strip("/").split("/")]:
        case "POST", ["human-loops"]:
            answer = called.call("StartHumanLoop", _json_object(body), RUNTIME)
        case "POST", ["human-loops", "stop"]:
            answer = called.call("StopHumanLoop", _json_object(body), RUNTIME)
        case "GET", ["human-loops"]:
            answer = called.call("ListHumanLoops", _from_query(given), RUNTIME)
        case "GET", ["human-loops", name]:
            answer = called.call("DescribeHumanLoop", {"HumanLoopName": name}, RUNTIME)
        case "DELETE", ["human-loops", name]:
            answer = called.call("DeleteHumanLoop", {"HumanLoopName": name}, RUNTIME)
        case _:
            raise UnknownOperationException(f"{method} {parts.path} is not an operation of A2I")
    return _answered(answer, "application/json", _iso_8601)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        request = json_text.parsed(body or b"{}")
    except ValueError as error:
        raise SerializationException(f"The request is not valid JSON: {error}") from error
    if not isinstance(request, dict):
        raise SerializationException("The request is not a JSON object")
    return request


def _from_query(given: dict[str, str]) -> dict[str, Any]:
    """A list request: the query's names are its members' names."""
    shape = service_model(RUNTIME).operation_model("ListHumanLoops").input_shape
    assert shape is not None
    known: dict[str, Any] = {
        name: given[name] for name in shape.members if given.get(name) is not None
    }
    if "MaxResults" in known:
        try:
            known["MaxResults"] = int(known["MaxResults"])
        except ValueError as error:
            raise ValidationException(
                f"1 validation error detected: Value '{known['MaxResults']}' at 'maxResults'"
                " failed to satisfy constraint: Member must be a number"
            ) from error
    return known


def _answered(answer: dict[str, Any], content_type: str, timestamp: Any) -> Response:
    body = json.dumps(answer, default=timestamp).encode()
    return 200, _headers(content_type), body


def _refused(error: ServiceException, content_type: str) -> Response:
    headers = _headers(content_type) | {"x-amzn-ErrorType": error.code}
    return (
        error.status,
        headers,
        json.dumps({"__type": error.code, "Message": error.message}).encode(),
    )


def _headers(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type, "x-amzn-RequestId": str(uuid.uuid4())}


def _epoch_seconds(moment: datetime) -> float:
    return milliseconds(moment) / 1000


def _iso_8601(moment: datetime) -> str:
    return iso(milliseconds(moment))
