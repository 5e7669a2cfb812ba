"""Models: an image, an artifact, and the role that reads both."""

from typing import Any

from localcloud.a2i.access import location
from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.hosting.artifact import ArtifactError, Artifacts

_KIND = "model"
_CONFIGURATION = ("PrimaryContainer", "ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation")


class Models:
    """The model operations. Names are told apart without regard to case, and keep theirs."""

    def __init__(self, region: Region, artifacts: Artifacts) -> None:
        self._region = region
        self._artifacts = artifacts

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateModel."""
        name = request["ModelName"]
        arn = self._arn(name)
        if self._region.store.get(_KIND, name.lower()):
            raise ValidationException(f'Cannot create already existing model "{arn}".')
        self._check(request)
        body = {
            "name": name,
            "created": self._region.time(),
            **{key: request[key] for key in _CONFIGURATION if key in request},
        }
        self._region.store.write(Put(_KIND, name.lower(), body, ABSENT), *tagged(arn, request))
        return {"ModelArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeModel."""
        body = self.named(request["ModelName"]).body
        return self._summary(body) | {key: body[key] for key in _CONFIGURATION if key in body}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListModels."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"Models": [self._summary(body) for body in bodies], **following}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteModel: an endpoint that runs it goes on running it."""
        kept = self.named(request["ModelName"])
        arn = self._arn(kept.body["name"])
        self._region.store.write(Delete(_KIND, kept.key, kept.version), untagged(arn))
        return {}

    def named(self, name: str) -> Document:
        """The model of that name; raises a ValidationException when there is none."""
        kept = self._region.store.get(_KIND, name.lower())
        if kept is None:
            raise ValidationException(f'Could not find model "{self._arn(name)}".')
        return kept

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
        if not location(url).key.endswith(".tar.gz"):
            raise ValidationException(f"ModelDataUrl must end in .tar.gz, got {url}")
        try:
            self._artifacts.check(url, request["ExecutionRoleArn"])
        except ArtifactError as error:
            raise ValidationException(error.message) from error

    def _summary(self, body: JsonObject) -> JsonObject:
        return {
            "ModelName": body["name"],
            "ModelArn": self._arn(body["name"]),
            "CreationTime": moment(body["created"]),
        }

    def _arn(self, name: str) -> str:
        return self._region.arn(f"model/{name.lower()}")
