"""A human loop: one object that workers look at, until enough of them have answered."""

from dataclasses import asdict, dataclass, field
from typing import Any

from localcloud.a2i import schedule
from localcloud.a2i.clock import sortable
from localcloud.a2i.store import ABSENT, Change, Delete, Document, Put, Store

_KIND = "human-loop"
_LISTED = "listed-human-loop"  # by flow definition and creation time, for lists
_ACTIVE = "active-human-loop"  # the same of those that have not ended, for handing out work
_ANSWER = "answer"
TASK = "task"
_INPUT = "human-loop-input"  # kept apart: it has up to 3 MiB, and a list reads a hundred loops

STOPPED, EXPIRED, DELETED = "stopped", "expired", "flow definition deleted"
"""Why a loop that has not ended takes no more workers."""

OPEN, ANSWERED, DECLINED, LEFT = "open", "answered", "declined", "left"
"""What became of a task; also "expired"."""

_GIVEN_BACK = (LEFT, EXPIRED)


@dataclass
class HumanLoop:
    """A loop's state.

    :param created: when it was started.
    :param template: the digest of its page.
    :param input_sha256: the digest of its InputContent.
    :param task_count: how many workers have to answer.
    :param expires: when its availability lifetime is over.
    :param rendered: whether its page was tried: workers get no page that does not render.
    :param closing: why it takes no more workers, if it does not.
    :param tasks: by id, each worker's: ``{"worker": …, "state": …}``.
    """

    name: str
    created: int
    flow_definition: str
    flow_definition_arn: str
    template: str
    input_sha256: str
    task_count: int
    expires: int
    status: str = "InProgress"
    rendered: bool = False
    closing: str | None = None
    tasks: dict[str, dict[str, str]] = field(default_factory=dict)
    output_uri: str | None = None
    failure_code: str | None = None
    failure_reason: str | None = None
    version: int = ABSENT

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.status in ("InProgress", "Stopping")

    @property
    def started(self) -> bool:
        """Whether a worker has begun it, and not given it back."""
        return self._count(OPEN) + self._count(ANSWERED) > 0

    @property
    def answer_count(self) -> int:
        """How many workers have answered."""
        return self._count(ANSWERED)

    @property
    def complete(self) -> bool:
        """Whether as many workers have answered as were asked for."""
        return self.answer_count >= self.task_count

    @property
    def settled(self) -> bool:
        """Whether nothing more can come of it, so that it is time to end it."""
        return self.active and (
            self.complete or (self.closing is not None and self._count(OPEN) == 0)
        )

    @property
    def wanted(self) -> int:
        """How many more workers it takes now."""
        if self.closing or not self.rendered or not self.active:
            return 0
        return self.task_count - self._count(OPEN) - self._count(ANSWERED)

    def _count(self, state: str) -> int:
        return sum(task["state"] == state for task in self.tasks.values())

    def _workers(self) -> list[str]:
        """Who is not asked again: who left a task or ran out of time may have it another time."""
        return [task["worker"] for task in self.tasks.values() if task["state"] not in _GIVEN_BACK]

    def changes(self) -> list[Change]:
        """Write it as it is now; when it is settled, have it ended."""
        key = _place(self)
        body = asdict(self)
        del body["version"]
        changes: list[Change] = [Put(_KIND, self.name, body, self.version)]
        if self.active:
            workers = {"wanted": self.wanted, "workers": self._workers()}
            changes.append(Put(_ACTIVE, key, workers))
        else:
            changes.append(Delete(_ACTIVE, key))
            changes.append(schedule.cancelled(self.expires, "human-loop-expires", self.name))
        if self.settled:
            changes.append(schedule.at(schedule.NOW, "human-loop-settled", self.name))
        return changes


def created(loop: HumanLoop, content: str) -> list[Change]:
    """Write a new loop and what it needs, and have its page tried and its lifetime watched."""
    return [
        *loop.changes(),
        Put(_INPUT, loop.name, {"content": content}),
        Put(_LISTED, _place(loop), {}),
        schedule.at(schedule.NOW, "human-loop-created", loop.name),
        schedule.at(loop.expires, "human-loop-expires", loop.name),
    ]


def read(store: Store, name: str) -> HumanLoop | None:
    """A loop by name."""
    kept = store.get(_KIND, name)
    return HumanLoop(**kept.body, version=kept.version) if kept else None


def read_input(store: Store, name: str) -> str:
    """A loop's InputContent."""
    kept = store.get(_INPUT, name)
    assert kept is not None, f"human loop {name} has its input as long as it is kept"
    content: str = kept.body["content"]
    return content


def removed(store: Store, loop: HumanLoop) -> list[Change]:
    """Forget a loop; what it wrote to Amazon S3 stays."""
    return [
        Delete(_KIND, loop.name, loop.version),
        Delete(_INPUT, loop.name),
        Delete(_LISTED, _place(loop)),
        Delete(_ACTIVE, _place(loop)),
        schedule.cancelled(loop.expires, "human-loop-expires", loop.name),
        *(Delete(TASK, task_id) for task_id in loop.tasks),
        *(Delete(_ANSWER, kept.key) for kept in store.query(_ANSWER, f"{loop.name}/")),
    ]


def listed_places(store: Store, flow_definition: str, **bounds: Any) -> list[Document]:
    """Where a flow definition's loops are kept, by creation time.

    :param bounds: as `Store.query` takes them.
    """
    return store.query(_LISTED, f"{flow_definition}/", **bounds)


def active_places(store: Store, flow_definition: str, **bounds: Any) -> list[Document]:
    """Where a flow definition's loops are kept that have not ended, by creation time.

    Each document says how many workers its loop still ``wanted``, and which ``workers`` it is
    not for.

    :param bounds: as `Store.query` takes them.
    """
    return store.query(_ACTIVE, f"{flow_definition}/", **bounds)


def are_active(store: Store, number: int) -> bool:
    """Whether as many loops, of all flow definitions, have not ended."""
    return len(store.query(_ACTIVE, limit=number)) >= number


def name_of(place: Document) -> str:
    """The loop that is listed or active at a place."""
    return place.key.rpartition("/")[2]


def place_from(flow_definition: str, time: int) -> str:
    """Where a flow definition's loops of a time and later begin."""
    return f"{flow_definition}/{sortable(time)}"


def _place(loop: HumanLoop) -> str:
    return f"{place_from(loop.flow_definition, loop.created)}/{loop.name}"


def kept_answer(loop: HumanLoop, task_id: str, answer: dict[str, Any]) -> Put:
    """Keep a worker's answer."""
    return Put(_ANSWER, f"{loop.name}/{task_id}", answer, ABSENT)


def answers(store: Store, loop: HumanLoop) -> list[dict[str, Any]]:
    """A loop's answers in the order they were given."""
    kept = (answer.body for answer in store.query(_ANSWER, f"{loop.name}/"))
    return sorted(kept, key=lambda answer: str(answer["submissionTime"]))
