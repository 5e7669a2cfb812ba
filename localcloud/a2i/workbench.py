"""The worker's side of human loops: finding work, taking a task, answering it or giving it back."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

from localcloud.a2i import human_loop, schedule
from localcloud.a2i.clock import iso, moment
from localcloud.a2i.human_loop import ANSWERED, DECLINED, EXPIRED, LEFT, OPEN, TASK, HumanLoop
from localcloud.a2i.human_task_ui import HumanTaskUis
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Change, Delete, Document, JsonObject, Put
from localcloud.a2i.worker import Job, Task, TaskGone, Worker
from localcloud.a2i.workforce import Workforces
from localcloud.a2i.workteam import Workteams

_OPEN = "open-task"  # by worker and flow definition, so that a worker has one of each job at most
_BATCH = 50
_TIME_LIMIT_SECONDS = 3600


class Workbench:
    """What workers do."""

    def __init__(
        self,
        region: Region,
        workforces: Workforces,
        workteams: Workteams,
        human_task_uis: HumanTaskUis,
    ) -> None:
        self._region = region
        self._workforces = workforces
        self._workteams = workteams
        self._human_task_uis = human_task_uis

    def jobs(self, worker: Worker) -> list[Job]:
        """The work there is for a worker, by title."""
        found = [
            self._job(worker, flow_definition)
            for flow_definition in self._region.store.query("flow-definition")
            if self._is_for(flow_definition.body, worker)
        ]
        return sorted(
            (job for job in found if job.available), key=lambda job: (job.title, job.created_at)
        )

    def take(self, worker: Worker, flow_definition_name: str) -> Task | None:
        """The task of a job that the worker has open, else the oldest there is for them."""
        flow_definition = self._region.store.get("flow-definition", flow_definition_name)
        if flow_definition is None or not self._is_for(flow_definition.body, worker):
            return None
        if own := self._own(worker, flow_definition_name):
            if own.body["deadline"] > self._region.time():
                return self._task(own)
            self._region.store.write(*self.expires(own.key))
        if flow_definition.body["status"] != "Active":
            return None
        for place in self._available(worker, flow_definition_name):
            loop = human_loop.read(self._region.store, human_loop.name_of(place))
            if loop and loop.wanted and self._region.time() < loop.expires:
                return self._taken(worker, loop, flow_definition.body)
        return None

    def open_task(self, worker: Worker, task_id: str) -> Task:
        """A task the worker has open. Raises TaskGone."""
        return self._task(self._open(worker, task_id))

    def submit(self, worker: Worker, task_id: str, answer_content: dict[str, Any]) -> None:
        """Answer a task. Raises TaskGone."""
        kept = self._open(worker, task_id)
        time, accepted = self._region.time(), kept.body["accepted"]
        answer = {
            "acceptanceTime": iso(accepted),
            "answerContent": answer_content,
            "submissionTime": iso(time),
            "timeSpentInSeconds": (time - accepted) / 1000,
            "workerId": worker.worker_id,
            "workerMetadata": {"identityData": self._identity(worker)},
        }
        loop = self._loop(kept)
        self._region.store.write(
            human_loop.kept_answer(loop, task_id, answer), *_ended(kept, loop, ANSWERED)
        )

    def decline(self, worker: Worker, task_id: str) -> None:
        """Give a task back, for somebody else. Raises TaskGone."""
        kept = self._open(worker, task_id)
        self._region.store.write(*_ended(kept, self._loop(kept), DECLINED))

    def leave(self, worker: Worker, task_id: str) -> None:
        """Put a task back for anybody, this worker too. Raises TaskGone."""
        kept = self._open(worker, task_id)
        self._region.store.write(*_ended(kept, self._loop(kept), LEFT))

    def leave_all(self, worker: Worker) -> None:
        """Put back whatever the worker has open, of every job."""
        for own in self._region.store.query(_OPEN, f"{worker.worker_id}/"):
            kept = self._region.store.get(TASK, own.body["task"])
            if kept:
                self._region.store.write(*_ended(kept, self._loop(kept), LEFT))

    def expires(self, task_id: str) -> list[Change]:
        """The time limit of a task is over: somebody, the same worker too, may take its loop."""
        kept = self._region.store.get(TASK, task_id)
        if kept is None or kept.body["state"] != OPEN:
            return []
        return _ended(kept, self._loop(kept), EXPIRED)

    def _is_for(self, flow_definition: JsonObject, worker: Worker) -> bool:
        """Whether the worker is in the workteam that a flow definition sends its loops to."""
        if flow_definition["status"] not in ("Active", "Deleting"):
            return False
        workteam = self._workteams.by_arn(flow_definition["HumanLoopConfig"]["WorkteamArn"])
        if workteam is None:
            return False
        return any(
            group in worker.groups and self._issues(worker.issuer, member)
            for member in workteam.body["MemberDefinitions"]
            for group in _groups(member)
        )

    def _issues(self, issuer: str, member: JsonObject) -> bool:
        """Whether the members of a workteam sign in with an identity provider."""
        if cognito := member.get("CognitoMemberDefinition"):
            return issuer.rpartition("/")[2] == str(cognito["UserPool"])
        workforce = self._workforces.current()
        oidc = workforce.body.get("OidcConfig") if workforce else None
        return oidc is not None and issuer == str(oidc["Issuer"])

    def _identity(self, worker: Worker) -> JsonObject:
        workforce = self._workforces.current()
        oidc = workforce is not None and bool(workforce.body.get("OidcConfig"))
        return {
            "identityProviderType": "OIDC" if oidc else "Cognito",
            "issuer": worker.issuer,
            "sub": worker.sub,
        }

    def _job(self, worker: Worker, flow_definition: Document) -> Job:
        body, name = flow_definition.body, flow_definition.key
        configuration = body["HumanLoopConfig"]
        available = sum(1 for _ in self._available(worker, name)) if _active(body) else 0
        return Job(
            flow_definition_name=name,
            flow_definition_arn=self._region.arn(f"flow-definition/{name}"),
            title=configuration["TaskTitle"],
            description=configuration["TaskDescription"],
            keywords=tuple(configuration.get("TaskKeywords", ())),
            available=available + (self._own(worker, name) is not None),
            time_limit_seconds=_time_limit(configuration),
            created_at=moment(body["created"]),
        )

    def _available(self, worker: Worker, flow_definition_name: str) -> Iterator[Document]:
        """The loops that still want this worker, oldest first."""
        last: str | None = None
        while batch := human_loop.active_places(
            self._region.store, flow_definition_name, after=last, limit=_BATCH
        ):
            for place in batch:
                if place.body["wanted"] and worker.worker_id not in place.body["workers"]:
                    yield place
            last = batch[-1].key

    def _own(self, worker: Worker, flow_definition_name: str) -> Document | None:
        own = self._region.store.get(_OPEN, f"{worker.worker_id}/{flow_definition_name}")
        return self._region.store.get(TASK, own.body["task"]) if own else None

    def _open(self, worker: Worker, task_id: str) -> Document:
        kept = self._region.store.get(TASK, task_id)
        if kept is None:
            raise TaskGone("unknown")
        if kept.body["worker"] != worker.worker_id:
            raise TaskGone("not yours")
        if kept.body["state"] != OPEN:
            raise TaskGone(kept.body["state"])
        if kept.body["deadline"] <= self._region.time():
            raise TaskGone("expired")
        if not self._is_for(self._flow_definition(kept), worker):
            raise TaskGone("not yours")  # no longer in the workteam
        return kept

    def _taken(self, worker: Worker, loop: HumanLoop, flow_definition: JsonObject) -> Task:
        task_id, accepted = uuid.uuid4().hex, self._region.time()
        deadline = accepted + 1000 * _time_limit(flow_definition["HumanLoopConfig"])
        body = {
            "loop": loop.name,
            "flow_definition": loop.flow_definition,
            "worker": worker.worker_id,
            "accepted": accepted,
            "deadline": deadline,
            "state": OPEN,
        }
        loop.tasks[task_id] = {"worker": worker.worker_id, "state": OPEN}
        task = Put(TASK, task_id, body, ABSENT)
        self._region.store.write(
            task,
            Put(_OPEN, _open_key(body), {"task": task_id}, ABSENT),
            *loop.changes(),
            schedule.at(deadline, "task-expires", task_id),
        )
        return self._task(Document(TASK, task_id, 1, body))

    def _task(self, kept: Document) -> Task:
        body, flow_definition = kept.body, self._flow_definition(kept)
        configuration = flow_definition["HumanLoopConfig"]
        loop = self._loop(kept)
        return Task(
            task_id=kept.key,
            human_loop_name=loop.name,
            flow_definition_name=loop.flow_definition,
            title=configuration["TaskTitle"],
            description=configuration["TaskDescription"],
            template=self._human_task_uis.template(loop.template),
            input=json.loads(human_loop.read_input(self._region.store, loop.name)),
            role_arn=flow_definition["RoleArn"],
            accepted_at=moment(body["accepted"]),
            deadline=moment(body["deadline"]),
        )

    def _loop(self, kept: Document) -> HumanLoop:
        loop = human_loop.read(self._region.store, kept.body["loop"])
        assert loop is not None, "a loop stays while a worker has it open"
        return loop

    def _flow_definition(self, kept: Document) -> JsonObject:
        found = self._region.store.get("flow-definition", kept.body["flow_definition"])
        assert found is not None, "a flow definition stays while a worker has a loop of it open"
        return found.body


def _ended(kept: Document, loop: HumanLoop, state: str) -> list[Change]:
    """A task is open no longer, and its loop knows."""
    loop.tasks[kept.key]["state"] = state
    return [
        Put(TASK, kept.key, kept.body | {"state": state}, kept.version),
        Delete(_OPEN, _open_key(kept.body)),
        schedule.cancelled(kept.body["deadline"], "task-expires", kept.key),
        *loop.changes(),
    ]


def _open_key(task: JsonObject) -> str:
    return f"{task['worker']}/{task['flow_definition']}"


def _groups(member: JsonObject) -> list[str]:
    if cognito := member.get("CognitoMemberDefinition"):
        return [cognito["UserGroup"]]
    groups: list[str] = member["OidcMemberDefinition"]["Groups"]
    return groups


def _active(flow_definition: JsonObject) -> bool:
    return bool(flow_definition["status"] == "Active")


def _time_limit(human_loop_config: JsonObject) -> int:
    return int(human_loop_config.get("TaskTimeLimitInSeconds", _TIME_LIMIT_SECONDS))
