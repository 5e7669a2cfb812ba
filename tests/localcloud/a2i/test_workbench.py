"""The worker's side of human loops."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Task, TaskGone, Worker
from tests.localcloud.a2i.fake_cloud import CLIENT, REGION, USER_POOL, Clock, Later
from tests.localcloud.a2i.human_loops import HumanLoops

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient


@contextmanager
def gone(reason: str) -> Iterator[None]:
    """What a worker tries on a task that is theirs no longer, and why it is not."""
    with pytest.raises(TaskGone) as refused:
        yield
    assert refused.value.reason == reason


def names(*tasks: Task | None) -> list[str | None]:
    return [task.human_loop_name if task else None for task in tasks]


def test_a_worker_has_a_pseudonym_of_their_own(ana: Worker, ben: Worker) -> None:
    assert len(ana.worker_id) == 16
    assert ana.worker_id != ben.worker_id
    assert Worker(ana.sub, ana.issuer, "renamed").worker_id == ana.worker_id


def test_a_job_says_what_there_is_to_do(
    a2i: A2I, ana: Worker, create_flow_definition: Callable[..., str], loops: HumanLoops
) -> None:
    arn = create_flow_definition(TaskKeywords=["reviews"], TaskTimeLimitInSeconds=600)
    loops.start(arn, "one")
    loops.start(arn, "two")

    [job] = a2i.jobs(ana)
    assert job.flow_definition_name == "sentiment"
    assert job.flow_definition_arn == arn
    assert job.title == "What is the sentiment?"
    assert job.keywords == ("reviews",)
    assert job.available == 2
    assert job.time_limit_seconds == 600


def test_a_job_without_work_is_not_shown(a2i: A2I, ana: Worker, flow_definition: str) -> None:
    assert a2i.jobs(ana) == []


def test_somebody_outside_the_group_sees_nothing(
    a2i: A2I, eve: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)

    assert a2i.jobs(eve) == []
    assert a2i.take(eve, "sentiment") is None


def test_a_group_of_that_name_in_another_pool_is_another_group(
    a2i: A2I, flow_definition: str, loops: HumanLoops
) -> None:
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/us-west-2_Other"
    stranger = Worker("sub", issuer, "ana", frozenset({"reviewers"}))
    loops.start(flow_definition)

    assert a2i.jobs(stranger) == []
    assert a2i.take(stranger, "sentiment") is None


def test_a_job_that_is_not_there_has_no_task(a2i: A2I, ana: Worker) -> None:
    assert a2i.take(ana, "missing") is None


def test_a_task_is_what_the_page_needs(
    a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops, clock: Clock
) -> None:
    loops.start(flow_definition, text="I <3 it")

    task = loops.take(ana)

    assert task.human_loop_name == "loop"
    assert task.flow_definition_name == "sentiment"
    assert task.input == {"text": "I <3 it"}
    assert task.title == "What is the sentiment?"
    assert task.accepted_at == clock.time
    assert (task.deadline - task.accepted_at).total_seconds() == 3600
    assert a2i.render(task) == "<p>I &lt;3 it</p>"
    assert a2i.open_task(ana, task.task_id) == task


def test_the_oldest_loop_comes_first_and_the_open_task_before_it(
    a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops, clock: Clock
) -> None:
    for name in ("b-first", "a-second"):
        loops.start(flow_definition, name)
        clock.forward(1)

    first = loops.take(ana)
    assert names(first, loops.take(ana)) == ["b-first", "b-first"]
    a2i.submit(ana, first.task_id, {})
    assert names(loops.take(ana)) == ["a-second"]


def test_a_loop_that_was_not_tried_yet_is_not_shown(
    a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start_with(flow_definition, "{}")

    assert a2i.jobs(ana) == []
    assert a2i.take(ana, "sentiment") is None


def test_a_loop_goes_to_as_many_workers_as_it_wants(
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
) -> None:
    one = create_flow_definition("one", TaskCount=1)
    two = create_flow_definition("two", TaskCount=2)
    loops.start(one, "for-one")
    loops.start(two, "for-two")

    assert names(a2i.take(ana, "one"), a2i.take(ben, "one")) == ["for-one", None]
    assert names(a2i.take(ana, "two"), a2i.take(ben, "two")) == ["for-two", "for-two"]


def test_nobody_answers_a_loop_twice(
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
) -> None:
    loops.start(create_flow_definition(TaskCount=2))
    loops.answer(ana, {})

    assert a2i.take(ana, "sentiment") is None
    assert a2i.jobs(ana) == []
    assert [job.available for job in a2i.jobs(ben)] == [1]


def test_a_declined_task_is_for_somebody_else(
    a2i: A2I, ana: Worker, ben: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    a2i.decline(ana, task.task_id)

    assert a2i.take(ana, "sentiment") is None
    assert names(a2i.take(ben, "sentiment")) == ["loop"]
    with gone("declined"):
        a2i.open_task(ana, task.task_id)


def test_a_task_that_is_left_is_for_anybody(
    a2i: A2I, ana: Worker, ben: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    with gone("not yours"):
        a2i.leave(ben, task.task_id)
    a2i.leave(ana, task.task_id)

    assert [job.available for job in (*a2i.jobs(ana), *a2i.jobs(ben))] == [1, 1]
    with gone("left"):
        a2i.submit(ana, task.task_id, {})
    assert names(a2i.take(ben, "sentiment")) == ["loop"]


def test_who_signs_out_leaves_every_task(
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
) -> None:
    for name in ("one", "two"):
        loops.start(create_flow_definition(name), f"for-{name}")
        assert names(a2i.take(ana, name), a2i.take(ben, name)) == [f"for-{name}", None]

    a2i.leave_all(ana)
    a2i.leave_all(ana)

    assert names(a2i.take(ben, "one"), a2i.take(ana, "two")) == ["for-one", "for-two"]


def test_a_task_that_takes_too_long_goes_back(
    a2i: A2I,
    ana: Worker,
    ben: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(create_flow_definition(TaskTimeLimitInSeconds=30))
    task = loops.take(ana)
    later(29.9)
    assert a2i.take(ben, "sentiment") is None
    later(0.1)

    with gone("expired"):
        a2i.submit(ana, task.task_id, {})
    assert [job.available for job in a2i.jobs(ana)] == [1]
    assert names(a2i.take(ben, "sentiment")) == ["loop"]


def test_a_task_is_over_at_its_deadline_whether_it_was_noticed_or_not(
    a2i: A2I,
    ana: Worker,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    clock: Clock,
) -> None:
    loops.start(create_flow_definition(TaskTimeLimitInSeconds=30))
    task = loops.take(ana)
    clock.forward(30)

    for attempt in (a2i.open_task, a2i.decline):
        with gone("expired"):
            attempt(ana, task.task_id)
    again = loops.take(ana)
    assert again.task_id != task.task_id
    assert again.human_loop_name == "loop"


def test_a_task_is_only_its_workers(
    a2i: A2I, ana: Worker, ben: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)

    with gone("not yours"):
        a2i.submit(ben, task.task_id, {})
    with gone("unknown"):
        a2i.open_task(ana, "no-such-task")


def test_who_leaves_the_workteam_loses_the_task(
    a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.take(ana)
    left = Worker(ana.sub, ana.issuer, ana.username, frozenset())

    with gone("not yours"):
        a2i.open_task(left, task.task_id)


def test_a_task_is_answered_once(
    a2i: A2I, ana: Worker, flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition)
    task = loops.answer(ana)

    with gone("answered"):
        a2i.submit(ana, task.task_id, {"sentiment": "negative"})


def test_a_task_of_a_deleted_loop_is_unknown(
    runtime: "AugmentedAIRuntimeClient",
    a2i: A2I,
    ana: Worker,
    flow_definition: str,
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(flow_definition)
    task = loops.answer(ana, {})
    later()
    runtime.delete_human_loop(HumanLoopName="loop")

    with gone("unknown"):
        a2i.open_task(ana, task.task_id)


def test_members_by_an_oidc_provider(
    sagemaker: "SageMakerClient",
    a2i: A2I,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    sagemaker.delete_workteam(WorkteamName="team")
    sagemaker.delete_workforce(WorkforceName="reviewers")
    later()
    issuer = "https://idp.example"
    endpoints = ("Authorization", "Token", "UserInfo", "Logout")
    provider: Any = {
        "ClientId": "client",
        "ClientSecret": "secret",
        "Issuer": issuer,
        "JwksUri": issuer,
        **{f"{name}Endpoint": issuer for name in endpoints},
    }
    sagemaker.create_workforce(WorkforceName="partners", OidcConfig=provider)
    later()
    sagemaker.create_workteam(
        WorkteamName="team",
        Description="people",
        MemberDefinitions=[{"OidcMemberDefinition": {"Groups": ["raters", "experts"]}}],
    )
    loops.start(create_flow_definition())

    rater = Worker("1", issuer, "rater", frozenset({"raters"}))
    assert a2i.jobs(Worker("1", "https://other.example", "r", frozenset({"raters"}))) == []
    assert [job.available for job in a2i.jobs(rater)] == [1]


def test_many_workers_at_once_get_different_loops(
    a2i: A2I, flow_definition: str, loops: HumanLoops
) -> None:
    for number in range(12):
        loops.start(flow_definition, f"loop-{number}")
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{USER_POOL}"
    taken: list[str] = []

    def work(number: int) -> None:
        worker = Worker(str(number), issuer, CLIENT, frozenset({"reviewers"}))
        for _ in range(3):
            task = a2i.take(worker, "sentiment")
            assert task is not None
            a2i.submit(worker, task.task_id, {})
            taken.append(task.human_loop_name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(taken) == sorted(f"loop-{number}" for number in range(12))
