"""A boto3 client whose calls are answered in memory.

botocore still checks every parameter against the service's model and still raises the service's
own exceptions; only the network is left out.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.client import BaseClient
from botocore.response import StreamingBody

Parameters = dict[str, Any]
Operation = Callable[[Parameters], dict[str, Any]]


class RefusalError(Exception):
    """What an operation raises to answer with an error."""

    def __init__(self, code: str, message: str = "no", status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


class FakeAws:
    """The calls that were made, in their order over all services, and how they are answered."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Parameters]] = []
        self.operations: dict[str, Operation] = {}

    def names(self) -> list[str]:
        """The operations that were called."""
        return [name for name, _ in self.calls]

    def parameters(self, operation: str) -> list[Parameters]:
        """What an operation was called with, each time."""
        return [given for name, given in self.calls if name == operation]

    @contextmanager
    def behind(self, client: BaseClient) -> Iterator[None]:
        """Answer the client's calls."""
        given: list[Parameters] = []

        def remember(params: Parameters, **_: Any) -> None:
            given.append(dict(params))

        def answer(model: Any, **_: Any) -> Any:
            return self._answer(model.name, given.pop())

        events = client.meta.events
        # Before botocore makes a file of each body.
        events.register_first("provide-client-params", remember)
        events.register_first("before-call", answer)
        try:
            yield
        finally:
            events.unregister("provide-client-params", remember)
            events.unregister("before-call", answer)

    def _answer(self, name: str, params: Parameters) -> tuple[SimpleNamespace, dict[str, Any]]:
        self.calls.append((name, params))
        if name not in self.operations:
            raise AssertionError(f"nothing here answers {name}")
        try:
            return SimpleNamespace(status_code=200), self.operations[name](params)
        except RefusalError as refusal:
            answer = {
                "Error": {"Code": refusal.code, "Message": refusal.message},
                "ResponseMetadata": {"HTTPStatusCode": refusal.status},
            }
            return SimpleNamespace(status_code=refusal.status), answer


class FakeBuckets:
    """S3 as far as the handlers use it."""

    def __init__(self, aws: FakeAws) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        aws.operations |= {
            "PutObject": self._put,
            "GetObject": self._get,
            "ListObjectsV2": self._list,
        }

    def _put(self, given: Parameters) -> dict[str, Any]:
        place = given["Bucket"], given["Key"]
        if given.get("IfNoneMatch") == "*" and place in self.objects:
            raise RefusalError("PreconditionFailed", status=412)
        self.objects[place] = given["Body"]
        return {}

    def _list(self, given: Parameters) -> dict[str, Any]:
        keys = sorted(
            key
            for bucket, key in self.objects
            if bucket == given["Bucket"] and key.startswith(given["Prefix"])
        )
        first = int(given.get("ContinuationToken", 0))
        shown, last = keys[first : first + 1000], first + 1000
        # S3 leaves Contents out when there is nothing.
        contents = {"Contents": [{"Key": key} for key in shown]} if shown else {}
        if last < len(keys):
            return {"IsTruncated": True, "NextContinuationToken": str(last), **contents}
        return {"IsTruncated": False, **contents}

    def _get(self, given: Parameters) -> dict[str, Any]:
        place = given["Bucket"], given["Key"]
        if place not in self.objects:
            raise RefusalError("NoSuchKey", status=404)
        return {"Body": streamed(self.objects[place])}


def streamed(body: bytes) -> StreamingBody:
    """A body as botocore hands it out."""
    return StreamingBody(io.BytesIO(body), len(body))
