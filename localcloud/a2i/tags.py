"""Tags of SageMaker's resources, by ARN."""

from typing import Any

from localcloud.a2i.errors import ResourceLimitExceeded, ResourceNotFound, ValidationException
from localcloud.a2i.region import Region
from localcloud.a2i.store import Change, Delete, Document, Put

_KIND = "tags"
_LIMIT = 50
_TAGGED = (
    "workforce",
    "workteam",
    "human-task-ui",
    "flow-definition",
    "model",
    "endpoint-config",
    "endpoint",
)


def tagged(arn: str, request: dict[str, Any]) -> list[Change]:
    """What a create request's Tags write."""
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
    return [Put(_KIND, arn, tags)]


def untagged(arn: str) -> Change:
    """Forget the tags of a thing that goes."""
    return Delete(_KIND, arn)


class Tags:
    """The tagging operations."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def add(self, request: dict[str, Any]) -> dict[str, Any]:
        """AddTags: new keys are added, known keys get the new value."""
        kept = self._of(request["ResourceArn"])
        tags = kept.body | {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        if len(tags) > _LIMIT:
            raise ResourceLimitExceeded(
                f"{request['ResourceArn']} would have {len(tags)} tags; {_LIMIT} are allowed"
            )
        self._region.store.put(_KIND, kept.key, tags, kept.version)
        return {"Tags": _shown(tags)}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListTags: all of them, since a page holds at least as many as there may be."""
        return {"Tags": _shown(self._of(request["ResourceArn"]).body)}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteTags: keys that are not there are no error."""
        kept = self._of(request["ResourceArn"])
        tags = {key: value for key, value in kept.body.items() if key not in request["TagKeys"]}
        self._region.store.put(_KIND, kept.key, tags, kept.version)
        return {}

    def _of(self, arn: str) -> Document:
        kind, _, name = arn.rpartition(":")[2].partition("/")
        if kind not in _TAGGED or not name:
            raise ValidationException(f"Invalid resource type: {arn}")
        kept = self._region.store.get(_KIND, arn)
        if kept is None:
            raise ResourceNotFound(f"Resource {arn} does not exist")
        return kept


def _shown(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
