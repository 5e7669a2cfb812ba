"""How human loops go on by themselves: their page is tried, their time runs out, they end."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.a2i import human_loop, schedule
from localcloud.a2i.access import RoleAccess
from localcloud.a2i.clock import moment
from localcloud.a2i.cloud import RoleNotAssumable
from localcloud.a2i.event import ended
from localcloud.a2i.human_loop import EXPIRED, STOPPED, HumanLoop
from localcloud.a2i.human_task_ui import HumanTaskUis
from localcloud.a2i.liquid import RenderError
from localcloud.a2i.region import Region
from localcloud.a2i.request_source import camel_case
from localcloud.a2i.s3_location import Location, location
from localcloud.a2i.store import Change, JsonObject

_ATTEMPTS = 6  # at writing output.json: half a minute of a bucket that does not answer
_REASON_LENGTH = 1024


class OutputRefused(Exception):  # noqa: N818 - it says what happened
    """Amazon S3 does not let the role write, and will not the next time."""


class OutputDelayed(Exception):  # noqa: N818 - it says what happened
    """Amazon S3 could not be asked, or was not able to answer."""


class HumanLoopEndings:
    """What is done to loops when it is due."""

    def __init__(self, region: Region, access: RoleAccess, human_task_uis: HumanTaskUis) -> None:
        self._region = region
        self._access = access
        self._human_task_uis = human_task_uis

    def created(self, name: str) -> list[Change]:
        """Try the page of a new loop: workers get it when it renders."""
        loop = human_loop.read(self._region.store, name)
        if loop is None or not loop.active or loop.closing:
            return []
        task_input = json.loads(human_loop.read_input(self._region.store, name))
        template = self._human_task_uis.template(loop.template)
        role_arn = self._flow_definition(loop)["RoleArn"]
        try:
            self._human_task_uis.render(template, task_input, role_arn)
        except RenderError as error:
            reason = f"Task failed to render: [ {error.code}: '{error.message}' ]"
            return self._failed(loop, "ValidationError", reason)
        loop.rendered = True
        return loop.changes()

    def expires(self, name: str) -> list[Change]:
        """The availability lifetime is over: who has started may finish, nobody else may start."""
        loop = human_loop.read(self._region.store, name)
        if loop is None or loop.closing or not loop.active or loop.complete:
            return []
        loop.closing = EXPIRED
        return loop.changes()

    def settled(self, name: str, attempt: int) -> list[Change]:
        """End a loop that nothing more can come of."""
        loop = human_loop.read(self._region.store, name)
        if loop is None or not loop.settled:
            return []
        if loop.closing == EXPIRED and not loop.complete:
            reason = "The task availability lifetime ended before enough workers had answered"
            return self._failed(loop, "Expired", reason)
        try:
            if loop.answer_count:
                loop.output_uri = self._write_output(loop)
        except OutputRefused as error:
            return self._failed(loop, "ValidationError", str(error))
        except OutputDelayed as error:
            if attempt >= _ATTEMPTS:
                return self._failed(loop, "InternalError", str(error))
            later = self._region.time() + 1000 * 2 ** (attempt - 1)
            return [schedule.at(later, "human-loop-settled", name, attempt + 1)]
        completed = loop.complete and loop.closing != STOPPED
        loop.status = "Completed" if completed else "Stopped"
        return [*loop.changes(), ended(self._region, loop)]

    def _failed(self, loop: HumanLoop, code: str, reason: str) -> list[Change]:
        loop.status = "Failed"
        loop.failure_code = code
        loop.failure_reason = reason[:_REASON_LENGTH]
        return [*loop.changes(), ended(self._region, loop)]

    def _flow_definition(self, loop: HumanLoop) -> JsonObject:
        kept = self._region.store.get("flow-definition", loop.flow_definition)
        assert kept is not None, "a flow definition stays until its last loop has ended"
        return kept.body

    def _write_output(self, loop: HumanLoop) -> str:
        """Write output.json as the flow definition's role, and answer its URI."""
        flow_definition = self._flow_definition(loop)
        output, role_arn = flow_definition["OutputConfig"], flow_definition["RoleArn"]
        place = _output_place(output["S3OutputPath"], loop)
        uri = f"s3://{place.bucket}/{place.key}"
        try:
            self._access.put_json(role_arn, place, self._output(loop), output.get("KmsKeyId"))
        except RoleNotAssumable as error:
            raise OutputRefused(f"Could not assume role {role_arn}: {error.message}") from error
        except ClientError as error:
            problem = f"Could not write {uri}: {error}"
            if _may_pass(error):
                raise OutputDelayed(problem) from error
            raise OutputRefused(problem) from error
        except BotoCoreError as error:
            raise OutputDelayed(f"Could not write {uri}: {error}") from error
        return uri

    def _output(self, loop: HumanLoop) -> bytes:
        source = self._flow_definition(loop).get("HumanLoopRequestSource", {})
        output = {
            **camel_case(source),
            "flowDefinitionArn": loop.flow_definition_arn,
            "humanAnswers": human_loop.answers(self._region.store, loop),
            "humanLoopName": loop.name,
            "inputContent": json.loads(human_loop.read_input(self._region.store, loop.name)),
        }
        text = json.dumps(output, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        # Half a surrogate pair is no UTF-8; with a backslash it is JSON's own escape for it.
        return text.encode("utf-8", "backslashreplace")


def _output_place(output_path: str, loop: HumanLoop) -> Location:
    """Where a loop's answers go: by its flow definition, the time it was started and its name."""
    bucket, prefix = location(output_path)
    prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
    started = f"{moment(loop.created):%Y/%m/%d/%H/%M/%S}"
    return Location(bucket, f"{prefix}{loop.flow_definition}/{started}/{loop.name}/output.json")


def _may_pass(error: ClientError) -> bool:
    """Whether a refusal is one of a moment: a server's fault, or too many requests."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    return status >= 500 or status == 429 or error.response["Error"]["Code"] == "SlowDown"
