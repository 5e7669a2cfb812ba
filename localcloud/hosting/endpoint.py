"""Endpoints: from Creating to InService, moved to another configuration, and gone."""

from typing import Any

from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.region import Region
from localcloud.a2i.store import Document, JsonObject
from localcloud.endpoints import Endpoints
from localcloud.hosting.artifact import ArtifactError, Artifacts
from localcloud.hosting.endpoint_config import EndpointConfigs
from localcloud.hosting.model import Models
from localcloud.hosting.register import Register

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
        self._register = Register(region, "endpoint", "endpoint", "Endpoint")
        self._artifacts = artifacts
        self._models = models
        self._configs = configs
        self._running = running

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateEndpoint."""
        self._register.check_free(request["EndpointName"])
        following = self._resolved(request["EndpointConfigName"])
        return self._register.add(request, {"status": "Creating", "next": following})

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateEndpoint: what is served now is served until the other one is ready."""
        kept = self._settled(request["EndpointName"])
        following = self._resolved(request["EndpointConfigName"])
        current = kept.body.get("current")
        if current and _is_serverless(current) != _is_serverless(following):
            raise ValidationException(
                "An endpoint cannot be changed from serverless to instances, or from instances "
                f'to serverless: "{self._register.arn(kept.body["name"])}".'
            )
        self._change(kept, status="Updating", next=following)
        return {"EndpointArn": self._register.arn(kept.body["name"])}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeEndpoint."""
        body = self._register.named(request["EndpointName"]).body
        current = body.get("current")
        # One that is new shows what it is to be; one that is updated, what it still is.
        shown = current or body["next"]
        variants = {"ProductionVariants": [_described(current["variant"])]} if current else {}
        reason = {"FailureReason": body["reason"]} if "reason" in body else {}
        return self._summary(body) | {"EndpointConfigName": shown["config"], **variants, **reason}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListEndpoints."""
        return self._register.listing(request, self._summary)

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteEndpoint: it answers nobody from now on."""
        kept = self._settled(request["EndpointName"])
        self._running.withdraw(kept.body["name"])
        self._change(kept, status="Deleting")
        return {}

    def advance(self) -> None:
        """Bring every endpoint nearer to what it is to be."""
        for kept in self._register.all():
            match kept.body["status"]:
                case "Deleting":
                    self._register.remove(kept)
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
        self._register.change(kept, body)

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
        self._register.change(kept, body)

    def _settled(self, name: str) -> Document:
        kept = self._register.named(name)
        if kept.body["status"] in _CHANGING:
            raise ValidationException(
                f'Cannot update in-progress endpoint "{self._register.arn(name)}".'
            )
        return kept

    def _summary(self, body: JsonObject) -> JsonObject:
        modified = body["modified"] if "modified" in body else body["created"]
        return self._register.identity(body) | {
            "EndpointStatus": body["status"],
            "LastModifiedTime": moment(modified),
        }


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
