"""What becomes of reviews when a stack changes or goes, on the A2I engine of the local cloud."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest

from review_resources import provider
from review_resources.events import Event
from tests.handlers.deployed_a2i import (
    ANA,
    ENVIRONMENT,
    RECONCILER,
    Chain,
    Surroundings,
    deployed_a2i,
    deployed_chain,
)
from tests.handlers.fake_aws import FakeAws
from tests.handlers.fake_cloud import CLIENT, ROLE, USER_POOL

ON_DESTROY = "/human-review/sentiment/on-destroy"


class Clock:
    """Triage's clock, which stands still until it is told."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that triage goes by."""
    clock = Clock()
    monkeypatch.setattr("review_triage.flow_definition.time.monotonic", clock)
    return clock


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch, aws: FakeAws, clock: Clock) -> Iterator[Chain]:
    """A workflow that is deployed, with all of its functions."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)
    with deployed_a2i() as a2i, deployed_chain(a2i, aws) as chain:
        yield chain


def versions(a2i: Surroundings) -> tuple[dict[str, Any], dict[str, Any]]:
    """The properties that are deployed, and those of another version of the page."""
    a = a2i.event("Create")["ResourceProperties"]
    page = {"HumanTaskUiName": "page-2", "UiTemplate": {"Content": "<crowd-form></crowd-form>"}}
    arn = a2i.a2i.call("CreateHumanTaskUi", page)["HumanTaskUiArn"]
    config = {**a["HumanLoopConfig"], "HumanTaskUiArn": arn}
    return a, {**a, "HumanLoopConfig": config, "TemplateSha256": "cd" * 32}


def begun(chain: Chain, old: dict[str, Any], new: dict[str, Any]) -> str:
    """The first half of an update: the new flow definition is Active and pointed to."""
    chain.stack = "UPDATE_IN_PROGRESS"
    event = chain.a2i.event(
        "Update",
        PhysicalResourceId=chain.flow_definition,
        ResourceProperties=new,
        OldResourceProperties=old,
    )
    name = provider.on_event(event, None)["PhysicalResourceId"]
    assert chain.a2i.complete(event)
    chain.point_to(name)
    return name


def let_go(chain: Chain, name: str, properties: dict[str, Any], stack: str) -> bool:
    """CloudFormation's Delete of a flow definition."""
    chain.stack = stack
    event = chain.a2i.event("Delete", PhysicalResourceId=name, ResourceProperties=properties)
    return chain.a2i.complete(event)


