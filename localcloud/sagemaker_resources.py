"""AWS::SageMaker::Workforce, Workteam and HumanTaskUi for CloudFormation."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from ministack.services.cloudformation.provisioners import _physical_name

from localcloud.resource_type import Made, Properties, ResourceType

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Call an operation of the SageMaker API in the account and Region of the stack."""

WORKFORCE_TIMEOUT = 600.0
TASK_UI_TIMEOUT = 120.0
_POLL = 0.1


class ServiceError(Exception):
    """SageMaker refused a request.

    :param code: the error code.
    :param message: the reason, as it appears in the stack's events.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} (Service: SageMaker, Error Code: {code})")
        self.code = code
        self.message = message

    @property
    def says_missing(self) -> bool:
        """Whether the resource is not there: SageMaker has several ways of saying so."""
        return self.code == "ResourceNotFound" or (
            self.code == "ValidationException"
            and self.message.startswith(("No workforce", "The work team", "Could not find"))
        )


class SageMakerResource(ResourceType):
    """What SageMaker's types share: they wait for the service, and their ARN is their id.

    :param call: how to call the service.
    """

    waits = True

    def __init__(self, call: Call) -> None:
        self._call = call

    def _unless_missing(self, operation: str, request: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return self._call(operation, request)
        except ServiceError as error:
            if error.says_missing:
                return None
            raise

    def _wait(self, done: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} after {seconds:.0f} seconds")
            time.sleep(_POLL)

    def _tag(self, arn: str, old: Properties, new: Properties) -> None:
        before, after = _own_tags(old), _own_tags(new)
        gone = [tag["Key"] for tag in before if tag["Key"] not in {t["Key"] for t in after}]
        if gone:
            self._call("DeleteTags", {"ResourceArn": arn, "TagKeys": gone})
        if changed := [tag for tag in after if tag not in before]:
            self._call("AddTags", {"ResourceArn": arn, "Tags": changed})


class Workforce(SageMakerResource):
    """The Region's workforce: one only, so that a replacement deletes the old one first."""

    name = "AWS::SageMaker::Workforce"
    properties = frozenset(
        [
            "WorkforceName",
            "CognitoConfig",
            "OidcConfig",
            "SourceIpConfig",
            "WorkforceVpcConfig",
            "IpAddressType",
            "Tags",
        ]
    )
    required = frozenset({"WorkforceName"})
    create_only = ("WorkforceName", "CognitoConfig")
    delete_then_create = True

    # What UpdateWorkforce is told when a template no longer has the property.
    _CLEARED: ClassVar[dict[str, Any]] = {
        "SourceIpConfig": {"Cidrs": []},
        "WorkforceVpcConfig": {},
        "IpAddressType": "ipv4",
        "OidcConfig": None,
    }

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        name = properties["WorkforceName"]
        self._call("CreateWorkforce", with_own_tags(properties))
        try:
            return self._active(name)
        except ServiceError:
            # CloudFormation does not know it yet, so that a rollback would leave it behind.
            self._delete(name)
            raise

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        changes = {
            name: new.get(name, cleared)
            for name, cleared in self._CLEARED.items()
            if old.get(name) != new.get(name)
        }
        if changes.get("OidcConfig", ...) is None:
            raise ValueError("OidcConfig cannot be removed from a workforce; it can only change")
        if changes:
            self._call("UpdateWorkforce", {"WorkforceName": name_in(physical_id), **changes})
        self._tag(physical_id, old, new)
        return self._active(name_in(physical_id))

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the workforce and wait until it is gone."""
        self._delete(name_in(physical_id))

    def _delete(self, name: str) -> None:
        request = {"WorkforceName": name}
        if self._unless_missing("DeleteWorkforce", request) is not None:
            self._wait(
                lambda: self._unless_missing("DescribeWorkforce", request) is None,
                f"workforce {name} is still there",
                WORKFORCE_TIMEOUT,
            )

    def _active(self, name: str) -> Made:
        described: dict[str, Any] = {}

        def settled() -> bool:
            described.update(self._call("DescribeWorkforce", {"WorkforceName": name})["Workforce"])
            return described["Status"] in ("Active", "Failed")

        self._wait(settled, f"workforce {name} is not Active", WORKFORCE_TIMEOUT)
        if described["Status"] == "Failed":
            reason = described.get("FailureReason", "no reason given")
            raise ServiceError("NotStabilized", f"workforce {name} failed: {reason}")
        arn = described["WorkforceArn"]
        return Made(arn, {"WorkforceArn": arn, "SubDomain": described["SubDomain"]})


class Workteam(SageMakerResource):
    """A workteam, whose members CloudFormation names otherwise than the API."""

    name = "AWS::SageMaker::Workteam"
    properties = frozenset(
        [
            "WorkteamName",
            "WorkforceName",
            "Description",
            "MemberDefinitions",
            "NotificationConfiguration",
            "Tags",
        ]
    )
    required = frozenset({"Description", "MemberDefinitions"})
    create_only = ("WorkteamName", "WorkforceName")

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        request = with_own_tags(properties)
        request["MemberDefinitions"] = _members(properties["MemberDefinitions"])
        request.setdefault("WorkteamName", generated_name(stack_name, logical_id))
        arn = self._call("CreateWorkteam", request)["WorkteamArn"]
        return self._made(arn)

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        changes = {
            name: new.get(name, {})
            for name in ("Description", "NotificationConfiguration")
            if old.get(name) != new.get(name)
        }
        if old["MemberDefinitions"] != new["MemberDefinitions"]:
            changes["MemberDefinitions"] = _members(new["MemberDefinitions"])
        if changes:
            self._call("UpdateWorkteam", {"WorkteamName": name_in(physical_id), **changes})
        self._tag(physical_id, old, new)
        return self._made(physical_id)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the workteam."""
        answer = self._unless_missing("DeleteWorkteam", {"WorkteamName": name_in(physical_id)})
        if answer is not None and not answer["Success"]:
            raise ServiceError("NotStabilized", f"{physical_id} was not deleted")

    def _made(self, arn: str) -> Made:
        return Made(arn, {"WorkteamArn": arn, "WorkteamName": name_in(arn)})


