"""Human task UIs: the Liquid templates of worker task pages."""

import hashlib
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.a2i import json_text, schedule
from localcloud.a2i.access import RoleAccess
from localcloud.a2i.clock import moment
from localcloud.a2i.cloud import RoleNotAssumable
from localcloud.a2i.errors import ResourceInUse, ResourceNotFound, ValidationException
from localcloud.a2i.liquid import RenderError
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Change, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged

_KIND = "human-task-ui"
_TEMPLATE = "template"  # kept by content, since loops outlive the UI they were started with

Render = Callable[[str, object, Callable[[str], str]], str]
"""Renders a template for a task's input, given what makes presigned URLs of S3 URIs."""


class HumanTaskUis:
    """The human task UI operations.

    :param render: see `Render`.
    """

    def __init__(self, region: Region, access: RoleAccess, render: Render) -> None:
        self._region = region
        self._access = access
        self._render = render

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """CreateHumanTaskUi."""
        name, content = request["HumanTaskUiName"], request["UiTemplate"]["Content"]
        if self._region.store.get(_KIND, name):
            raise ResourceInUse(f"Human task UI {name} already exists")
        sha256 = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        body = {
            "name": name,
            "created": self._region.time(),
            "status": "Active",
            "template": sha256,
        }
        arn = self._arn(name)
        self._region.store.write(
            Put(_KIND, name, body, ABSENT),
            Put(_TEMPLATE, sha256, {"content": content}),
            *tagged(arn, request),
        )
        return {"HumanTaskUiArn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeHumanTaskUi: of the template only the digest and an address."""
        body = self._named(request["HumanTaskUiName"]).body
        address = f"s3.{self._region.name}.amazonaws.com/{self._region.account}"
        return {
            "HumanTaskUiArn": self._arn(body["name"]),
            "HumanTaskUiName": body["name"],
            "HumanTaskUiStatus": body["status"],
            "CreationTime": moment(body["created"]),
            "UiTemplate": {
                "Url": f"https://sagemaker-human-task-ui-{address}/{body['template']}",
                "ContentSha256": body["template"],
            },
        }

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListHumanTaskUis."""
        bodies, following = page(self._region.store.query(_KIND), request)
        return {"HumanTaskUiSummaries": [self._summary(body) for body in bodies], **following}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteHumanTaskUi: also while flow definitions use it, which then start no more loops."""
        kept = self._named(request["HumanTaskUiName"])
        self._region.store.write(
            Put(_KIND, kept.key, kept.body | {"status": "Deleting"}, kept.version),
            schedule.at(self._region.soon(), "human-task-ui-gone", kept.key),
        )
        return {}

    def gone(self, name: str) -> list[Change]:
        """The human task UI has been deleted."""
        kept = self._region.store.get(_KIND, name)
        if kept is None or kept.body["status"] != "Deleting":
            return []
        return [Delete(_KIND, name, kept.version), untagged(self._arn(name))]

    def by_arn(self, arn: str) -> Document | None:
        """The account's human task UI with an ARN, unless it is being deleted."""
        name = arn.rpartition("/")[2]
        kept = self._region.store.get(_KIND, name) if arn == self._arn(name) else None
        return kept if kept and kept.body["status"] == "Active" else None

    def template(self, sha256: str) -> str:
        """A template's content, by its digest."""
        kept = self._region.store.get(_TEMPLATE, sha256)
        assert kept is not None, f"template {sha256} is kept for good"
        content: str = kept.body["content"]
        return content

    def render(self, template: str, task_input: object, role_arn: str) -> str:
        """A worker task page; its S3 objects are read with the role. Raises a RenderError."""
        try:
            return self._render(template, task_input, self._access.reader(role_arn))
        except RoleNotAssumable as error:
            raise RenderError(f"the role {role_arn} cannot be assumed: {error.message}") from error
        except (BotoCoreError, ClientError) as error:
            raise RenderError(f"read access cannot be granted: {error}") from error

    def render_ui_template(self, request: dict[str, Any]) -> dict[str, Any]:
        """RenderUiTemplate: a page to look at before any loop is started."""
        if ("UiTemplate" in request) == ("HumanTaskUiArn" in request):
            raise ValidationException(
                "Exactly one of UiTemplate and HumanTaskUiArn must be specified"
            )
        template = self._template_to_render(request)
        try:
            task_input = json_text.parsed(request["Task"]["Input"])
        except ValueError as error:
            raise ValidationException(f"Task.Input is not valid JSON: {error}") from error
        try:
            self._access.check(request["RoleArn"])
        except RoleNotAssumable as error:
            raise ValidationException(error.message) from error
        try:
            content = self.render(template, task_input, request["RoleArn"])
        except RenderError as error:
            return {
                "RenderedContent": "",
                "Errors": [{"Code": error.code, "Message": error.message}],
            }
        return {"RenderedContent": content, "Errors": []}

    def _template_to_render(self, request: dict[str, Any]) -> str:
        if "UiTemplate" in request:
            content: str = request["UiTemplate"]["Content"]
            return content
        kept = self.by_arn(request["HumanTaskUiArn"])
        if kept is None:
            raise ResourceNotFound(f"Human task UI {request['HumanTaskUiArn']} does not exist")
        return self.template(kept.body["template"])

    def _named(self, name: str) -> Document:
        kept = self._region.store.get(_KIND, name)
        if kept is None:
            raise ResourceNotFound(f"Human task UI {self._arn(name)} does not exist")
        return kept

    def _summary(self, body: JsonObject) -> JsonObject:
        return {
            "HumanTaskUiName": body["name"],
            "HumanTaskUiArn": self._arn(body["name"]),
            "CreationTime": moment(body["created"]),
        }

    def _arn(self, name: str) -> str:
        return self._region.arn(f"human-task-ui/{name}")
