"""Endpoint configurations: which model runs on what."""

from typing import Any

from localcloud.a2i.errors import ValidationException
from localcloud.a2i.region import Region
from localcloud.a2i.store import Document, JsonObject
from localcloud.hosting.model import Models
from localcloud.hosting.register import Register, chosen

_CONFIGURATION = ("ProductionVariants", "KmsKeyId")
_STEP = 1024  # MB; the API's model has the bounds, its documentation the steps


class EndpointConfigs:
    """The endpoint configuration operations."""

    def __init__(self, region: Region, models: Models) -> None:
        self._register = Register(
            region, "endpoint-config", "endpoint configuration", "EndpointConfig"
        )
        self._models = models

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateEndpointConfig."""
        self._register.check_free(request["EndpointConfigName"])
        if len(request["ProductionVariants"]) > 1:
            raise ValidationException("This local cloud serves one ProductionVariant an endpoint")
        [variant] = request["ProductionVariants"]
        _check(variant)
        self._models.named(variant["ModelName"])
        return self._register.add(request, chosen(request, _CONFIGURATION))

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeEndpointConfig."""
        body = self.named(request["EndpointConfigName"]).body
        return self._register.identity(body) | chosen(body, _CONFIGURATION)

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListEndpointConfigs."""
        return self._register.listing(request, self._register.identity)

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteEndpointConfig: an endpoint that was made with it goes on as it is."""
        self._register.remove(self.named(request["EndpointConfigName"]))
        return {}

    def named(self, name: str) -> Document:
        """The configuration of that name; raises a ValidationException when there is none."""
        return self._register.named(name)


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