class HumanTaskUi(SageMakerResource):
    """A human task UI: nothing but its tags ever changes."""

    name = "AWS::SageMaker::HumanTaskUi"
    properties = frozenset({"HumanTaskUiName", "UiTemplate", "Tags"})
    required = frozenset({"HumanTaskUiName"})
    create_only = ("HumanTaskUiName", "UiTemplate")

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        return self._made(self._call("CreateHumanTaskUi", with_own_tags(properties)))

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        self._tag(physical_id, old, new)
        return self._made({"HumanTaskUiArn": physical_id})

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the human task UI and wait until it is gone."""
        request = {"HumanTaskUiName": name_in(physical_id)}
        if self._unless_missing("DeleteHumanTaskUi", request) is not None:
            self._wait(
                lambda: self._unless_missing("DescribeHumanTaskUi", request) is None,
                f"{physical_id} is still there",
                TASK_UI_TIMEOUT,
            )

    def _made(self, created: dict[str, Any]) -> Made:
        arn = created["HumanTaskUiArn"]
        described = self._call("DescribeHumanTaskUi", {"HumanTaskUiName": name_in(arn)})
        made_at = datetime.fromtimestamp(described["CreationTime"], UTC).isoformat()
        return Made(arn, {"HumanTaskUiArn": arn, "CreationTime": made_at})


def name_in(arn: str) -> str:
    """The name at the end of an ARN."""
    return arn.rpartition("/")[2]


def generated_name(stack_name: str, logical_id: str) -> str:
    """A name for a resource whose template gives none, as CloudFormation makes them."""
    generated: str = _physical_name(stack_name, logical_id, max_len=63)
    return generated


def _own_tags(properties: Properties) -> list[dict[str, str]]:
    """The tags without CloudFormation's own, which no API takes from a caller."""
    return [tag for tag in properties.get("Tags", []) if not tag["Key"].startswith("aws:")]


def with_own_tags(properties: Properties) -> Properties:
    """The properties as a create request has them."""
    without = {name: value for name, value in properties.items() if name != "Tags"}
    tags = _own_tags(properties)
    return {**without, "Tags": tags} if tags else without


_COGNITO_MEMBER = {
    "CognitoUserPool": "UserPool",
    "CognitoUserGroup": "UserGroup",
    "CognitoClientId": "ClientId",
}
_OIDC_MEMBER = {"OidcGroups": "Groups"}


def _members(definitions: Iterable[Properties]) -> list[dict[str, Any]]:
    """Member definitions in the API's words."""
    return [
        {
            kind: {_api_word(kind, name): value for name, value in member.items()}
            for kind, member in definition.items()
        }
        for definition in definitions
    ]


def _api_word(kind: str, name: str) -> str:
    words = _COGNITO_MEMBER if kind == "CognitoMemberDefinition" else _OIDC_MEMBER
    if name not in words:
        raise ValueError(
            f"MemberDefinitions/{kind}: extraneous key [{name}] is not permitted, "
            f"allowed are {', '.join(words)}"
        )
    return words[name]
