"""Amazon Rekognition and Amazon Textract, as far as they ask whether a person should look.

Each serves one operation. What it found is recorded; whether a person is asked is evaluated.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id

from localcloud.a2i import A2I, Analysis, ServiceException, json_text
from localcloud.a2i.errors import ServiceQuotaExceededException
from localcloud.a2i.shapes import checked
from localcloud.permissions import Check, allows, first_refusal
from localcloud.recordings import NotRecorded, Recordings
from localcloud.wire import Response, failure

_QUOTA_CODE = "local"  # the real codes are not published
_NOT_READABLE = (
    "Unable to get object metadata from S3. Check object key, region and/or access permissions."
)


class Refused(Exception):  # noqa: N818 - it says what happened
    """An error of the service's own model.

    :param members: what the error has beside its message.
    """

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.members = code, message, members


Error = tuple[str, str]
"""A code and a message."""


@dataclass(frozen=True)
class Operation:
    """An operation that starts human loops.

    :param service: botocore's name of its service.
    :param name: its name.
    :param source: the AwsManagedHumanLoopRequestSource that it is.
    :param member: the request's member that holds the image or document.
    :param formats: how a file of a supported format begins.
    :param object_bytes: the greatest object in Amazon S3 that it takes.
    :param unsupported: the error for another format.
    :param too_large: the error for a greater object.
    :param answered: what it answers to a request, of all that was recorded. May raise `Refused`.
    """

    service: str
    name: str
    source: str
    member: str
    formats: tuple[bytes, ...]
    object_bytes: int
    unsupported: Error
    too_large: Error
    answered: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


class Objects(Protocol):
    """Amazon S3 in an account and Region."""

    def bucket_region(self, bucket: str) -> str | None:
        """The Region a bucket is in; None when there is no such bucket."""
        ...

    def read_object(self, bucket: str, key: str, version: str | None) -> bytes | None:
        """An object's content; None when there is no such object."""
        ...


class AiService:
    """A service in every account and Region.

    :param objects_of: Amazon S3 of an account and Region.
    :param a2i_of: Amazon A2I of an account and Region.
    """

    def __init__(
        self,
        operation: Operation,
        recordings: Recordings,
        objects_of: Callable[[str, str], Objects],
        a2i_of: Callable[[str, str], A2I],
    ) -> None:
        self._operation = operation
        self._recordings = recordings
        self._objects_of = objects_of
        self._a2i_of = a2i_of

    async def handle(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: Mapping[str, Any],
    ) -> Response:
        """Answer a request that MiniStack has authenticated and routed here."""
        asked = headers.get("x-amz-target", "").partition(".")[2]
        caller = extract_access_key_id(headers, query)
        action = Check(f"{self._operation.service}:{asked}", "*")
        if refused := first_refusal([action], caller, 400):
            return refused
        if asked != self._operation.name:
            return failure(
                "UnknownOperationException",
                f"{asked} of {self._operation.service} is not served here;"
                f" only {self._operation.name} is",
            )
        try:
            request, sent = self._read(body)
            if refused := first_refusal(_needed_by_human_loop(request), caller, 400):
                return refused
            _check_readable(self._input(request), caller)
            # In a thread, because it calls S3, which this event loop serves.
            answer = await asyncio.to_thread(self._answer, request, sent)
        except Refused as error:
            return failure(error.code, error.message, **error.members)
        return 200, {"content-type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()

    def _read(self, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """A request, checked, and as it was sent."""
        try:
            sent = json_text.parsed(body or b"{}")
            return checked(self._operation.service, self._operation.name, sent), sent
        except ServiceException as error:
            raise Refused(error.code, error.message) from error
        except ValueError as error:
            raise Refused("SerializationException", f"the request is not JSON: {error}") from error

    def _input(self, request: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = request[self._operation.member]
        stored = given.get("S3Object")
        complete = stored is None or {"Bucket", "Name"} <= stored.keys()
        if ("Bytes" in given) == (stored is not None) or not complete:
            raise Refused(
                "InvalidParameterException",
                f"{self._operation.member} must have Bytes, or S3Object with Bucket and Name",
            )
        return given

    def _answer(self, request: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        content = self._content(self._input(request))
        if not content.startswith(self._operation.formats):
            raise Refused(*self._operation.unsupported)
        try:
            recorded = self._recordings.answer(self._operation.name, content)
        except NotRecorded as error:
            raise Refused("InvalidParameterException", str(error)) from error
        answer = self._operation.answered(request, recorded)
        if "HumanLoopConfig" not in request:
            return answer
        digest = hashlib.sha256(content).digest()
        analysis = Analysis(self._operation.source, sent, answer, digest)
        return {**answer, "HumanLoopActivationOutput": self._activation(analysis)}

    def _content(self, given: dict[str, Any]) -> bytes:
        if "Bytes" in given:
            content: bytes = given["Bytes"]
            return content
        place, region = given["S3Object"], get_region()
        objects = self._objects_of(get_account_id(), region)
        found = None
        if objects.bucket_region(place["Bucket"]) == region:
            found = objects.read_object(place["Bucket"], place["Name"], place.get("Version"))
        if found is None:
            raise Refused("InvalidS3ObjectException", _NOT_READABLE)
        if len(found) > self._operation.object_bytes:
            raise Refused(*self._operation.too_large)
        return found

    def _activation(self, analysis: Analysis) -> dict[str, Any]:
        try:
            return self._a2i_of(get_account_id(), get_region()).activate(analysis)
        except ServiceQuotaExceededException as error:
            raise Refused(
                "HumanLoopQuotaExceededException",
                error.message,
                ResourceType="human-loop",
                QuotaCode=_QUOTA_CODE,
                ServiceCode="sagemaker",
            ) from error
        except ServiceException as error:
            # The models of the two services have one error for a loop that cannot be started.
            raise Refused("InvalidParameterException", error.message) from error


def _needed_by_human_loop(request: dict[str, Any]) -> Iterator[Check]:
    """What the caller must be allowed on the flow definition: the service acts in its name."""
    if config := request.get("HumanLoopConfig"):
        yield Check("sagemaker:StartHumanLoop", config["FlowDefinitionArn"])


def _check_readable(given: dict[str, Any], caller: str) -> None:
    """The service reads an object in its caller's name too."""
    if place := given.get("S3Object"):
        action = "s3:GetObjectVersion" if "Version" in place else "s3:GetObject"
        resource = f"arn:aws:s3:::{place['Bucket']}/{place['Name']}"
        if not allows(Check(action, resource), caller):
            raise Refused("InvalidS3ObjectException", _NOT_READABLE)
