"""SageMaker Runtime: endpoints whose model is an inference script on this machine."""

import logging
import re
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from localcloud.inference_script import InferenceScript
from localcloud.wire import Response, failure

MAX_BODY = 6_291_456
"""Bytes in a request's body, from the API's model."""
VARIANT = "AllTraffic"

_INVOCATION = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations/?")
_log = logging.getLogger("localcloud.endpoints")


def invoked_endpoint(method: str, path: str) -> str | None:
    """The endpoint an InvokeEndpoint request is for; None when it is another request."""
    match = _INVOCATION.fullmatch(path)
    return match["name"] if match and method == "POST" else None


class _Served(NamedTuple):
    """A model, and the one thread that runs it.

    One at a time each: two cores are all there is, and models need not be thread-safe.

    :param unpacked: the directory that goes when it does, if there is one.
    """

    script: InferenceScript
    worker: ThreadPoolExecutor
    unpacked: Path | None

    @classmethod
    def beginning(cls, name: str, directory: Path, *, unpacked: bool) -> "_Served":
        """A model that is not loaded yet."""
        script, worker = InferenceScript(name, directory), ThreadPoolExecutor(1, f"endpoint-{name}")
        return cls(script, worker, directory if unpacked else None)

    def let_go(self) -> None:
        """Forget it, once what was asked of it is answered."""
        self.worker.submit(self.script.let_go)
        if self.unpacked:
            self.worker.submit(shutil.rmtree, self.unpacked)
        self.worker.shutdown(wait=False)


class Endpoints:
    """The endpoints of one local cloud.

    :param directories: the models that are there from the start, each by its endpoint's name.
    """

    def __init__(self, directories: Mapping[str, Path]) -> None:
        self._served = {
            name: _Served.beginning(name, path, unpacked=False)
            for name, path in directories.items()
        }
        self._changing = threading.Lock()

    def load(self) -> None:
        """Start loading every model; a model that fails says so in the log and to every caller."""
        for name, served in self._served.items():
            loading = served.worker.submit(served.script.load)
            loading.add_done_callback(partial(_log_loaded, name))

    def deploy(self, name: str, directory: Path) -> str | None:
        """Serve a model as the endpoint, once it is loaded; what is wrong with it, if anything is.

        Until then, and when it does not load, the endpoint serves what it served before.

        :param directory: its own, which goes when it is served no longer.
        """
        served = _Served.beginning(name, directory, unpacked=True)
        loading = served.worker.submit(served.script.load)
        # Whatever a model raises is told, and is none of the service's fault.
        if error := loading.exception():
            _log.error("endpoint %s: the model did not load", name, exc_info=error)
            served.let_go()
            return f"{type(error).__name__}: {error}"
        with self._changing:
            before = self._served.get(name)
            self._served[name] = served
        if before:
            before.let_go()
        return None

    def withdraw(self, name: str) -> None:
        """Serve the endpoint no longer."""
        with self._changing:
            before = self._served.pop(name, None)
        if before:
            before.let_go()

    def serves(self, name: str) -> bool:
        """Whether there is such an endpoint."""
        return name in self._served

    def invoke(self, name: str, account: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer InvokeEndpoint."""
        if len(body) > MAX_BODY:
            return failure(
                "ValidationError",
                f"1 validation error detected: Value at 'body' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_BODY}",
            )
        content_type = headers.get("content-type", "application/octet-stream")
        accept = headers.get("accept", "*/*")
        if accept in ("", "*/*"):
            accept = "application/json"
        work = self._begun(name, body, content_type, accept)
        if work is None:
            return failure("ValidationError", f"Endpoint {name} of account {account} not found.")
        # Whatever a model raises, its caller gets a ModelError: none of it is the service's fault.
        if error := work.exception():
            _log.error("endpoint %s: the model failed", name, exc_info=error)
            return _model_error(name, error)
        answer, answer_type = work.result()
        # In lower case, because MiniStack would make a Content-Type that of the SageMaker API.
        return (
            HTTPStatus.OK,
            {"content-type": answer_type, "x-Amzn-Invoked-Production-Variant": VARIANT},
            answer,
        )

    def _begun(
        self, name: str, body: bytes, content_type: str, accept: str
    ) -> Future[tuple[bytes, str]] | None:
        """The answer of the model that is served now, when there is one."""
        # Before it can be let go, so that it is asked or not, and never when it has gone.
        with self._changing:
            if served := self._served.get(name):
                return served.worker.submit(served.script.invoke, body, content_type, accept)
        return None


def _log_loaded(name: str, loading: Future[Any]) -> None:
    if error := loading.exception():
        _log.error("endpoint %s: the model did not load", name, exc_info=error)
    else:
        _log.info("endpoint %s: the model is loaded", name)


def _model_error(name: str, error: BaseException) -> Response:
    said = f"{type(error).__name__}: {error}"
    return failure(
        "ModelError",
        f'Received server error (500) from primary with message "{said}". '
        "See the local cloud's server.log for more information.",
        status=HTTPStatus.FAILED_DEPENDENCY,
        OriginalStatusCode=500,
        OriginalMessage=said,
        LogStreamArn=f"/aws/sagemaker/Endpoints/{name}",
    )
