"""Two things at once: what one call reads, another one changes before it writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localcloud.a2i.errors import ResourceInUse, ResourceNotFound, ValidationException
from localcloud.a2i.service import A2I, RUNTIME
from localcloud.a2i.store import Change, SqliteStore
from localcloud.a2i.worker import TaskGone, Worker
from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL, Clock, advance
from tests.localcloud.a2i.human_loops import HumanLoops, loop_request


class RacingStore(SqliteStore):
    """A store in which something else happens right before the next write.

    :param meanwhile: what happens, once.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        super().__init__(path)
        self.meanwhile: Callable[[], Any] | None = None

    def write(self, *changes: Change) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        super().write(*changes)


@pytest.fixture
def store() -> RacingStore:
    return RacingStore()


def test_no_loop_is_started_in_a_flow_definition_that_goes_meanwhile(
    store: RacingStore, a2i: A2I, flow_definition: str
) -> None:
    store.meanwhile = lambda: a2i.call("DeleteFlowDefinition", {"FlowDefinitionName": "sentiment"})

    with pytest.raises(ValidationException, match="is Deleting"):
        a2i.call("StartHumanLoop", loop_request(flow_definition), RUNTIME)


def test_a_loop_that_is_started_twice_is_one_loop(
    store: RacingStore, a2i: A2I, flow_definition: str
) -> None:
    request = loop_request(flow_definition)
    store.meanwhile = lambda: a2i.call("StartHumanLoop", request, RUNTIME)

    answer = a2i.call("StartHumanLoop", request, RUNTIME)

    assert answer["HumanLoopArn"].endswith("human-loop/loop")


def test_a_loop_that_is_deleted_meanwhile_is_not_taken(
    store: RacingStore, a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops, clock: Clock
) -> None:
    loops.start(flow_definition)
    request = {"FlowDefinitionName": "sentiment"}
    store.meanwhile = lambda: a2i.call("DeleteFlowDefinition", request)

    assert a2i.take(ana, "sentiment") is None
    advance(a2i, clock)
    with pytest.raises(ResourceNotFound, match="does not exist"):
        a2i.call("DescribeFlowDefinition", request)


def test_a_double_click_on_take_is_one_task(
    store: RacingStore, a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, "one")
    loops.start(flow_definition, "two")
    first = []
    store.meanwhile = lambda: first.append(a2i.take(ana, "sentiment"))

    assert a2i.take(ana, "sentiment") == first[0]


def test_two_workers_who_want_the_same_loop_get_one_each(
    store: RacingStore, a2i: A2I, ana: Worker, ben: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, "one")
    loops.start(flow_definition, "two")
    bens = []
    store.meanwhile = lambda: bens.append(a2i.take(ben, "sentiment"))

    anas = a2i.take(ana, "sentiment")

    assert anas is not None
    assert [task.human_loop_name for task in (anas, *bens) if task] == ["two", "one"]


def test_a_double_click_on_submit_is_one_answer(
    store: RacingStore, a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    store.meanwhile = lambda: a2i.submit(ana, task.task_id, {})

    with pytest.raises(TaskGone, match="answered"):
        a2i.submit(ana, task.task_id, {})


def test_an_answer_counts_though_its_loop_is_stopped_meanwhile(
    store: RacingStore, a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops, clock: Clock
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    store.meanwhile = lambda: a2i.call("StopHumanLoop", {"HumanLoopName": "loop"}, RUNTIME)

    a2i.submit(ana, task.task_id, {})
    advance(a2i, clock)

    shown = loops.describe()
    assert shown["HumanLoopStatus"] == "Stopped"
    assert "HumanLoopOutput" in shown


def test_what_changes_while_it_is_due_is_looked_at_again(
    store: RacingStore,
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    clock: Clock,
) -> None:
    loops.start(create_flow_definition(TaskAvailabilityLifetimeInSeconds=60))
    clock.forward(59.9)
    taken = loops.take(ana)
    clock.forward(0.1)
    store.meanwhile = lambda: a2i.submit(ana, taken.task_id, {})
    a2i.advance()
    a2i.advance()

    assert loops.status() == "Completed"


def test_no_workteam_joins_a_workforce_that_goes_meanwhile(
    store: RacingStore, a2i: A2I, workforce: str, members: list[Any]
) -> None:
    request = {"WorkteamName": "team", "Description": "people", "MemberDefinitions": members}
    store.meanwhile = lambda: a2i.call("DeleteWorkforce", {"WorkforceName": workforce})

    with pytest.raises(ValidationException, match="is Deleting, not Active"):
        a2i.call("CreateWorkteam", request)


def test_no_workforce_goes_that_a_workteam_joins_meanwhile(
    store: RacingStore, a2i: A2I, workforce: str, members: list[Any]
) -> None:
    request = {"WorkteamName": "team", "Description": "people", "MemberDefinitions": members}
    store.meanwhile = lambda: a2i.call("CreateWorkteam", request)

    with pytest.raises(ResourceInUse, match="has work teams: team"):
        a2i.call("DeleteWorkforce", {"WorkforceName": workforce})


def test_two_workforces_at_once_are_one(store: RacingStore, a2i: A2I) -> None:
    def create(name: str) -> None:
        cognito = {"UserPool": USER_POOL, "ClientId": CLIENT}
        a2i.call("CreateWorkforce", {"WorkforceName": name, "CognitoConfig": cognito})

    store.meanwhile = lambda: create("faster")

    with pytest.raises(ValidationException, match="already exists in us-west-2: faster"):
        create("slower")


def test_two_human_task_uis_of_a_name_at_once_are_one(store: RacingStore, a2i: A2I) -> None:
    def create(content: str) -> None:
        request = {"HumanTaskUiName": "page", "UiTemplate": {"Content": content}}
        a2i.call("CreateHumanTaskUi", request)

    store.meanwhile = lambda: create("faster")

    with pytest.raises(ResourceInUse, match="page already exists"):
        create("slower")
