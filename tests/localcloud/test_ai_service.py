"""An AI service around an engine that is made up: what a refusal of Amazon A2I becomes."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from localcloud import ai_service
from localcloud.a2i.errors import ConflictException, ServiceQuotaExceededException
from localcloud.ai_service import AiService
from localcloud.recordings import NotRecorded, Recordings
from localcloud.rekognition import DETECT

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A directory with one recorded image, two levels down."""
    folder = tmp_path / "more" / "images"
    folder.mkdir(parents=True)
    (folder / "a.b.png").write_bytes(PNG)
    answer: dict[str, Any] = {
        "ModerationLabels": [],
        "ResponseMetadata": {},
        "HumanLoopActivationOutput": {},
    }
    (folder / "a.b.DetectModerationLabels.json").write_text(json.dumps(answer))
    return tmp_path


class RefusingA2I:
    """An A2I that starts no loop."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def activate(self, _analysis: object) -> Any:
        raise self.error


def called(recorded: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The error that a caller gets."""
    monkeypatch.setattr(ai_service, "first_refusal", lambda *_: None)
    monkeypatch.setattr(ai_service, "extract_access_key_id", lambda *_: "AKIDEXAMPLE")
    a2i: Any = RefusingA2I(error)
    objects: Any = None
    service = AiService(DETECT, Recordings([recorded]), lambda *_: objects, lambda *_: a2i)
    config = {"HumanLoopName": "loop", "FlowDefinitionArn": "arn"}
    body = json.dumps({"Image": {"Bytes": "iVBORw0KGgo="}, "HumanLoopConfig": config}).encode()
    headers = {"x-amz-target": "RekognitionService.DetectModerationLabels"}
    # In a thread: this one has an event loop already when Playwright has run in it.
    with ThreadPoolExecutor() as threads:
        handled = service.handle("POST", "/", headers, body, {})
        status, _, answer = threads.submit(asyncio.run, handled).result()
    assert status == 400
    return json.loads(answer)


def test_a_quota_of_loops_is_told_in_the_services_own_shape(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = called(recorded, ServiceQuotaExceededException("2 are in progress"), monkeypatch)

    assert error == {
        "__type": "HumanLoopQuotaExceededException",
        "Message": "2 are in progress",
        "ResourceType": "human-loop",
        "QuotaCode": "local",
        "ServiceCode": "sagemaker",
    }


def test_a_name_that_is_taken_is_an_invalid_parameter(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = called(recorded, ConflictException("loop already exists", 409), monkeypatch)

    assert error == {"__type": "InvalidParameterException", "Message": "loop already exists"}


def test_a_recording_is_found_at_any_depth_and_has_the_services_members_alone(
    recorded: Path,
) -> None:
    assert Recordings([recorded]).answer("DetectModerationLabels", PNG) == {"ModerationLabels": []}


def test_a_recording_may_be_added_later(recorded: Path) -> None:
    recordings = Recordings([recorded])
    with pytest.raises(NotRecorded, match="SHA-256"):
        recordings.answer("DetectModerationLabels", b"new")

    (recorded / "new.jpg").write_bytes(b"new")
    (recorded / "new.DetectModerationLabels.json").write_text('{"ModerationLabels": []}')

    assert recordings.answer("DetectModerationLabels", b"new")


@pytest.mark.parametrize(
    ("text", "reason"), [("{", r"new\.X\.json is not JSON"), ("[]", "must hold a JSON object")]
)
def test_a_recording_that_cannot_be_read_is_named(recorded: Path, text: str, reason: str) -> None:
    (recorded / "new.jpg").write_bytes(b"new")
    (recorded / "new.X.json").write_text(text)

    with pytest.raises(NotRecorded, match=reason):
        Recordings([recorded]).answer("X", b"new")


def test_without_recordings_the_way_to_have_some_is_told() -> None:
    with pytest.raises(NotRecorded, match="--recordings DIR"):
        Recordings([]).answer("X", b"new")
