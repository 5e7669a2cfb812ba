"""Model artifacts: an object in Amazon S3, read with the model's role and unpacked."""

import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from localcloud.a2i.cloud import RoleNotAssumable
from localcloud.a2i.region import Region
from localcloud.a2i.s3_location import Location, location

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SESSION_NAME = "SageMaker"
_PROBLEM = (
    'Could not access model data at {url}. Please ensure that the role "{role}" exists and that '
    'its trust relationship policy allows the action "sts:AssumeRole" for the service principal '
    '"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that '
    "the object is located in {region}. ({reason})"
)


class ArtifactError(Exception):
    """An artifact that cannot be used.

    :param message: why, in SageMaker's words.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Artifacts:
    """The artifacts of one account and Region."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def check(self, url: str, role_arn: str) -> None:
        """Raise an ArtifactError unless the role can read the artifact."""
        client, place = self._open(url, role_arn)
        try:
            client.head_object(Bucket=place.bucket, Key=place.key)
        except ClientError as error:
            raise self._unreadable(url, role_arn, error.response["Error"]) from error

    def unpack(self, url: str, role_arn: str) -> Path:
        """Fetch the artifact into a new directory, the caller's; raises an ArtifactError."""
        client, place = self._open(url, role_arn)
        with tempfile.TemporaryDirectory(prefix="artifact-") as fetched:
            packed = Path(fetched) / "model.tar.gz"
            try:
                client.download_file(place.bucket, place.key, str(packed))
            except ClientError as error:
                raise self._unreadable(url, role_arn, error.response["Error"]) from error
            return _unpacked(packed, url)

    def _open(self, url: str, role_arn: str) -> "tuple[S3Client, Location]":
        try:
            session = self._region.cloud.role_session(role_arn, _SESSION_NAME)
        except RoleNotAssumable as error:
            raise self._unreadable(url, role_arn, {"Message": error.message}) from error
        return session.client("s3", region_name=self._region.name), location(url)

    def _unreadable(self, url: str, role_arn: str, error: Any) -> ArtifactError:
        reason = error.get("Message", error.get("Code"))
        return ArtifactError(
            _PROBLEM.format(url=url, role=role_arn, region=self._region.name, reason=reason)
        )


def _unpacked(packed: Path, url: str) -> Path:
    directory = Path(tempfile.mkdtemp(prefix="model-"))
    try:
        with tarfile.open(packed, "r:gz") as archive:
            _extract(archive, directory)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        shutil.rmtree(directory)
        raise ArtifactError(
            f'Failed to extract model data archive for container "container_1" from URL "{url}"'
            f". Please ensure that the object located at the URL is a valid tar.gz archive. "
            f"({error})"
        ) from error
    return directory


def _extract(archive: tarfile.TarFile, directory: Path) -> None:
    """Write the files of an archive, and nothing that lies outside the directory.

    Python has had filters for this only since 3.11.4.
    """
    for member in archive:
        target = (directory / member.name).resolve()
        if not target.is_relative_to(directory.resolve()):
            raise tarfile.ExtractError(f"{member.name} lies outside the archive")
        content = archive.extractfile(member) if member.isfile() else None
        if content is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
        elif not member.isdir():
            raise tarfile.ExtractError(f"{member.name} is neither a file nor a directory")
