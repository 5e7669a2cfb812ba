"""Starting, looking up, stopping and deleting human loops: the A2I runtime API."""

import hashlib
from typing import Any

from localcloud.a2i import human_loop, json_text
from localcloud.a2i.clock import milliseconds, moment
from localcloud.a2i.errors import (
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)
from localcloud.a2i.event import ended
from localcloud.a2i.human_loop import DELETED, STOPPED, HumanLoop
from localcloud.a2i.human_task_ui import HumanTaskUis
from localcloud.a2i.paging import PAGE, token, token_key
from localcloud.a2i.region import Region
from localcloud.a2i.store import Check, Document, JsonObject, VersionConflict

_INPUT_BYTES = 3 * 1024 * 1024
_LIFETIME_SECONDS = 864_000  # ten days


class HumanLoops:
    """The human loop operations.

    :param quota: how many loops may be in progress at once; None for any number.
    """

    def __init__(
        self, region: Region, human_task_uis: HumanTaskUis, quota: int | None = None
    ) -> None:
        self._region = region
        self._human_task_uis = human_task_uis
        self._quota = quota

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        """StartHumanLoop; doing it again with the same input changes nothing."""
        name, content = request["HumanLoopName"], request["HumanLoopInput"]["InputContent"]
        _check_input(content)
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        answer = {"HumanLoopArn": self._arn(name)}
        if existing := human_loop.read(self._region.store, name):
            _check_same(existing, digest, request["FlowDefinitionArn"])
            return answer
        flow_definition = self.active_flow_definition(request["FlowDefinitionArn"])
        if self._quota is not None and human_loop.are_active(self._region.store, self._quota):
            raise ServiceQuotaExceededException(
                f"{self._quota} human loops are in progress, and no more are allowed"
            )
        configuration = flow_definition.body["HumanLoopConfig"]
        time = self._region.time()
        lifetime = configuration.get("TaskAvailabilityLifetimeInSeconds", _LIFETIME_SECONDS)
        loop = HumanLoop(
            name=name,
            created=time,
            flow_definition=flow_definition.key,
            flow_definition_arn=request["FlowDefinitionArn"],
            template=self._template_of(flow_definition),
            input_sha256=digest,
            task_count=configuration["TaskCount"],
            expires=time + 1000 * lifetime,
        )
        # So that the flow definition is not deleted between the look at it and the loop's start.
        unchanged = Check(flow_definition.kind, flow_definition.key, flow_definition.version)
        self._region.store.write(unchanged, *human_loop.created(loop, content))
        return answer

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """DescribeHumanLoop."""
        loop = self._named(request["HumanLoopName"])
        shown = _summary(loop) | {"HumanLoopArn": self._arn(loop.name)}
        if loop.failure_code:
            shown["FailureCode"] = loop.failure_code
        if loop.output_uri:
            shown["HumanLoopOutput"] = {"OutputS3Uri": loop.output_uri}
        return shown

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListHumanLoops."""
        flow_definition = self._flow_definition(request["FlowDefinitionArn"])
        if flow_definition is None:
            raise ResourceNotFoundException(
                f"Flow definition {request['FlowDefinitionArn']} does not exist"
            )
        size = request.get("MaxResults", PAGE)
        found = human_loop.listed_places(
            self._region.store,
            flow_definition.key,
            **_bounds(flow_definition, request),
            limit=size + 1,
        )
        following = {"NextToken": token(found[size - 1].key)} if len(found) > size else {}
        loops = (
            human_loop.read(self._region.store, human_loop.name_of(place)) for place in found[:size]
        )
        return {"HumanLoopSummaries": [_summary(loop) for loop in loops if loop], **following}

    def stop(self, request: dict[str, Any]) -> dict[str, Any]:
        """StopHumanLoop: what a worker has started may still be finished."""
        loop = self._named(request["HumanLoopName"])
        if loop.status in ("Completed", "Failed"):
            raise ValidationException(
                f"Human loop {loop.name} is {loop.status}; only one in progress can be stopped"
            )
        if loop.status == "InProgress" and not loop.complete:
            loop.closing = STOPPED
            loop.status = "Stopping" if loop.started else "Stopped"
            event = [] if loop.started else [ended(self._region, loop)]
            self._region.store.write(*loop.changes(), *event)
        return {}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteHumanLoop."""
        loop = self._named(request["HumanLoopName"])
        if loop.active:
            raise ValidationException(
                f"Human loop {loop.name} is {loop.status}; stop it before deleting it"
            )
        self._region.store.write(*human_loop.removed(self._region.store, loop))
        return {}

    def close_all(self, flow_definition: str) -> bool:
        """Take a flow definition that is being deleted out of use.

        Loops that no worker has started are stopped and deleted; the others take no more workers.

        :return: whether there are loops that have not ended.
        """
        remaining = False
        for place in human_loop.active_places(self._region.store, flow_definition):
            try:
                remaining |= self._close(human_loop.name_of(place))
            except VersionConflict:
                remaining = True  # a worker was faster; there is another look at it
        return remaining

    def _close(self, name: str) -> bool:
        store = self._region.store
        loop = human_loop.read(store, name)
        if loop is None:
            return False
        if not loop.started:
            loop.status = "Stopped"
            store.write(*human_loop.removed(store, loop), ended(self._region, loop))
            return False
        if loop.closing is None:
            loop.closing = DELETED
            store.write(*loop.changes())
        return True

    def _named(self, name: str) -> HumanLoop:
        loop = human_loop.read(self._region.store, name)
        if loop is None:
            raise ResourceNotFoundException(f"Human loop {self._arn(name)} does not exist")
        return loop

    def _arn(self, name: str) -> str:
        return self._region.arn(f"human-loop/{name}")

    def _flow_definition(self, arn: str) -> Document | None:
        name = arn.rpartition("/")[2]
        if arn != self._region.arn(f"flow-definition/{name}"):
            return None
        return self._region.store.get("flow-definition", name)

    def active_flow_definition(self, arn: str) -> Document:
        """The flow definition that loops can be started with."""
        kept = self._flow_definition(arn)
        if kept is None:
            raise ValidationException(f"Flow definition {arn} does not exist")
        if kept.body["status"] != "Active":
            raise ValidationException(
                f"Flow definition {arn} is {kept.body['status']}; human loops can be started when"
                " it is Active"
            )
        return kept

    def _template_of(self, flow_definition: Document) -> str:
        """The digest of the page that loops are started with now."""
        arn = flow_definition.body["HumanLoopConfig"]["HumanTaskUiArn"]
        page = self._human_task_uis.by_arn(arn)
        if page is None:
            raise ValidationException(
                f"Human task UI {arn} of flow definition {flow_definition.key} does not exist"
            )
        digest: str = page.body["template"]
        return digest


