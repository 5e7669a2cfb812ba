"""Endpoints: from Creating to InService, moved to another configuration, and gone."""

from typing import Any

from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.endpoints import Endpoints
from localcloud.hosting.artifact import ArtifactError, Artifacts
from localcloud.hosting.endpoint_config import EndpointConfigs
from localcloud.hosting.model import Models

_KIND = "endpoint"
_CHANGING = ("Creating", "Updating", "Deleting")
_UNHEALTHY = (
    "The primary container for production variant {variant} did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint. ({reason})"
)


class EndpointOperations:
    """The endpoint operations, and what is done about an endpoint that is changing.

    A body holds the ``variant`` that is served with the ``model`` it runs, and while another one
    is to take over, both of it as ``next``. So configurations and models may go before it.

    :param running: the models that run.
    """

    def __init__(
        self,
        region: Region,
        artifacts: Artifacts,
        models: Models,
        configs: EndpointConfigs,
        running: Endpoints,
    ) -> None:
        self._region = region
        self._artifacts = artifacts
        self._models = models
        self._configs = configs
        self._running = running

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateEndpoint."""
        name = request["EndpointName"]
        arn = self._arn(name)
        if self._region.store.get(_KIND, name.lower()):
            raise ValidationException(f'Cannot create already existing endpoint "{arn}".')
        time = self._region.time()
        body = {
            "name": name,
            "created": time,
            "modified": time,
            "status": "Creating",
            "next": self._resolved(request["EndpointConfigName"]),
        }
        self._region.store.write(Put(_KIND, name.lower(), body, ABSENT), *tagged(arn, request))
        return {"EndpointArn": arn}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateEndpoint: what is served now is served until the other one is ready."""
        kept = self._settled(request["EndpointName"])
        following = self._resolved(request["EndpointConfigName"])
        current = kept.body.get("current")
        if current and _is_serverless(current) != _is_serverless(following):
            raise ValidationException(
                "An endpoint cannot be changed from serverless to instances, or from instances "
                f'to serverless: "{self._arn(kept.body["name"])}".'
            )
        self._change(kept, status="Updating", next=following)
        return {"EndpointArn": self._arn(kept.body["name"])}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeEndpoint."""
        body = self._named(request["EndpointName"]).body
        current = body.get("current")
        # One that is new shows what it is to be; one that is updated, what it still is.
        shown = current or body["next"]
        variants = {"ProductionVariants": [_described(current["variant"])]} if current else {}
        reason = {"FailureReason": body["reason"]} if "reason" in body else {}
        return self._summary(body) | {"EndpointConfigName": shown["config"], **variants, **reason}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListEndpoints."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"Endpoints": [self._summary(body) for body in bodies], **following}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteEndpoint: it answers nobody from now on."""
        kept = self._settled(request["EndpointName"])
        self._running.withdraw(kept.body["name"])
        self._change(kept, status="Deleting")
        return {}

    def advance(self) -> None:
        """Bring every endpoint nearer to what it is to be."""
        for kept in self._region.store.query(_KIND):
            match kept.body["status"]:
                case "Deleting":
                    arn = self._arn(kept.body["name"])
                    self._region.store.write(Delete(_KIND, kept.key, kept.version), untagged(arn))
                case "Creating" | "Updating":
                    self._take_over(kept)
                case "InService" if not self._running.serves(kept.body["name"]):
                    self._resume(kept)

    def _resume(self, kept: Document) -> None:
        """Run again what ran when this local cloud was stopped."""
        if problem := self._deploy(kept.body["name"], kept.body["current"]):
            self._change(kept, status="Failed", reason=problem)

    def _take_over(self, kept: Document) -> None:
        problem = self._deploy(kept.body["name"], kept.body["next"])
        body = {key: value for key, value in kept.body.items() if key not in ("next", "reason")}
        if problem is None:
            body |= {"status": "InService", "current": kept.body["next"]}
        elif "current" in body:
            body |= {"status": "InService", "reason": problem}  # rolled back
        else:
            body |= {"status": "Failed", "reason": problem, "next": kept.body["next"]}
        body["modified"] = self._region.time()
        self._region.store.put(_KIND, kept.key, body, kept.version)

    def _deploy(self, name: str, wanted: JsonObject) -> str | None:
        """Run a model as the endpoint; what is wrong with it, if anything is."""
        container = wanted["model"]["PrimaryContainer"]
        try:
            directory = self._artifacts.unpack(
                container["ModelDataUrl"], wanted["model"]["ExecutionRoleArn"]
            )
        except ArtifactError as error:
            return error.message
        problem = self._running.deploy(name, directory)
        variant = wanted["variant"]["VariantName"]
        return problem and _UNHEALTHY.format(variant=variant, reason=problem)

    def _resolved(self, config_name: str) -> JsonObject:
        """All that a configuration stands for, now."""
        config = self._configs.named(config_name).body
        [variant] = config["ProductionVariants"]
        return {
            "config": config["name"],
            "variant": variant,
            "model": self._models.named(variant["ModelName"]).body,
        }

    def _change(self, kept: Document, **changes: Any) -> None:
        body = {**kept.body, **changes, "modified": self._region.time()}
        self._region.store.put(_KIND, kept.key, body, kept.version)

    def _settled(self, name: str) -> Document:
        kept = self._named(name)
        if kept.body["status"] in _CHANGING:
            raise ValidationException(f'Cannot update in-progress endpoint "{self._arn(name)}".')
        return kept

    def _named(self, name: str) -> Document:
        kept = self._region.store.get(_KIND, name.lower())
        if kept is None:
            raise ValidationException(f'Could not find endpoint "{self._arn(name)}".')
        return kept

    def _summary(self, body: JsonObject) -> JsonObject:
        return {
            "EndpointName": body["name"],
            "EndpointArn": self._arn(body["name"]),
            "EndpointStatus": body["status"],
            "CreationTime": moment(body["created"]),
            "LastModifiedTime": moment(body["modified"]),
        }

    def _arn(self, name: str) -> str:
        return self._region.arn(f"endpoint/{name.lower()}")


def _is_serverless(resolved: JsonObject) -> bool:
    return "ServerlessConfig" in resolved["variant"]


def _described(variant: JsonObject) -> JsonObject:
    count = variant.get("InitialInstanceCount")
    serverless = variant.get("ServerlessConfig")
    return {
        "VariantName": variant["VariantName"],
        "CurrentWeight": variant.get("InitialVariantWeight", 1),
        "DesiredWeight": variant.get("InitialVariantWeight", 1),
        **({} if count is None else {"CurrentInstanceCount": count, "DesiredInstanceCount": count}),
        **({} if serverless is None else {"CurrentServerlessConfig": serverless}),
    }
