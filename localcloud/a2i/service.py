"""Amazon A2I in one account and Region."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from localcloud.a2i import event, liquid, schedule
from localcloud.a2i.access import RoleAccess
from localcloud.a2i.built_in_task import Analysis, BuiltInTasks
from localcloud.a2i.clock import utcnow
from localcloud.a2i.cloud import Cloud
from localcloud.a2i.errors import UnknownOperationException
from localcloud.a2i.flow_definition import FlowDefinitions
from localcloud.a2i.human_loop_ending import HumanLoopEndings
from localcloud.a2i.human_loop_operations import HumanLoops
from localcloud.a2i.human_task_ui import HumanTaskUis, Render
from localcloud.a2i.region import Region
from localcloud.a2i.shapes import checked
from localcloud.a2i.store import Change, Delete, Document, Store, VersionConflict, retried
from localcloud.a2i.tags import Tags
from localcloud.a2i.workbench import Workbench
from localcloud.a2i.worker import Job, Task, Worker
from localcloud.a2i.workforce import Workforces
from localcloud.a2i.workteam import Workteams

Operation = Callable[[dict[str, Any]], dict[str, Any]]

CONTROL_PLANE, RUNTIME = "sagemaker", "sagemaker-a2i-runtime"


class A2I:
    """The service: its APIs, and the workers' side that the portal shows.

    No call waits for another one: operations that change the same thing at once are done again.
    They may call the cloud, so a server has to run them off its event loop.

    :param now: the clock. Default: the time.
    :param delay: how many seconds a resource takes to become active or to go.
    :param render: renders a task page. Default: Liquid, as A2I has it.
    :param human_loop_quota: how many human loops may be in progress at once. Default: any number.
    """

    def __init__(
        self,
        store: Store,
        cloud: Cloud,
        account: str,
        region: str,
        now: Callable[[], datetime] = utcnow,
        *,
        delay: float = 0.3,
        render: Render = liquid.render,
        human_loop_quota: int | None = None,
    ) -> None:
        self._region = Region(store, cloud, account, region, now, max(1, round(1000 * delay)))
        access = RoleAccess(self._region)
        self._workforces = Workforces(self._region)
        self._workteams = Workteams(self._region, self._workforces)
        self._human_task_uis = HumanTaskUis(self._region, access, render)
        self._human_loops = HumanLoops(self._region, self._human_task_uis, human_loop_quota)
        self._built_in_tasks = BuiltInTasks(self._human_loops)
        self._flow_definitions = FlowDefinitions(
            self._region, access, self._workteams, self._human_task_uis, self._human_loops
        )
        self._endings = HumanLoopEndings(self._region, access, self._human_task_uis)
        self._workbench = Workbench(
            self._region, self._workforces, self._workteams, self._human_task_uis
        )
        self._operations = {
            CONTROL_PLANE: self._control_plane(),
            RUNTIME: self._runtime(),
        }
        self._advancing = threading.Lock()
        self._due_work = ThreadPoolExecutor(1, f"a2i-{region}")

    def call(
        self, operation: str, request: dict[str, Any], service: str = CONTROL_PLANE
    ) -> dict[str, Any]:
        """Do an operation of the API; timestamps in the answer are datetimes.

        Raises a ServiceException.

        :param operation: its name: ``CreateWorkforce``.
        :param service: ``sagemaker``, or ``sagemaker-a2i-runtime`` for human loops.
        """
        performed = self._operations[service].get(operation)
        if performed is None:
            raise UnknownOperationException(f"{operation} is not an operation of {service} here")
        request = checked(service, operation, request)
        return retried(lambda: performed(request))

    def activate(self, analysis: Analysis) -> dict[str, Any]:
        """The HumanLoopActivationOutput of a service's request, with the loop that it started.

        Raises a ServiceException.
        """
        return retried(lambda: self._built_in_tasks.activate(analysis))

    def advance(self) -> None:
        """Do everything that is due, and send the events that wait; to be called again and again.

        What takes its time in the service happens here and nowhere else. What fails is tried again
        the next time, and keeps nothing else from being done: then all that failed is raised.
        """
        with self._advancing:
            time, failed = self._region.time(), dict[str, BaseException]()
            while self._progress(time, failed):
                pass
            event.deliver(self._region)
        if failed:
            raise BaseExceptionGroup("work that was due failed", list(failed.values()))

    def workforce_for_portal(self) -> dict[str, Any] | None:
        """The Region's workforce as DescribeWorkforce shows it."""
        kept = self._workforces.current()
        if kept is None:
            return None
        answer = self._workforces.describe({"WorkforceName": kept.body["name"]})
        shown: dict[str, Any] = answer["Workforce"]
        return shown

    def jobs(self, worker: Worker) -> list[Job]:
        """The work there is for a worker."""
        return self._workbench.jobs(worker)

    def take(self, worker: Worker, flow_definition_name: str) -> Task | None:
        """The task of a job that the worker has open, else the oldest there is for them."""
        return retried(lambda: self._workbench.take(worker, flow_definition_name))

    def open_task(self, worker: Worker, task_id: str) -> Task:
        """A task the worker has open. Raises TaskGone."""
        return self._workbench.open_task(worker, task_id)

    def submit(self, worker: Worker, task_id: str, answer_content: dict[str, Any]) -> None:
        """Answer a task. Raises TaskGone."""
        retried(lambda: self._workbench.submit(worker, task_id, answer_content))

    def decline(self, worker: Worker, task_id: str) -> None:
        """Give a task back, for somebody else. Raises TaskGone."""
        retried(lambda: self._workbench.decline(worker, task_id))

    def leave(self, worker: Worker, task_id: str) -> None:
        """Put a task back, for anybody. Raises TaskGone."""
        retried(lambda: self._workbench.leave(worker, task_id))

    def leave_all(self, worker: Worker) -> None:
        """Put back whatever the worker has open."""
        retried(lambda: self._workbench.leave_all(worker))

    def render(self, task: Task) -> str:
        """The page of a task. Raises a RenderError."""
        return self._human_task_uis.render(task.template, task.input, task.role_arn)

    def _progress(self, time: int, failed: dict[str, BaseException]) -> bool:
        """Do each thing that is due and has not failed; whether there was one that got done."""
        done = False
        for item in schedule.due(self._region.store, time):
            if item.key in failed:
                continue
            # By a future, which keeps whatever is raised.
            work = self._due_work.submit(self._done, item)
            if error := work.exception():
                failed[item.key] = error
            else:
                done |= work.result()
        return done

    def _done(self, item: Document) -> bool:
        """Do one thing that is due; False when it has to be looked at again."""
        changes = self._changes(schedule.work(item))
        try:
            self._region.store.write(Delete(item.kind, item.key, item.version), *changes)
        except VersionConflict:
            return False
        return True

    def _changes(self, work: schedule.Work) -> list[Change]:
        due: dict[str, Callable[[str], list[Change]]] = {
            "workforce-changed": self._workforces.changed,
            "workforce-gone": self._workforces.gone,
            "human-task-ui-gone": self._human_task_uis.gone,
            "flow-definition-ready": self._flow_definitions.ready,
            "flow-definition-gone": self._flow_definitions.gone,
            "human-loop-created": self._endings.created,
            "human-loop-expires": self._endings.expires,
            "human-loop-settled": partial(self._endings.settled, attempt=work.attempt),
            "task-expires": self._workbench.expires,
        }
        return due[work.action](work.name)

    def _control_plane(self) -> dict[str, Operation]:
        return {
            "CreateWorkforce": self._workforces.create,
            "DescribeWorkforce": self._workforces.describe,
            "ListWorkforces": self._workforces.listing,
            "UpdateWorkforce": self._workforces.update,
            "DeleteWorkforce": self._workforces.delete,
            "CreateWorkteam": self._workteams.create,
            "DescribeWorkteam": self._workteams.describe,
            "ListWorkteams": self._workteams.listing,
            "UpdateWorkteam": self._workteams.update,
            "DeleteWorkteam": self._workteams.delete,
            "CreateHumanTaskUi": self._human_task_uis.create,
            "DescribeHumanTaskUi": self._human_task_uis.describe,
            "ListHumanTaskUis": self._human_task_uis.listing,
            "DeleteHumanTaskUi": self._human_task_uis.delete,
            "RenderUiTemplate": self._human_task_uis.render_ui_template,
            "CreateFlowDefinition": self._flow_definitions.create,
            "DescribeFlowDefinition": self._flow_definitions.describe,
            "ListFlowDefinitions": self._flow_definitions.listing,
            "DeleteFlowDefinition": self._flow_definitions.delete,
            **self._tagging(),
        }

    def _tagging(self) -> dict[str, Operation]:
        tags = Tags(self._region)
        return {"AddTags": tags.add, "ListTags": tags.listing, "DeleteTags": tags.delete}

    def _runtime(self) -> dict[str, Operation]:
        return {
            "StartHumanLoop": self._human_loops.start,
            "DescribeHumanLoop": self._human_loops.describe,
            "ListHumanLoops": self._human_loops.listing,
            "StopHumanLoop": self._human_loops.stop,
            "DeleteHumanLoop": self._human_loops.delete,
        }