def _check_same(existing: HumanLoop, digest: str, flow_definition_arn: str) -> None:
    """Refuse a second loop of a name, unless it is the first one asked for again."""
    same = existing.input_sha256 == digest
    if not existing.active or not same or existing.flow_definition_arn != flow_definition_arn:
        raise ConflictException(
            f"Human loop {existing.name} already exists in {existing.flow_definition_arn}, with"
            f" status {existing.status} and {'the same' if same else 'different'} input",
            status=409,
        )


def _check_input(content: str) -> None:
    size = len(content.encode("utf-8", "surrogatepass"))
    if size > _INPUT_BYTES:
        raise ValidationException(
            f"InputContent has {size} bytes; at most {_INPUT_BYTES} are allowed"
        )
    try:
        json_text.parsed(content)
    except ValueError as error:
        raise ValidationException(f"InputContent is not valid JSON: {error}") from error


def _bounds(flow_definition: Document, request: dict[str, Any]) -> dict[str, Any]:
    """A list request's filters as the bounds of a query."""
    name = flow_definition.key
    # Loops of an earlier flow definition of this name are not its own.
    first = flow_definition.body["created"]
    if "CreationTimeAfter" in request:
        first = max(first, milliseconds(request["CreationTimeAfter"]))
    last = request.get("CreationTimeBefore")
    bounds = {
        "after": human_loop.place_from(name, first),
        "before": human_loop.place_from(name, milliseconds(last)) if last else None,
        "descending": request.get("SortOrder") == "Descending",
    }
    if given := request.get("NextToken"):
        bounds["before" if bounds["descending"] else "after"] = token_key(given)
    return bounds


def _summary(loop: HumanLoop) -> JsonObject:
    return {
        "HumanLoopName": loop.name,
        "HumanLoopStatus": loop.status,
        "CreationTime": moment(loop.created),
        "FlowDefinitionArn": loop.flow_definition_arn,
        **({"FailureReason": loop.failure_reason} if loop.failure_reason else {}),
    }
