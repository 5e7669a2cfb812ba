"""Endpoint configurations: which model runs on what."""

from typing import Any

from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.hosting.model import Models

_KIND = "endpoint-config"
_CONFIGURATION = ("ProductionVariants", "KmsKeyId")
_STEP = 1024  # MB; the API's model has the bounds, its documentation the steps


class EndpointConfigs:
    """The endpoint configuration operations."""

    def __init__(self, region: Region, models: Models) -> None:
        self._region = region
        self._models = models

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateEndpointConfig."""
        name = request["EndpointConfigName"]
        arn = self._arn(name)
        if self._region.store.get(_KIND, name.lower()):
            raise ValidationException(
                f'Cannot create already existing endpoint configuration "{arn}".'
            )
        if len(request["ProductionVariants"]) > 1:
            raise ValidationException("This local cloud serves one ProductionVariant an endpoint")
        [variant] = request["ProductionVariants"]
        _check(variant)
        self._models.named(variant["ModelName"])
        body = {
            "name": name,
            "created": self._region.time(),
            **{key: request[key] for key in _CONFIGURATION if key in request},
        }
        self._region.store.write(Put(_KIND, name.lower(), body, ABSENT), *tagged(arn, request))
        return {"EndpointConfigArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeEndpointConfig."""
        body = self.named(request["EndpointConfigName"]).body
        return self._summary(body) | {key: body[key] for key in _CONFIGURATION if key in body}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListEndpointConfigs."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"EndpointConfigs": [self._summary(body) for body in bodies], **following}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteEndpointConfig: an endpoint that was made with it goes on as it is."""
        kept = self.named(request["EndpointConfigName"])
        arn = self._arn(kept.body["name"])
        self._region.store.write(Delete(_KIND, kept.key, kept.version), untagged(arn))
        return {}

    def named(self, name: str) -> Document:
        """The configuration of that name; raises a ValidationException when there is none."""
        kept = self._region.store.get(_KIND, name.lower())
        if kept is None:
            raise ValidationException(f'Could not find endpoint configuration "{self._arn(name)}".')
        return kept

    def _summary(self, body: JsonObject) -> JsonObject:
        return {
            "EndpointConfigName": body["name"],
            "EndpointConfigArn": self._arn(body["name"]),
            "CreationTime": moment(body["created"]),
        }

    def _arn(self, name: str) -> str:
        return self._region.arn(f"endpoint-config/{name.lower()}")


def _check(variant: JsonObject) -> None:
    name = variant["VariantName"]
    if "ModelName" not in variant:
        raise ValidationException(f"ModelName must be specified for ProductionVariant {name}")
    serverless, instances = variant.get("ServerlessConfig"), variant.get("InstanceType")
    if (serverless is None) == (instances is None):
        raise ValidationException(
            f"ProductionVariant {name} must have either ServerlessConfig or InstanceType"
        )
    if instances is not None and "InitialInstanceCount" not in variant:
        raise ValidationException(
            f"InitialInstanceCount must be specified for ProductionVariant {name}"
        )
    if serverless is not None and serverless["MemorySizeInMB"] % _STEP:
        raise ValidationException(
            f"MemorySizeInMB of ProductionVariant {name} must be a multiple of {_STEP}, "
            f"got {serverless['MemorySizeInMB']}"
        )
