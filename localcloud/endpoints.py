"""SageMaker Runtime: endpoints whose model is an inference script on this machine."""

import importlib.util
import logging
import re
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any

from localcloud.wire import Response, failure

FUNCTIONS = ("model_fn", "input_fn", "predict_fn", "output_fn")
MAX_BODY = 6_291_456
"""Bytes in a request's body, from the API's model."""
VARIANT = "AllTraffic"

_INVOCATION = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations/?")
_log = logging.getLogger("localcloud.endpoints")


def invoked_endpoint(method: str, path: str) -> str | None:
    """The endpoint an InvokeEndpoint request is for; None when it is another request."""
    match = _INVOCATION.fullmatch(path)
    return match["name"] if match and method == "POST" else None


def script_in(directory: Path) -> Path:
    """Where a model's code lies, or should."""
    packed = directory / "code" / "inference.py"
    return packed if packed.is_file() else directory / "inference.py"


class InferenceScript:
    """SageMaker's own contract for a model's code: four functions in ``inference.py``.

    :param name: the endpoint's name.
    :param directory: the model's directory, given to ``model_fn``; ``inference.py`` lies in its
        folder ``code``, as in a ``model.tar.gz``, or in the directory itself.
    """

    def __init__(self, name: str, directory: Path) -> None:
        self._name = name
        self._directory = directory.resolve()
        self._loading = threading.Lock()

    def load(self) -> None:
        """Run ``model_fn``; requests that come meanwhile wait for it."""
        with self._loading:
            _ = self._model

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Answer one request: the body and its content type."""
        self.load()
        data = self._script.input_fn(body, content_type)
        answer = self._script.output_fn(self._script.predict_fn(data, self._model), accept)
        # output_fn may choose another type than the one asked for.
        answer, answer_type = answer if isinstance(answer, tuple) else (answer, accept)
        return (answer.encode() if isinstance(answer, str) else bytes(answer)), answer_type

    @cached_property
    def _model(self) -> Any:
        return self._script.model_fn(str(self._directory))

    @cached_property
    def _script(self) -> ModuleType:
        path = script_in(self._directory)
        spec = importlib.util.spec_from_file_location(f"inference_{self._name}", path)
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        # The script's neighbours are on its path in SageMaker's containers too.
        sys.path.append(str(path.parent))
        spec.loader.exec_module(script)
        if missing := [name for name in FUNCTIONS if not hasattr(script, name)]:
            raise AttributeError(f"{path} does not define {', '.join(missing)}")
        return script


class Endpoints:
    """The endpoints of one local cloud.

    :param directories: the models that are there from the start, each by its endpoint's name.
    """

    def __init__(self, directories: Mapping[str, Path]) -> None:
        self._scripts = {name: InferenceScript(name, path) for name, path in directories.items()}
        # One at a time each: two cores are all there is, and models need not be thread-safe.
        self._workers = {name: ThreadPoolExecutor(1, f"endpoint-{name}") for name in self._scripts}

    def load(self) -> None:
        """Start loading every model; a model that fails says so in the log and to every caller."""
        for name, script in self._scripts.items():
            loading = self._workers[name].submit(script.load)
            loading.add_done_callback(partial(_log_loaded, name))

    def deploy(self, name: str, directory: Path) -> str | None:
        """Serve a model as the endpoint, once it is loaded; what is wrong with it, if anything is.

        Until then, and when it does not load, the endpoint serves what it served before.
        """
        script = InferenceScript(name, directory)
        worker = ThreadPoolExecutor(1, f"endpoint-{name}")
        loading = worker.submit(script.load)
        # Whatever a model raises is told, and is none of the service's fault.
        if error := loading.exception():
            _log.error("endpoint %s: the model did not load", name, exc_info=error)
            return f"{type(error).__name__}: {error}"
        # What is asked of the old one now still gets its answer.
        self._workers[name], self._scripts[name] = worker, script
        return None

    def withdraw(self, name: str) -> None:
        """Serve the endpoint no longer."""
        self._scripts.pop(name, None)

    def serves(self, name: str) -> bool:
        """Whether there is such an endpoint."""
        return name in self._scripts

    def invoke(self, name: str, account: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer InvokeEndpoint."""
        if name not in self._scripts:
            return failure("ValidationError", f"Endpoint {name} of account {account} not found.")
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
        work = self._workers[name].submit(self._scripts[name].invoke, body, content_type, accept)
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


def _log_loaded(name: str, loading: Future[None]) -> None:
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
