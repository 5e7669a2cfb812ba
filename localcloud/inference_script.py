"""A model's code: an inference script on this machine, and the modules that lie beside it."""

import importlib.util
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

FUNCTIONS = ("model_fn", "input_fn", "predict_fn", "output_fn")

_IMPORTING = threading.Lock()  # all models share one sys.path and one sys.modules
_BESIDE: set[str] = set()  # the directories of sys.path that hold models' code


class InferenceScript:
    """SageMaker's own contract for a model's code: four functions in ``inference.py``.

    :param name: the endpoint's name.
    :param directory: the model's directory, given to ``model_fn``; ``inference.py`` lies in its
        folder ``code``, as in a ``model.tar.gz``, or in the directory itself.
    """

    def __init__(self, name: str, directory: Path) -> None:
        self._name = name
        self._directory = directory.resolve()
        packed = self._directory / "code" / "inference.py"
        self._path = packed if packed.is_file() else self._directory / "inference.py"
        self._loaded: tuple[ModuleType, Any] | None = None

    def load(self) -> tuple[ModuleType, Any]:
        """The script and what its ``model_fn`` made, once; one model after another is loaded."""
        if self._loaded is None:
            with _IMPORTING:
                _bring_forward(self._path.parent)
                script = self._script()
                self._loaded = script, script.model_fn(str(self._directory))
        return self._loaded

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Answer one request: the body and its content type."""
        script, model = self.load()
        data = script.input_fn(body, content_type)
        answer = script.output_fn(script.predict_fn(data, model), accept)
        # output_fn may choose another type than the one asked for.
        answer, answer_type = answer if isinstance(answer, tuple) else (answer, accept)
        return (answer.encode() if isinstance(answer, str) else bytes(answer)), answer_type

    def let_go(self) -> None:
        """Forget the model, and what was imported for it alone."""
        self._loaded = None
        with _IMPORTING:
            _leave(self._path.parent)

    def _script(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"inference_{self._name}", self._path)
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        if missing := [name for name in FUNCTIONS if not hasattr(script, name)]:
            raise AttributeError(f"{self._path} does not define {', '.join(missing)}")
        return script


def _bring_forward(directory: Path) -> None:
    """Let code import its neighbours, as in SageMaker's containers, and no other model's.

    The path stays while the model is served, for what is imported while a request is answered.
    """
    for other in [*_BESIDE]:
        _forget_modules(Path(other))
    _leave(directory)
    first = next((n for n, entry in enumerate(sys.path) if entry in _BESIDE), len(sys.path))
    sys.path.insert(first, str(directory))
    _BESIDE.add(str(directory))


def _leave(directory: Path) -> None:
    _BESIDE.discard(str(directory))
    sys.path[:] = [entry for entry in sys.path if entry != str(directory)]
    _forget_modules(directory)


def _forget_modules(directory: Path) -> None:
    """Have modules of a directory imported anew; who has imported them keeps them."""
    for name, module in [*sys.modules.items()]:
        if any(Path(place).is_relative_to(directory) for place in _places(module)):
            sys.modules.pop(name, None)


def _places(module: object) -> Iterator[str]:
    """The file of a module, or the directories of a package that has no file."""
    # Not by getattr, at which some modules import others.
    known = getattr(module, "__dict__", {})
    if isinstance(file := known.get("__file__"), str):
        yield file
    else:
        yield from known.get("__path__") or ()
