"""Workteams: the groups of people that human loops are shown to."""

from typing import Any

from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ResourceInUse, ResourceLimitExceeded, ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Change, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.a2i.user_pool import check_client, check_group
from localcloud.a2i.workforce import Workforces

_KIND = "workteam"
_LIMIT = 25
_CONFIGURATION = (
    "Description",
    "MemberDefinitions",
    "NotificationConfiguration",
    "WorkerAccessConfiguration",
)


class Workteams:
    """The workteam operations."""

    def __init__(self, region: Region, workforces: Workforces) -> None:
        self._region = region
        self._workforces = workforces

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateWorkteam; the Region's first one may create the workforce too."""
        name = request["WorkteamName"]
        existing = {kept.key for kept in self._region.store.query(_KIND)}
        if name in existing:
            raise ResourceInUse(f"The work team {name} already exists")
        if len(existing) >= _LIMIT:
            raise ResourceLimitExceeded(
                f"The account has {len(existing)} work teams in {self._region.name};"
                f" at most {_LIMIT} are allowed"
            )
        workforce_name, workforce = self._workforce_for(request)
        time = self._region.time()
        body = {"name": name, "created": time, "updated": time, "workforce": workforce_name}
        body |= {key: request[key] for key in _CONFIGURATION if key in request}
        arn = self.arn(name)
        self._region.store.write(Put(_KIND, name, body, ABSENT), *tagged(arn, request), *workforce)
        return {"WorkteamArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeWorkteam."""
        return {"Workteam": self._shown(self._named(request["WorkteamName"]).body)}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListWorkteams."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"Workteams": [self._shown(body) for body in bodies], **following}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateWorkteam: MemberDefinitions, when given, is the whole new list."""
        kept = self._named(request["WorkteamName"])
        if members := request.get("MemberDefinitions"):
            self._check_members(members, self._workforces.named(kept.body["workforce"]).body)
        body = kept.body | {key: request[key] for key in _CONFIGURATION if key in request}
        body["updated"] = self._region.time()
        self._region.store.put(_KIND, kept.key, body, kept.version)
        return {"Workteam": self._shown(body)}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteWorkteam: not while a flow definition sends it work."""
        kept = self._named(request["WorkteamName"])
        arn = self.arn(kept.key)
        for flow_definition in self._region.store.query("flow-definition"):
            if flow_definition.body["HumanLoopConfig"]["WorkteamArn"] == arn:
                return {"Success": False}
        self._region.store.write(Delete(_KIND, kept.key, kept.version), untagged(arn))
        return {"Success": True}

    def by_arn(self, arn: str) -> Document | None:
        """The account's own workteam with an ARN."""
        name = arn.rpartition("/")[2]
        return self._region.store.get(_KIND, name) if arn == self.arn(name) else None

    def arn(self, name: str) -> str:
        """The ARN of a private workteam."""
        return self._region.arn(f"workteam/private-crowd/{name}")

    def _named(self, name: str) -> Document:
        kept = self._region.store.get(_KIND, name)
        if kept is None:
            raise ValidationException(f"The work team {self.arn(name)} does not exist")
        return kept

    def _shown(self, body: JsonObject) -> JsonObject:
        return {
            "WorkteamName": body["name"],
            "WorkteamArn": self.arn(body["name"]),
            "WorkforceArn": self._region.arn(f"workforce/{body['workforce']}"),
            "SubDomain": self._region.cloud.sub_domain(self._region.name),
            "CreateDate": moment(body["created"]),
            "LastUpdatedDate": moment(body["updated"]),
            **{key: body[key] for key in _CONFIGURATION if key in body},
        }

    def _workforce_for(self, request: dict[str, Any]) -> tuple[str, list[Change]]:
        """The name of the workforce a new team joins, and what that takes in the store."""
        members, named = request["MemberDefinitions"], request.get("WorkforceName")
        kept = self._workforces.named(named) if named else self._workforces.current()
        if kept is None:
            return "default", self._first_workforce(members)
        if kept.body["status"] not in ("Active", "Updating"):
            raise ValidationException(
                f"Workforce {kept.body['name']} is {kept.body['status']}, not Active"
            )
        self._check_members(members, kept.body)
        # Written as it is, so that the workforce is not deleted between this look at it and the
        # team's creation, nor by a deletion that has looked for teams before.
        return kept.body["name"], [Put(kept.kind, kept.key, kept.body, kept.version)]

    def _first_workforce(self, members: list[dict[str, Any]]) -> list[Change]:
        """A workforce named ``default`` of the user pool that the first team's members are in."""
        cognito = members[0].get("CognitoMemberDefinition")
        if cognito is None:
            raise ValidationException("No workforce found; one with OidcConfig has to be created")
        configuration = {"UserPool": cognito["UserPool"], "ClientId": cognito["ClientId"]}
        check_client(self._region.cloud, configuration["UserPool"], configuration["ClientId"])
        self._check_members(members, {"CognitoConfig": configuration})
        return self._workforces.created(
            {"WorkforceName": "default", "CognitoConfig": configuration}
        )

    def _check_members(self, members: list[dict[str, Any]], workforce: JsonObject) -> None:
        for member in members:
            if len(member) != 1:
                raise ValidationException(
                    "A member definition must have exactly one of CognitoMemberDefinition and"
                    " OidcMemberDefinition"
                )
            if "CognitoMemberDefinition" in member:
                self._check_cognito_member(member["CognitoMemberDefinition"], workforce)
            elif not workforce.get("OidcConfig"):
                raise ValidationException(
                    "An OidcMemberDefinition needs a workforce with OidcConfig"
                )
            elif not member["OidcMemberDefinition"].get("Groups"):
                raise ValidationException("An OidcMemberDefinition must have Groups")

    def _check_cognito_member(self, member: dict[str, str], workforce: JsonObject) -> None:
        cognito = workforce.get("CognitoConfig")
        if cognito is None:
            raise ValidationException(
                "A CognitoMemberDefinition needs a workforce with CognitoConfig"
            )
        for key in ("UserPool", "ClientId"):
            if member[key] != cognito[key]:
                raise ValidationException(
                    f"All members of a work team must have the workforce's {key}, {cognito[key]};"
                    f" got {member[key]}"
                )
        check_group(self._region.cloud, member["UserPool"], member["UserGroup"])
