"""Flow definitions: which workteam looks at what page, and where its answers go."""

from typing import Any

from localcloud.a2i import schedule
from localcloud.a2i.access import RoleAccess
from localcloud.a2i.activation import check_conditions
from localcloud.a2i.clock import moment
from localcloud.a2i.cloud import RoleNotAssumable
from localcloud.a2i.errors import ResourceInUse, ResourceNotFound, ValidationException
from localcloud.a2i.human_loop_operations import HumanLoops
from localcloud.a2i.human_task_ui import HumanTaskUis
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.s3_location import location
from localcloud.a2i.store import ABSENT, Change, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.a2i.workteam import Workteams

_KIND = "flow-definition"
_CONFIGURATION = (
    "HumanLoopRequestSource",
    "HumanLoopActivationConfig",
    "HumanLoopConfig",
    "OutputConfig",
    "RoleArn",
)


class FlowDefinitions:
    """The flow definition operations."""

    def __init__(
        self,
        region: Region,
        access: RoleAccess,
        workteams: Workteams,
        human_task_uis: HumanTaskUis,
        human_loops: HumanLoops,
    ) -> None:
        self._region = region
        self._access = access
        self._workteams = workteams
        self._human_task_uis = human_task_uis
        self._human_loops = human_loops

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateFlowDefinition."""
        name = request["FlowDefinitionName"]
        if self._region.store.get(_KIND, name):
            raise ResourceInUse(f"Flow definition {name} already exists")
        if "HumanLoopConfig" not in request:
            raise ValidationException("HumanLoopConfig must be specified")
        if problem := self._missing(request["HumanLoopConfig"]):
            raise ValidationException(problem)
        if "PublicWorkforceTaskPrice" in request["HumanLoopConfig"]:
            raise ValidationException("PublicWorkforceTaskPrice is for the public workforce only")
        _check_activation(request)
        self._check_output(request["OutputConfig"]["S3OutputPath"])
        self._check_role(request["RoleArn"])
        body = {
            "name": name,
            "created": self._region.time(),
            "status": "Initializing",
            **{key: request[key] for key in _CONFIGURATION if key in request},
        }
        arn = self._arn(name)
        self._region.store.write(
            Put(_KIND, name, body, ABSENT),
            *tagged(arn, request),
            schedule.at(self._region.soon(), "flow-definition-ready", name),
        )
        return {"FlowDefinitionArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeFlowDefinition."""
        body = self._named(request["FlowDefinitionName"]).body
        configuration = {key: body[key] for key in _CONFIGURATION if key in body}
        return self._summary(body) | configuration

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListFlowDefinitions."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"FlowDefinitionSummaries": [self._summary(body) for body in bodies], **following}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteFlowDefinition: loops that no worker has started go with it."""
        kept = self._named(request["FlowDefinitionName"])
        if kept.body["status"] not in ("Active", "Failed"):
            raise ResourceInUse(
                f"Flow definition {kept.key} is {kept.body['status']}; it can be deleted when it"
                " is Active or Failed"
            )
        self._region.store.write(
            Put(_KIND, kept.key, kept.body | {"status": "Deleting"}, kept.version),
            schedule.at(self._region.soon(), "flow-definition-gone", kept.key),
        )
        self._human_loops.close_all(kept.key)
        return {}

    def ready(self, name: str) -> list[Change]:
        """The flow definition is Active, or Failed when what it needs has gone meanwhile."""
        kept = self._region.store.get(_KIND, name)
        if kept is None or kept.body["status"] != "Initializing":
            return []
        problem = self._missing(kept.body["HumanLoopConfig"])
        outcome = {"status": "Failed", "reason": problem} if problem else {"status": "Active"}
        return [Put(_KIND, name, kept.body | outcome, kept.version)]

    def gone(self, name: str) -> list[Change]:
        """The flow definition has been deleted, once the last of its loops has ended."""
        kept = self._region.store.get(_KIND, name)
        if kept is None or kept.body["status"] != "Deleting":
            return []
        if self._human_loops.close_all(name):
            return [schedule.at(self._region.soon(), "flow-definition-gone", name)]
        return [Delete(_KIND, name, kept.version), untagged(self._arn(name))]

    def _named(self, name: str) -> Document:
        kept = self._region.store.get(_KIND, name)
        if kept is None:
            raise ResourceNotFound(f"Flow definition {self._arn(name)} does not exist")
        return kept

    def _summary(self, body: JsonObject) -> JsonObject:
        return {
            "FlowDefinitionName": body["name"],
            "FlowDefinitionArn": self._arn(body["name"]),
            "FlowDefinitionStatus": body["status"],
            "CreationTime": moment(body["created"]),
            **({"FailureReason": body["reason"]} if "reason" in body else {}),
        }

    def _arn(self, name: str) -> str:
        return self._region.arn(f"flow-definition/{name}")

    def _missing(self, human_loop_config: JsonObject) -> str | None:
        """What is wrong with the workteam or the page, if anything is."""
        workteam_arn = human_loop_config["WorkteamArn"]
        human_task_ui_arn = human_loop_config["HumanTaskUiArn"]
        if self._workteams.by_arn(workteam_arn) is None:
            return f"The work team {workteam_arn} does not exist"
        if self._human_task_uis.by_arn(human_task_ui_arn) is None:
            return f"Human task UI {human_task_ui_arn} does not exist"
        return None

    def _check_output(self, path: str) -> None:
        try:
            bucket = location(path).bucket
        except ValueError as error:
            raise ValidationException(f"S3OutputPath is {error}") from error
        region = self._region.cloud.bucket_region(bucket)
        if region is None:
            raise ValidationException(f"The bucket of S3OutputPath does not exist: {bucket}")
        if region != self._region.name:
            raise ValidationException(
                f"The bucket of S3OutputPath, {bucket}, is in {region}; it must be in"
                f" {self._region.name}"
            )

    def _check_role(self, role_arn: str) -> None:
        try:
            self._access.check(role_arn)
        except RoleNotAssumable as error:
            raise ValidationException(
                f"Could not assume role {role_arn}. Please ensure that the role exists and allows"
                f" principal 'sagemaker.amazonaws.com' to assume the role: {error.message}"
            ) from error


def _check_activation(request: dict[str, Any]) -> None:
    activation = request.get("HumanLoopActivationConfig")
    if activation is None:
        return
    if "HumanLoopRequestSource" not in request:
        raise ValidationException(
            "HumanLoopActivationConfig needs HumanLoopRequestSource: a custom task type has no"
            " activation conditions"
        )
    check_conditions(
        request["HumanLoopRequestSource"]["AwsManagedHumanLoopRequestSource"],
        activation["HumanLoopActivationConditionsConfig"]["HumanLoopActivationConditions"],
    )
