"""Model artifacts that cannot be unpacked: each is told, and leaves nothing behind."""

import gzip
import io
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from localcloud.a2i.clock import utcnow
from localcloud.a2i.region import Region
from localcloud.a2i.store import SqliteStore
from localcloud.hosting.artifact import ArtifactError, Artifacts
from tests.localcloud.a2i.fake_cloud import ACCOUNT, REGION, ROLE, FakeCloud
from tests.localcloud.hosting.conftest import packed

URL = "s3://models/words.tar.gz"


def damaged() -> bytes:
    """An archive in whose file compressed data is followed by what is none."""
    archive = gzip.decompress(packed({"weights.bin": "0123456789" * 10_000}))
    compressor = zlib.compressobj(wbits=31)
    begun = compressor.compress(archive[:50_000]) + compressor.flush(zlib.Z_FULL_FLUSH)
    return begun + b"\xff" * 1000


def linked() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as model:
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        model.addfile(link)
    return archive.getvalue()


class Models:
    """The session, and the client of Amazon S3, that an artifact is read with."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def client(self, _service: str, **_: Any) -> "Models":
        return self

    def download_file(self, bucket: str, key: str, path: str) -> None:
        Path(path).write_bytes(self.content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "not a gzip file"),
        (damaged(), "Error -3 while decompressing data: invalid block type"),
        (linked(), "passwd is neither a file nor a directory"),
        (packed({"../climbs.py": ""}), "lies outside the archive"),
        (packed({"words.bin": "good"})[:60], "end-of-stream|unexpected end"),
    ],
    ids=["no archive", "damaged", "link", "outside", "cut off"],
)
def test_an_archive_that_cannot_be_unpacked_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, reason: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(FakeCloud, "role_session", lambda *_: Models(content))
    region = Region(SqliteStore(), FakeCloud(), ACCOUNT, REGION, utcnow, delay=1)

    with pytest.raises(ArtifactError, match=f"Failed to extract model data.*({reason})"):
        Artifacts(region).unpack(URL, ROLE)

    assert [*tmp_path.iterdir()] == []
