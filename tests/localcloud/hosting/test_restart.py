"""What a local cloud that kept its state does about endpoints when it starts again."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.a2i.store import SqliteStore
from localcloud.hosting import Hosting
from tests.localcloud.a2i.fake_cloud import FakeCloud
from tests.localcloud.conftest import INFERENCE
from tests.localcloud.hosting.conftest import IMAGE, packed

ACCOUNT, REGION = "111122223333", "us-east-1"


class Objects:
    """Amazon S3 with one model, and the session and client that lead to it."""

    def __init__(self) -> None:
        self.content: bytes | None = packed({"code/inference.py": INFERENCE})

    def client(self, _service: str, **_: Any) -> "Objects":
        return self

    def head_object(self, **place: str) -> None:
        self._found("HeadObject")

    def download_file(self, bucket: str, key: str, path: str) -> None:
        Path(path).write_bytes(self._found("GetObject"))

    def _found(self, operation: str) -> bytes:
        if self.content is None:
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, operation)
        return self.content


@pytest.fixture
def objects() -> Objects:
    return Objects()


@pytest.fixture
def started(objects: Objects, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Starts hosting, each time on the same store."""
    monkeypatch.setattr(FakeCloud, "role_session", lambda *_: objects)
    return lambda: Hosting(SqliteStore(tmp_path / "store"), FakeCloud(), ACCOUNT, REGION)


@pytest.fixture
def endpoint(started: Any) -> str:
    hosting = started()
    role = f"arn:aws:iam::{ACCOUNT}:role/models"
    container = {"Image": IMAGE, "ModelDataUrl": "s3://models/words.tar.gz"}
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "words",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
    }
    hosting.call(
        "CreateModel",
        {"ModelName": "words", "ExecutionRoleArn": role, "PrimaryContainer": container},
    )
    hosting.call(
        "CreateEndpointConfig", {"EndpointConfigName": "words", "ProductionVariants": [variant]}
    )
    hosting.call("CreateEndpoint", {"EndpointName": "words", "EndpointConfigName": "words"})
    hosting.advance()
    assert hosting.serves("words")
    return "words"


def test_an_endpoint_answers_again(started: Any, endpoint: str) -> None:
    hosting = started()
    assert not hosting.serves(endpoint)

    hosting.advance()

    headers = {"content-type": "text/plain", "accept": "text/csv"}
    assert hosting.invoke(endpoint, headers, b"bad")[2] == b"-1"


def test_an_endpoint_whose_artifact_has_gone_says_so(
    started: Any, endpoint: str, objects: Objects
) -> None:
    objects.content = None
    hosting = started()

    hosting.advance()
    hosting.advance()

    described = hosting.call("DescribeEndpoint", {"EndpointName": endpoint})
    assert described["EndpointStatus"] == "Failed"
    assert described["FailureReason"].startswith("Could not access model data at s3://models/words")
