"""The private workforce: one in each Region, of one user pool or OIDC identity provider."""

import hashlib
from typing import Any

from localcloud.a2i import schedule
from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ConflictException, ResourceInUse, ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Change, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged
from localcloud.a2i.user_pool import check_client

_KIND = "workforce"
_KEY = "private"  # the only key: so that there cannot be two, whoever creates them at once
_CIDRS = 10


class Workforces:
    """The workforce operations."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateWorkforce."""
        if ("CognitoConfig" in request) == ("OidcConfig" in request):
            raise ValidationException(
                "Exactly one of CognitoConfig and OidcConfig must be specified"
            )
        _check_network(request)
        if existing := self.current():
            raise ValidationException(
                f"A workforce already exists in {self._region.name}: {existing.body['name']}."
                " Only one private workforce is allowed in a Region"
            )
        if cognito := request.get("CognitoConfig"):
            check_client(self._region.cloud, cognito["UserPool"], cognito["ClientId"])
        self._region.store.write(*self.created(request))
        return {"WorkforceArn": self._arn(request["WorkforceName"])}

    def created(self, request: dict[str, Any]) -> list[Change]:
        """What creating a workforce writes; the request has been checked."""
        name, time = request["WorkforceName"], self._region.time()
        body = {
            "name": name,
            "created": time,
            "updated": time,
            "status": "Initializing",
            **_configuration(request),
        }
        return [
            Put(_KIND, _KEY, body, ABSENT),
            *tagged(self._arn(name), request),
            schedule.at(self._region.soon(), "workforce-changed", name),
        ]

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeWorkforce."""
        return {"Workforce": self._shown(self.named(request["WorkforceName"]).body)}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListWorkforces."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"Workforces": [self._shown(body) for body in bodies], **following}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """UpdateWorkforce."""
        kept = self.named(request["WorkforceName"])
        if kept.body["status"] != "Active":
            raise ConflictException(
                f"Workforce {kept.body['name']} is {kept.body['status']}; it can be updated when"
                " it is Active"
            )
        _check_network(kept.body | request)
        if "OidcConfig" in request:
            self._check_identity_provider_may_change(kept)
        body = kept.body | _configuration(request, kept.body)
        body |= {"status": "Updating", "updated": self._region.time()}
        self._region.store.write(
            Put(_KIND, _KEY, body, kept.version),
            schedule.at(self._region.soon(), "workforce-changed", body["name"]),
        )
        return {"Workforce": self._shown(body)}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteWorkforce."""
        kept = self.named(request["WorkforceName"])
        if teams := self._workteams():
            raise ResourceInUse(
                f"Workforce {kept.body['name']} has work teams: {', '.join(teams)}."
                " Delete them first"
            )
        if kept.body["status"] in ("Initializing", "Updating"):
            raise ConflictException(
                f"Workforce {kept.body['name']} is {kept.body['status']}; it can be deleted when"
                " that has ended"
            )
        self._region.store.write(
            Put(_KIND, _KEY, kept.body | {"status": "Deleting"}, kept.version),
            schedule.at(self._region.soon(), "workforce-gone", kept.body["name"]),
        )
        return {}

    def changed(self, name: str) -> list[Change]:
        """The workforce is ready: after Initializing and after Updating."""
        kept = self.current()
        if kept is None or kept.body["status"] not in ("Initializing", "Updating"):
            return []
        return [Put(_KIND, _KEY, kept.body | {"status": "Active"}, kept.version)]

    def gone(self, name: str) -> list[Change]:
        """The workforce has been deleted."""
        kept = self.current()
        if kept is None or kept.body["status"] != "Deleting":
            return []
        return [Delete(_KIND, _KEY, kept.version), untagged(self._arn(name))]

    def current(self) -> Document | None:
        """The Region's workforce."""
        return self._region.store.get(_KIND, _KEY)

    def named(self, name: str) -> Document:
        """The Region's workforce, if that is its name."""
        kept = self.current()
        if kept is None or kept.body["name"] != name:
            raise ValidationException(f"No workforce found with the name {name}")
        return kept

    def _shown(self, body: JsonObject) -> JsonObject:
        """A workforce as DescribeWorkforce shows it."""
        optional = ("CognitoConfig", "OidcConfig", "WorkforceVpcConfig", "IpAddressType")
        shown = {
            "WorkforceName": body["name"],
            "WorkforceArn": self._arn(body["name"]),
            "LastUpdatedDate": moment(body["updated"]),
            "SourceIpConfig": body["SourceIpConfig"],
            "SubDomain": self._region.cloud.sub_domain(self._region.name),
            "CreateDate": moment(body["created"]),
            "Status": body["status"],
            **{name: body[name] for name in optional if body.get(name)},
        }
        if oidc := body.get("OidcConfig"):
            shown["OidcConfig"] = {k: v for k, v in oidc.items() if k != "ClientSecret"}
        return shown

    def _arn(self, name: str) -> str:
        return self._region.arn(f"workforce/{name}")

    def _workteams(self) -> list[str]:
        return [kept.key for kept in self._region.store.query("workteam")]

    def _check_identity_provider_may_change(self, kept: Document) -> None:
        if not kept.body.get("OidcConfig"):
            raise ValidationException(
                f"Workforce {kept.body['name']} uses Amazon Cognito; OidcConfig cannot be set"
            )
        if teams := self._workteams():
            raise ValidationException(
                f"OidcConfig of workforce {kept.body['name']} can be updated when it has no work"
                f" teams; it has {', '.join(teams)}"
            )


def _configuration(request: dict[str, Any], before: JsonObject | None = None) -> JsonObject:
    """The part of a request that is kept: as given, and what was there for what is not."""
    empty = {"SourceIpConfig": {"Cidrs": []}, "IpAddressType": "ipv4"}
    given: JsonObject = {
        name: request[name]
        for name in ("CognitoConfig", "OidcConfig", "SourceIpConfig", "IpAddressType")
        if name in request
    }
    if network := request.get("WorkforceVpcConfig"):
        digest = hashlib.sha256(str(network.get("VpcId")).encode()).hexdigest()
        given["WorkforceVpcConfig"] = network | {"VpcEndpointId": f"vpce-{digest[:17]}"}
    elif "WorkforceVpcConfig" in request:
        given["WorkforceVpcConfig"] = None  # an empty configuration takes the VPC away
    return (empty if before is None else {}) | given


def _check_network(request: dict[str, Any]) -> None:
    cidrs = request.get("SourceIpConfig", {}).get("Cidrs", [])
    if len(cidrs) > _CIDRS:
        raise ValidationException(
            f"SourceIpConfig has {len(cidrs)} CIDR blocks; at most {_CIDRS} are allowed"
        )
    network = request.get("WorkforceVpcConfig")
    if not network:
        return
    if missing := {"VpcId", "SecurityGroupIds", "Subnets"} - set(network):
        raise ValidationException(f"WorkforceVpcConfig lacks {', '.join(sorted(missing))}")
    if cidrs:
        raise ValidationException("SourceIpConfig is not supported for a worker portal in a VPC")
