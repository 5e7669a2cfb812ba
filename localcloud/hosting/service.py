"""The hosting part of the SageMaker API in one account and Region."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from localcloud.a2i.clock import utcnow
from localcloud.a2i.cloud import Cloud
from localcloud.a2i.region import Region
from localcloud.a2i.shapes import checked
from localcloud.a2i.store import Store, retried
from localcloud.endpoints import Endpoints
from localcloud.hosting.artifact import Artifacts
from localcloud.hosting.endpoint import EndpointOperations
from localcloud.hosting.endpoint_config import EndpointConfigs
from localcloud.hosting.model import Models
from localcloud.wire import Response

_SERVICE = "sagemaker"


class Hosting:
    """Models, endpoint configurations and endpoints.

    :param store: may hold other things as well: the tags of all SageMaker resources are in one.
    :param now: the clock. Default: the time.
    """

    def __init__(
        self,
        store: Store,
        cloud: Cloud,
        account: str,
        region: str,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        here = Region(store, cloud, account, region, now, delay=1)
        artifacts = Artifacts(here)
        self._account = account
        self._running = Endpoints({})
        models = Models(here, artifacts)
        configs = EndpointConfigs(here, models)
        self._endpoints = EndpointOperations(here, artifacts, models, configs, self._running)
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "CreateModel": models.create,
            "DescribeModel": models.describe,
            "ListModels": models.listing,
            "DeleteModel": models.delete,
            "CreateEndpointConfig": configs.create,
            "DescribeEndpointConfig": configs.describe,
            "ListEndpointConfigs": configs.listing,
            "DeleteEndpointConfig": configs.delete,
            "CreateEndpoint": self._endpoints.create,
            "UpdateEndpoint": self._endpoints.update,
            "DescribeEndpoint": self._endpoints.describe,
            "ListEndpoints": self._endpoints.listing,
            "DeleteEndpoint": self._endpoints.delete,
        }
        self._advancing = threading.Lock()

    def has(self, operation: str) -> bool:
        """Whether an operation of the SageMaker API is one of hosting."""
        return operation in self._operations

    def call(
        self, operation: str, request: dict[str, Any], service: str = _SERVICE
    ) -> dict[str, Any]:
        """Do an operation of the API; raises a ServiceException."""
        performed = self._operations[operation]
        request = checked(service, operation, request)
        return retried(lambda: performed(request))

    def advance(self) -> None:
        """Do what is due; to be called again and again."""
        with self._advancing:
            self._endpoints.advance()

    def serves(self, endpoint_name: str) -> bool:
        """Whether an endpoint of that name answers."""
        return self._running.serves(endpoint_name)

    def invoke(self, endpoint_name: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer InvokeEndpoint."""
        return self._running.invoke(endpoint_name, self._account, headers, body)
