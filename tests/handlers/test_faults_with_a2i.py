"""A flow definition's custom resource when SageMaker fails: at each call, in each way.

Whatever happens, a change is done, or failed with everything as before: nothing is left behind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from review_resources import provider
from review_resources.events import Event
from tests.handlers.deployed_a2i import (
    ENVIRONMENT,
    RECONCILER,
    Answer,
    Body,
    Chain,
    deployed_a2i,
    deployed_chain,
)
from tests.handlers.fake_aws import FakeAws

Fault = Callable[[AWSPreparedRequest, Answer], Any]
FAILURES = (RuntimeError, ClientError, BotoCoreError)


def answered(status: int, code: str) -> Fault:
    """SageMaker answers with an error, having done nothing."""

    def fault(request: AWSPreparedRequest, _answer: Answer) -> Any:
        headers = HTTPHeaders.from_dict({"x-amzn-ErrorType": code})
        body = f'{{"__type": "{code}", "message": "injected"}}'.encode()
        return AWSResponse(request.url, status, headers, Body(body))

    return fault


def reset(request: AWSPreparedRequest, _answer: Answer) -> Any:
    """The request does not arrive."""
    raise ConnectionClosedError(endpoint_url=request.url)


def unheard(request: AWSPreparedRequest, answer: Answer) -> Any:
    """SageMaker does what it is asked, and its answer is lost."""
    answer(request)
    raise ReadTimeoutError(endpoint_url=request.url)


FAULTS: dict[str, Fault] = {
    "throttled": answered(400, "ThrottlingException"),
    "500": answered(500, "InternalFailure"),
    "503": answered(503, "ServiceUnavailable"),
    "reset": reset,
    "unheard": unheard,
}


@dataclass
class Network:
    """A network that fails at one call, however often that is tried.

    :ivar calls: how many calls there were.
    """

    fault: Fault
    at: int
    calls: int = 0

    def __call__(self, request: AWSPreparedRequest, answer: Answer) -> Any:
        if "attempt=1" in str(request.headers["amz-sdk-request"]):
            self.calls += 1
        return (self.fault if self.calls == self.at else lambda it, do: do(it))(request, answer)


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch, aws: FakeAws) -> Iterator[Chain]:
    """A workflow that is deployed, with a review that waits."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)
    with deployed_a2i() as a2i, deployed_chain(a2i, aws) as chain:
        chain.triaged()
        yield chain


def flow_definitions(chain: Chain) -> dict[str, bool]:
    """What there is, and whether it is retired."""
    a2i, found = chain.a2i.a2i, {}
    for summary in a2i.call("ListFlowDefinitions", {})["FlowDefinitionSummaries"]:
        tags = a2i.call("ListTags", {"ResourceArn": summary["FlowDefinitionArn"]})["Tags"]
        is_retired = any(tag["Key"] == "human-review:retired-at" for tag in tags)
        found[summary["FlowDefinitionName"]] = is_retired
    return found


