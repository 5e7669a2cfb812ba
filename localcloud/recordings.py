"""What a service answered once: images and documents, with the answers recorded beside them.

``picnic.png`` has ``picnic.DetectModerationLabels.json`` beside it: the answer, as the API gave it.
An input is known again by its SHA-256, wherever it lies and whatever it is called by then.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# What a client adds to an answer, and what depends on who asks.
_NOT_RECORDED = ("ResponseMetadata", "HumanLoopActivationOutput")


class NotRecorded(Exception):  # noqa: N818 - it says what happened
    """There is no answer for an input, or none that can be read; the text says how to make one."""


class Recordings:
    """Recorded answers; they are looked for at each request, so that one may be added at any time.

    :param directories: where they lie, at any depth.
    """

    def __init__(self, directories: Sequence[Path]) -> None:
        self._directories = tuple(directories)

    def answer(self, operation: str, content: bytes) -> dict[str, Any]:
        """What an operation answered for an input.

        :raises NotRecorded: when there is no such recording.
        """
        digest = hashlib.sha256(content).hexdigest()
        for recording, recorded in self._recordings(operation):
            if hashlib.sha256(recorded.read_bytes()).hexdigest() == digest:
                return _read(recording)
        where = " or ".join(str(directory) for directory in self._directories)
        raise NotRecorded(
            f"The local cloud has no model: it knows what {operation} answers for recorded inputs"
            f" alone, and none has the SHA-256 {digest}. To record one, put the input and the"
            f" answer of the real service, NAME.EXTENSION and NAME.{operation}.json, into"
            f" {where or 'a directory, and start the local cloud with --recordings DIR'}"
        )

    def _recordings(self, operation: str) -> Iterator[tuple[Path, Path]]:
        """Each recorded answer with the input it is for."""
        ending = f".{operation}.json"
        for directory in self._directories:
            for recording in sorted(directory.rglob(f"*{ending}")):
                name = recording.name.removesuffix(ending)
                for beside in recording.parent.iterdir():
                    if beside.stem == name and beside.suffix != ".json" and beside.is_file():
                        yield recording, beside


def _read(recording: Path) -> dict[str, Any]:
    try:
        answer = json.loads(recording.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotRecorded(f"{recording} is not JSON: {error}") from error
    if not isinstance(answer, dict):
        raise NotRecorded(f"{recording} must hold a JSON object: the answer of the service")
    return {key: value for key, value in answer.items() if key not in _NOT_RECORDED}