def updated(chain: Chain, old: dict[str, Any], new: dict[str, Any]) -> str:
    """A whole update; the name of what it replaced."""
    former = chain.flow_definition
    begun(chain, old, new)
    assert let_go(chain, former, old, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    chain.stack = "UPDATE_COMPLETE"
    return former


def names(chain: Chain) -> dict[str, str]:
    """The flow definitions that there are, and what became of them."""
    return {
        summary["FlowDefinitionName"]: summary["FlowDefinitionStatus"]
        for summary in chain.a2i.a2i.call("ListFlowDefinitions", {})["FlowDefinitionSummaries"]
    }


def tags(chain: Chain, name: str) -> set[str]:
    """The keys of a flow definition's tags."""
    described = chain.a2i.a2i.call("DescribeFlowDefinition", {"FlowDefinitionName": name})
    listed = chain.a2i.a2i.call("ListTags", {"ResourceArn": described["FlowDefinitionArn"]})
    return {tag["Key"] for tag in listed["Tags"]}


def guard(chain: Chain, request_type: str = "Delete") -> Event:
    """An event of the stack's guard."""
    properties = {
        "Workflow": "sentiment",
        "FlowDefinitionNamePrefix": "sentiment",
        "OnDestroyParameter": ON_DESTROY,
        "ReconcileFunctionName": RECONCILER,
    }
    event = chain.a2i.event(request_type, ResourceType="Custom::A2IReviewGuard")
    return cast(
        Event,
        {**event, "ResourceProperties": properties, "PhysicalResourceId": "sentiment--guard"},
    )


def test_change_on_a_busy_day_loses_nothing(chain: Chain, clock: Clock) -> None:
    a, b = versions(chain.a2i)
    loops = [chain.triaged("waits"), chain.triaged("is worked on"), chain.triaged("is answered")]
    in_hand = chain.take()

    former = updated(chain, a, b)
    # CloudFormation deletes the old page: loops that were started keep it.
    chain.a2i.a2i.call("DeleteHumanTaskUi", {"HumanTaskUiName": "page"})
    chain.a2i.later()
    loops += [chain.triaged("asked by the old one's name"), chain.triaged("asked anew")]

    assert "human-review:retired-at" in tags(chain, former)
    assert chain.reconciled()[former]["open"] == 3
    chain.submit(in_hand)
    for of in (former, former, chain.flow_definition, chain.flow_definition):
        chain.submit(chain.take(of))
    assert chain.reconciled()[former]["replayed"] == 3
    records = chain.collected()
    assert Counter(it["human_loop_name"] for it in records) == Counter(loops)
    assert {it["status"] for it in records} == {"Completed"}

    assert chain.reconciled()[former]["deleted"]
    assert names(chain) == {chain.flow_definition: "Active"}
    assert set(chain.reconciled()) == {chain.flow_definition}


def test_retired_flow_definition_is_asked_for_a_minute_at_most(chain: Chain, clock: Clock) -> None:
    a, b = versions(chain.a2i)
    chain.triaged("before")
    former = updated(chain, a, b)

    clock.time += 59
    chain.triaged("within a minute")
    clock.time += 1
    chain.triaged("after a minute")

    results = chain.reconciled()
    assert (results[former]["open"], results[chain.flow_definition]["open"]) == (2, 1)


def answer(chain: Chain, flow_definition_name: str, count: int) -> None:
    """Have a reviewer answer many tasks in a moment."""
    chain.a2i.later()
    for _ in range(count):
        task = chain.a2i.a2i.take(ANA, flow_definition_name)
        assert task
        chain.a2i.a2i.submit(ANA, task.task_id, {"sentiment": {"label": "1"}})
    chain.a2i.later()


def test_hundreds_of_loops_in_flight_over_a_change(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    loops = [chain.triaged(f"item-{number}") for number in range(250)]

    former = updated(chain, a, b)
    answer(chain, former, 100)
    chain.a2i.cloud.events.clear()  # these ends are lost
    answer(chain, former, 150)

    result = chain.reconciled()[former]
    assert (result["open"], result["replayed"], result["deleted"]) == (0, 250, False)
    records = chain.collected()
    assert Counter(it["human_loop_name"] for it in records) == Counter(loops)
    before = dict(chain.buckets.objects)
    chain.collected()
    assert chain.buckets.objects == before
    assert chain.reconciled()[former]["deleted"]
    assert names(chain) == {chain.flow_definition: "Active"}


def test_there_and_back_again_takes_the_first_one_back(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    first = chain.flow_definition
    loop = chain.triaged("asked by the first")
    second = updated(chain, a, b) and chain.flow_definition
    assert updated(chain, b, a) == second

    assert chain.flow_definition == first
    assert not tags(chain, first) & {"human-review:retired-at", "human-review:retired-because"}
    assert "human-review:retired-at" in tags(chain, second)
    assert chain.reconciled()[second]["deleted"]
    chain.submit(chain.take(first))
    assert [it["human_loop_name"] for it in chain.collected()] == [loop]
    assert not chain.reconciled()[first]["deleted"]


def test_rollback_without_reviews_leaves_what_was_there(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    first = chain.flow_definition
    loop = chain.triaged()
    second = begun(chain, a, b)

    chain.point_to(first)
    assert let_go(chain, second, b, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")

    # Triage may still start reviews with it for a minute.
    assert names(chain) == {first: "Active", second: "Active"}
    assert chain.reconciled()[second]["deleted"]
    assert names(chain) == {first: "Active"}
    assert "human-review:retired-at" not in tags(chain, first)
    chain.submit(chain.take())
    assert [it["human_loop_name"] for it in chain.collected()] == [loop]


def test_rollback_keeps_reviews_that_the_failed_update_began(chain: Chain, clock: Clock) -> None:
    a, b = versions(chain.a2i)
    first, second = chain.flow_definition, begun(chain, a, b)
    loop = chain.triaged()

    chain.point_to(first)
    assert let_go(chain, second, b, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")

    assert names(chain) == {first: "Active", second: "Active"}
    chain.submit(chain.take(second))
    assert [it["human_loop_name"] for it in chain.collected()] == [loop]
    assert chain.reconciled()[second]["deleted"]
    assert names(chain) == {first: "Active"}


def test_rollback_by_an_update_of_its_own_leaves_no_orphan(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    first = chain.flow_definition
    begun(chain, a, b)
    chain.stack = "UPDATE_ROLLBACK_IN_PROGRESS"

    event = chain.a2i.event(
        "Update", PhysicalResourceId=first, ResourceProperties=a, OldResourceProperties=b
    )

    assert chain.a2i.complete(event)
    assert names(chain) == {first: "Active"}


@pytest.mark.parametrize("mistake", ["role", "workteam", "page"])
def test_update_that_is_refused_makes_nothing(chain: Chain, mistake: str) -> None:
    a, _ = versions(chain.a2i)
    loop = chain.triaged()
    config, changed = dict(a["HumanLoopConfig"]), dict(a)
    match mistake:
        case "role":
            changed["RoleArn"] = ROLE + "-of-nobody"
        case "workteam":
            config["WorkteamArn"] += "-of-nobody"
        case "page":
            config["HumanTaskUiArn"] += "-of-nobody"
    changed["HumanLoopConfig"] = config
    event = chain.a2i.event(
        "Update",
        PhysicalResourceId=chain.flow_definition,
        ResourceProperties=changed,
        OldResourceProperties=a,
    )

    with pytest.raises(RuntimeError, match=r"-of-nobody.*; correct .* and deploy again"):
        provider.on_event(event, None)
    assert names(chain) == {chain.flow_definition: "Active"}
    chain.submit(chain.take())
    assert [it["human_loop_name"] for it in chain.collected()] == [loop]


def test_destroy_is_refused_while_reviews_are_open(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    chain.triaged("one")
    former = updated(chain, a, b)
    chain.stack = "DELETE_IN_PROGRESS"

    with pytest.raises(RuntimeError, match=r"^1 review of workflow sentiment is open: nothing"):
        chain.a2i.complete(guard(chain))
    assert names(chain) == {former: "Active", chain.flow_definition: "Active"}

    chain.submit(chain.take(former))
    assert len(chain.collected()) == 1
    assert chain.a2i.complete(guard(chain))
    assert names(chain) == {chain.flow_definition: "Active"}
    assert let_go(chain, chain.flow_definition, b, "DELETE_IN_PROGRESS")
    assert names(chain) == {}


def test_destroy_that_stops_waits_for_a_reviewer(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    chain.triaged("is worked on")
    in_hand = chain.take()
    for number in range(12):
        chain.triaged(f"waits-{number}")
    updated(chain, a, b)
    chain.triaged("of the new one")
    chain.stack, chain.parameters[ON_DESTROY] = "DELETE_IN_PROGRESS", "stop"

    assert not chain.a2i.complete(guard(chain))
    chain.submit(in_hand)
    assert chain.a2i.complete(guard(chain))

    statuses = Counter(it["status"] for it in chain.collected())
    assert statuses == {"Stopped": 14}
    assert names(chain) == {chain.flow_definition: "Active"}


def test_second_destroy_after_somebody_deleted_by_hand(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    for name in (updated(chain, a, b), chain.flow_definition):
        chain.a2i.a2i.call("DeleteFlowDefinition", {"FlowDefinitionName": name})
    chain.a2i.later()
    chain.stack = "DELETE_IN_PROGRESS"

    assert chain.a2i.complete(guard(chain))
    assert let_go(chain, chain.flow_definition, b, "DELETE_IN_PROGRESS")


def test_destroy_without_a_guard_leaves_no_retired_one_behind(chain: Chain) -> None:
    a, b = versions(chain.a2i)
    former = updated(chain, a, b)
    assert names(chain) == {former: "Active", chain.flow_definition: "Active"}

    assert let_go(chain, chain.flow_definition, b, "DELETE_IN_PROGRESS")

    assert names(chain) == {}


def test_lost_end_becomes_the_same_record(chain: Chain) -> None:
    chain.triaged("is answered")
    chain.submit(chain.take())
    stopped = chain.triaged("is stopped")
    chain.a2i.a2i.call("StopHumanLoop", {"HumanLoopName": stopped}, "sagemaker-a2i-runtime")
    chain.a2i.later()
    chain.collected()
    records = {
        key: chain.buckets.objects.pop(key)
        for key in list(chain.buckets.objects)
        if key[1].startswith("labels/")
    }
    assert len(records) == 2
    chain.a2i.cloud.events.clear()

    assert chain.reconciled()[chain.flow_definition]["replayed"] == 2
    chain.collected()

    assert chain.buckets.objects.items() >= records.items()
    assert chain.reconciled()[chain.flow_definition]["replayed"] == 0


def workforce(chain: Chain, request_type: str, **changes: str) -> Event:
    """An event of the workforce's guard."""
    properties = {"WorkforceName": "people", "UserPoolId": USER_POOL, "ClientId": CLIENT}
    event = chain.a2i.event(request_type, ResourceType="Custom::A2IWorkforceGuard")
    event["ResourceProperties"] = properties | changes
    event["PhysicalResourceId"] = "people--workforce-guard"
    return event


def test_region_that_has_a_workforce_takes_no_second(chain: Chain) -> None:
    with pytest.raises(RuntimeError, match="already has the workforce people"):
        provider.on_event(workforce(chain, "Create", WorkforceName="crew"), None)


def test_workforce_is_not_replaced(chain: Chain) -> None:
    with pytest.raises(RuntimeError, match=f"user pool from {USER_POOL} to eu-west-1_other"):
        provider.on_event(workforce(chain, "Update", UserPoolId="eu-west-1_other"), None)
    provider.on_event(workforce(chain, "Update"), None)


def test_access_of_a_workteam_is_cleared(chain: Chain) -> None:
    def access(request_type: str, **constraints: str) -> dict[str, Any]:
        event = chain.a2i.event(request_type, ResourceType="Custom::A2IWorkteamAccess")
        presign = {"IamPolicyConstraints": constraints}
        event["ResourceProperties"] = {"WorkteamName": "team", "S3Presign": presign}
        event["PhysicalResourceId"] = "team"
        provider.on_event(event, None)
        described = chain.a2i.a2i.call("DescribeWorkteam", {"WorkteamName": "team"})["Workteam"]
        return cast(dict[str, Any], described["WorkerAccessConfiguration"])

    assert access("Create", SourceIp="Enabled")["S3Presign"]["IamPolicyConstraints"]
    update = access("Update", VpcSourceIp="Enabled")
    assert update == {"S3Presign": {"IamPolicyConstraints": {"VpcSourceIp": "Enabled"}}}
    assert access("Delete", VpcSourceIp="Enabled") == {}