class CloudFormation:
    """What CloudFormation does of a change to the one resource.

    :param network: what is between the resource and SageMaker until the change has failed.
    :param remembers: whether it knows the physical id of an update that has failed.
    """

    def __init__(self, chain: Chain, network: Fault, remembers: bool = True) -> None:
        self.chain, self.network, self.remembers = chain, network, remembers
        self.is_faulty = True

    def sent(self, request_type: str, status: str, **changes: Any) -> tuple[str | None, bool]:
        """Send an event and wait; the physical id that is known then, and whether it worked."""
        a2i, self.chain.stack = self.chain.a2i, status
        event = a2i.event(request_type, **changes)
        physical_id = event.get("PhysicalResourceId")
        a2i.network = self.network if self.is_faulty else (lambda request, do: do(request))
        try:
            event = cast(Event, {**event, **provider.on_event(event, None)})
            physical_id = event["PhysicalResourceId"]
            for _ in range(20):
                if provider.is_complete(event, None)["IsComplete"]:
                    return physical_id, True
                a2i.later()
        except FAILURES:
            pass
        finally:
            a2i.network = lambda request, do: do(request)
        return physical_id, False

    def create(self, properties: dict[str, Any]) -> bool:
        """Create the resource; take it away when that fails."""
        name, is_done = self.sent("Create", "CREATE_IN_PROGRESS", ResourceProperties=properties)
        if not is_done:
            self.is_faulty = False
            # After an error without an id there is nothing that it could delete.
            if name is not None:
                assert self.delete(name, properties, "ROLLBACK_IN_PROGRESS")
        return is_done

    def update(self, name: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
        """Update the resource; go back when that fails."""
        both = {"ResourceProperties": new, "OldResourceProperties": old}
        current, is_done = self.sent(
            "Update", "UPDATE_IN_PROGRESS", PhysicalResourceId=name, **both
        )
        assert current is not None
        if is_done:
            return self.delete(name, old, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self.is_faulty = False
        current = current if self.remembers else name
        back = {"ResourceProperties": old, "OldResourceProperties": new}
        restored, is_back = self.sent(
            "Update", "UPDATE_ROLLBACK_IN_PROGRESS", PhysicalResourceId=current, **back
        )
        assert (restored, is_back) == (name, True)
        if current != name:
            cleanup = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
            assert self.delete(current, new, cleanup)
        return False

    def delete(self, name: str, properties: dict[str, Any], status: str) -> bool:
        """Delete the resource."""
        event = {"PhysicalResourceId": name, "ResourceProperties": properties}
        return self.sent("Delete", status, **event)[1]


def version(chain: Chain, number: int) -> dict[str, Any]:
    """The properties of a version that is not deployed."""
    return {**chain.a2i.event("Create")["ResourceProperties"], "TemplateSha256": f"{number:064}"}


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("fault", FAULTS)
def test_create_is_done_or_leaves_nothing(chain: Chain, fault: str, at: int) -> None:
    before, network = flow_definitions(chain), Network(FAULTS[fault], at)

    is_done = CloudFormation(chain, network).create(version(chain, 1))

    assert len(flow_definitions(chain)) == len(before) + is_done
    assert is_done or network.calls >= at


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("remembers", [True, False], ids=["remembers", "forgets"])
def test_update_is_done_or_goes_back(chain: Chain, fault: str, at: int, remembers: bool) -> None:
    first = chain.flow_definition
    old = chain.a2i.event("Create")["ResourceProperties"]

    stack = CloudFormation(chain, Network(FAULTS[fault], at), remembers)
    is_done = stack.update(first, old, version(chain, 1))

    assert flow_definitions(chain)[first] is is_done
    assert len(flow_definitions(chain)) == 1 + is_done
    assert chain.reconciled()[first]["open"] == 1


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("fault", FAULTS)
def test_update_back_to_what_was_retired(chain: Chain, fault: str, at: int) -> None:
    first, a = chain.flow_definition, chain.a2i.event("Create")["ResourceProperties"]
    b = version(chain, 1)
    assert CloudFormation(chain, Network(FAULTS[fault], 0)).update(first, a, b)
    (second,) = flow_definitions(chain).keys() - {first}

    is_done = CloudFormation(chain, Network(FAULTS[fault], at)).update(second, b, a)

    assert flow_definitions(chain) == {first: not is_done, second: is_done}
    assert chain.reconciled()[first]["open"] == 1


@pytest.mark.parametrize("remembers", [True, False], ids=["remembers", "forgets"])
def test_update_whose_flow_definition_fails_goes_back(chain: Chain, remembers: bool) -> None:
    first, old = chain.flow_definition, chain.a2i.event("Create")["ResourceProperties"]
    page = {"HumanTaskUiName": "page-2", "UiTemplate": {"Content": "<crowd-form></crowd-form>"}}
    arn = chain.a2i.a2i.call("CreateHumanTaskUi", page)["HumanTaskUiArn"]
    new = {**old, "HumanLoopConfig": {**old["HumanLoopConfig"], "HumanTaskUiArn": arn}}

    def delete_page(request: AWSPreparedRequest, answer: Answer) -> Any:
        """Somebody deletes the page as soon as the flow definition is made."""
        answered = answer(request)
        if "CreateFlowDefinition" in str(request.headers.get("X-Amz-Target")):
            chain.a2i.a2i.call("DeleteHumanTaskUi", {"HumanTaskUiName": "page-2"})
            chain.a2i.later()
        return answered

    assert not CloudFormation(chain, delete_page, remembers).update(first, old, new)
    assert flow_definitions(chain) == {first: False}
    assert chain.reconciled()[first]["open"] == 1


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("fault", FAULTS)
def test_clean_up_retires_in_the_end(chain: Chain, fault: str, at: int) -> None:
    stack = CloudFormation(chain, Network(FAULTS[fault], at))
    properties = chain.a2i.event("Create")["ResourceProperties"]

    assert stack.delete(chain.flow_definition, properties, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    assert flow_definitions(chain) == {chain.flow_definition: True}


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("fault", FAULTS)
def test_destroy_deletes_in_the_end(chain: Chain, fault: str, at: int) -> None:
    stack = CloudFormation(chain, Network(FAULTS[fault], at))
    properties = chain.a2i.event("Create")["ResourceProperties"]
    chain.parameters["/human-review/sentiment/on-destroy"] = "stop"

    assert stack.delete(chain.flow_definition, properties, "DELETE_IN_PROGRESS")
    assert flow_definitions(chain) == {}


@pytest.mark.parametrize("at", range(1, 14))
@pytest.mark.parametrize("fault", FAULTS)
def test_guard_that_stops_ends_all_in_the_end(chain: Chain, fault: str, at: int) -> None:
    properties = chain.a2i.event("Create")["ResourceProperties"]
    stack = CloudFormation(chain, Network(FAULTS[fault], at))
    updated = CloudFormation(chain, Network(FAULTS[fault], 0)).update
    assert updated(chain.flow_definition, properties, version(chain, 1))
    (second,) = flow_definitions(chain).keys() - {chain.flow_definition}
    chain.parameters["/human-review/sentiment/on-destroy"] = "stop"
    guard = {
        "Workflow": "sentiment",
        "FlowDefinitionNamePrefix": "sentiment",
        "OnDestroyParameter": "/human-review/sentiment/on-destroy",
        "ReconcileFunctionName": RECONCILER,
    }

    event = {"PhysicalResourceId": "guard", "ResourceType": "Custom::A2IReviewGuard"}
    _, is_done = stack.sent("Delete", "DELETE_IN_PROGRESS", ResourceProperties=guard, **event)

    assert is_done
    assert flow_definitions(chain) == {second: False}
    assert [it["status"] for it in chain.collected()] == ["Stopped"]


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("fault", FAULTS)
def test_reconcile_does_at_the_next_run_what_it_could_not(
    chain: Chain, fault: str, at: int
) -> None:
    first, properties = chain.flow_definition, chain.a2i.event("Create")["ResourceProperties"]
    updated = CloudFormation(chain, Network(FAULTS[fault], 0)).update
    assert updated(first, properties, version(chain, 1))
    chain.submit(chain.take())
    chain.a2i.cloud.events.clear()
    network, healthy = Network(FAULTS[fault], at), chain.a2i.network

    for _ in range(5):
        chain.a2i.network = network
        try:
            chain.reconciled()
        except FAILURES:
            network.at = 0  # the next run's network works
        chain.a2i.network = healthy
        records = chain.collected()
        assert first in flow_definitions(chain) or len(records) == 1

    assert first not in flow_definitions(chain)
    assert len(records) == 1
