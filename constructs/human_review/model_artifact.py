"""Model artifacts: the ``model.tar.gz`` that SageMaker unpacks where a model runs."""

import gzip
import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import NamedTuple, Protocol

from aws_cdk import FileAssetPackaging, Stack, Stage
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

SCRIPT = "code/inference.py"
"""Where SageMaker's framework containers look for a model's own code."""


class ModelData(NamedTuple):
    """An artifact in Amazon S3.

    :param object_arn: what a role must be allowed to read.
    :param has_script: whether it brings code of its own; None when that is not known.
    """

    url: str
    object_arn: str
    encryption_key: kms.IKey | None
    has_script: bool | None


class ModelArtifact(Protocol):
    """What a model consists of besides its image; made by this module's two functions."""

    def bind(self, scope: Construct) -> ModelData:
        """Where the artifact is once ``scope``'s stack is deployed."""
        ...


class FolderArtifact:
    """A folder, packed when the app is synthesized: always the same bytes for the same files.

    Its files become those of ``/opt/ml/model``. A framework container runs ``code/inference.py``,
    with the packages of ``code/requirements.txt``. Left out are ``__pycache__`` folders.

    :param folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ValueError(f"the model artifact must be a folder, got {folder}")
        self._files = _files(folder)
        if not self._files:
            raise ValueError(f"the model artifact must hold a file, {folder} has none")
        if "inference.py" in self._files:
            raise ValueError(
                f"inference.py must be in {folder / 'code'}, where SageMaker's containers look"
            )

    def bind(self, scope: Construct) -> ModelData:
        """Where the packed folder is uploaded to, as an asset of the app."""
        content = tar(self._files)
        # Of what is in it: another zlib packs the same files into other bytes.
        digest = hashlib.sha256(content).hexdigest()
        stage = Stage.of(scope)
        assert stage is not None
        packed = Path(stage.asset_outdir) / f"model.{digest}.tar.gz"
        packed.write_bytes(gzip.compress(content, mtime=0))
        stack = Stack.of(scope)
        # Not by an Asset, which would upload it as ".gz", and SageMaker wants ".tar.gz":
        # https://github.com/aws/aws-cdk/issues/30257
        location = stack.synthesizer.add_file_asset(
            source_hash=f"{digest}.tar",
            file_name=os.path.relpath(packed, stage.outdir),
            packaging=FileAssetPackaging.FILE,
        )
        return ModelData(
            location.s3_object_url,
            stack.format_arn(
                service="s3",
                region="",
                account="",
                resource=location.bucket_name,
                resource_name=location.object_key,
            ),
            None,
            SCRIPT in self._files,
        )


class ObjectArtifact:
    """A ``model.tar.gz`` that is in Amazon S3 already.

    :param bucket: in the Region of the endpoint.
    :param key: the object's key, which ends in ``.tar.gz``. Another artifact needs another key:
        SageMaker reads it when the endpoint is made or changed, and not again.
    """

    def __init__(self, bucket: s3.IBucket, key: str) -> None:
        if not key.endswith(".tar.gz"):
            raise ValueError(f"the model artifact must be a key that ends in .tar.gz, got {key!r}")
        self._bucket = bucket
        self._key = key

    def bind(self, scope: Construct) -> ModelData:
        """Where the object is."""
        return ModelData(
            self._bucket.s3_url_for_object(self._key),
            self._bucket.arn_for_objects(self._key),
            self._bucket.encryption_key,
            None,
        )


def artifact_at(scope: Construct, place: str) -> ModelArtifact:
    """The artifact at an ``s3://`` address, or the folder of that path."""
    if not place.startswith("s3://"):
        return FolderArtifact(Path(place))
    bucket, _, key = place.removeprefix("s3://").partition("/")
    return ObjectArtifact(s3.Bucket.from_bucket_name(scope, "ArtifactBucket", bucket), key)


def tar(files: dict[str, Path]) -> bytes:
    """A tar archive of the files: the same bytes whoever packs them, wherever and whenever.

    :param files: each file by its name in the archive.
    """
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name in sorted(files):
            content = files[name].read_bytes()
            entry = tarfile.TarInfo(name)  # of nobody, at the epoch, readable by all
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
