"""Models: an image, an artifact, and the role that reads both."""

from typing import Any

from localcloud.a2i.errors import ValidationException
from localcloud.a2i.region import Region
from localcloud.a2i.s3_location import location
from localcloud.a2i.store import Document
from localcloud.hosting.artifact import ArtifactError, Artifacts
from localcloud.hosting.register import Register, chosen

_CONFIGURATION = ("PrimaryContainer", "ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation")


class Models:
    """The model operations."""

    def __init__(self, region: Region, artifacts: Artifacts) -> None:
        self._register = Register(region, "model", "model", "Model")
        self._artifacts = artifacts

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateModel."""
        self._register.check_free(request["ModelName"])
        self._check(request)
        return self._register.add(request, chosen(request, _CONFIGURATION))

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeModel."""
        body = self.named(request["ModelName"]).body
        return self._register.identity(body) | chosen(body, _CONFIGURATION)

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListModels."""
        return self._register.listing(request, self._register.identity)

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteModel: an endpoint that runs it goes on running it."""
        self._register.remove(self.named(request["ModelName"]))
        return {}

    def named(self, name: str) -> Document:
        """The model of that name; raises a ValidationException when there is none."""
        return self._register.named(name)

    def _check(self, request: dict[str, Any]) -> None:
        container = request.get("PrimaryContainer", {})
        for member, found in (
            ("ExecutionRoleArn", request.get("ExecutionRoleArn")),
            ("PrimaryContainer", container),
            ("PrimaryContainer.Image", container.get("Image")),
            ("PrimaryContainer.ModelDataUrl", container.get("ModelDataUrl")),
        ):
            if not found:
                raise ValidationException(f"{member} must be specified for model creation.")
        url = container["ModelDataUrl"]
        try:
            key = location(url).key
        except ValueError as error:
            raise ValidationException(f"ModelDataUrl is {error}") from error
        if not key.endswith(".tar.gz"):
            raise ValidationException(f"ModelDataUrl must end in .tar.gz, got {url}")
        try:
            self._artifacts.check(url, request["ExecutionRoleArn"])
        except ArtifactError as error:
            raise ValidationException(error.message) from error
