"""The handlers against the A2I engine of the local cloud, over the wire's own protocols."""

from collections.abc import Iterator

import pytest

from review_resources import propagation, provider, stack
from tests.handlers.deployed_a2i import (
    ANA,
    ENVIRONMENT,
    Chain,
    Surroundings,
    deployed_a2i,
    deployed_chain,
)
from tests.handlers.fake_aws import FakeAws
from tests.handlers.fake_cloud import ROLE


@pytest.fixture
def a2i(monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    """A2I, answering all of the handlers' clients for it."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    with deployed_a2i() as surroundings:
        yield surroundings


@pytest.fixture
def role(aws: FakeAws) -> Iterator[None]:
    """The role, as IAM knows it."""
    policy = '{"Statement": [{"Principal": {"Service": "sagemaker.amazonaws.com"}}]}'
    described = {"Arn": ROLE, "AssumeRolePolicyDocument": policy}
    aws.operations["GetRole"] = lambda _: {"Role": described}
    with aws.behind(propagation.iam):
        yield


@pytest.fixture
def destroyed(aws: FakeAws) -> Iterator[None]:
    """A stack that is destroyed."""
    described = {"StackName": "HumanReview-sentiment", "StackStatus": "DELETE_IN_PROGRESS"}
    aws.operations["DescribeStacks"] = lambda _: {"Stacks": [described]}
    with aws.behind(stack.cloudformation):
        yield


def test_flow_definition_lives_and_dies(a2i: Surroundings, destroyed: None) -> None:
    name = provider.on_event(a2i.event("Create"), None)["PhysicalResourceId"]
    created = a2i.event("Create", PhysicalResourceId=name)
    assert provider.is_complete(created, None) == {"IsComplete": False}
    a2i.later()
    progress = provider.is_complete(created, None)
    assert progress["IsComplete"]
    assert progress["Data"]["FlowDefinitionArn"].endswith(f":flow-definition/{name}")

    deleted = a2i.event("Delete", PhysicalResourceId=name)
    provider.on_event(deleted, None)
    assert provider.is_complete(deleted, None) == {"IsComplete": False}
    a2i.later()
    assert provider.is_complete(deleted, None) == {"IsComplete": True}


def test_create_again_finds_its_own(a2i: Surroundings) -> None:
    assert a2i.created() == a2i.created()


def test_tags_are_changed_in_place(a2i: Surroundings) -> None:
    name = a2i.created()
    new = {**a2i.event("Create")["ResourceProperties"], "Tags": [{"Key": "stage", "Value": "x"}]}

    event = a2i.event("Update", PhysicalResourceId=name, ResourceProperties=new)
    assert provider.on_event(event, None)["PhysicalResourceId"] == name

    arn = a2i.a2i.call("DescribeFlowDefinition", {"FlowDefinitionName": name})["FlowDefinitionArn"]
    tags = {tag["Key"] for tag in a2i.a2i.call("ListTags", {"ResourceArn": arn})["Tags"]}
    assert tags >= {"stage", "human-review:stack-id"}
    assert "team" not in tags


def test_delete_right_after_create_is_made_up_for(a2i: Surroundings, destroyed: None) -> None:
    name = provider.on_event(a2i.event("Create"), None)["PhysicalResourceId"]
    deleted = a2i.event("Delete", PhysicalResourceId=name)

    provider.on_event(deleted, None)
    assert provider.is_complete(deleted, None) == {"IsComplete": False}
    a2i.later()
    assert provider.is_complete(deleted, None) == {"IsComplete": False}
    a2i.later()
    assert provider.is_complete(deleted, None) == {"IsComplete": True}


def test_role_and_workteam_are_waited_for(
    a2i: Surroundings, role: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    a2i.cloud.roles.clear()
    monkeypatch.setattr("time.sleep", lambda _: a2i.cloud.roles.add(ROLE))

    assert a2i.created().startswith("sentiment--")


def test_mistake_is_not_waited_for(a2i: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    event = a2i.event("Create")
    event["ResourceProperties"]["OutputConfig"]["S3OutputPath"] = "s3://no-such-bucket/a2i"

    with pytest.raises(RuntimeError, match="no-such-bucket"):
        provider.on_event(event, None)
    assert not pauses


@pytest.fixture
def chain(a2i: Surroundings, aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chain]:
    """Triage and collect around a deployed flow definition."""
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)
    with deployed_chain(a2i, aws) as chain:
        yield chain


def test_answer_comes_back_as_a_label(chain: Chain) -> None:
    loop = chain.triaged()
    assert chain.triaged() == loop
    chain.submit(chain.take())

    (label,) = chain.collected()
    assert label["human_loop_name"] == loop
    assert (label["item_id"], label["input"], label["label"]) == ("review-17", "não é mau", "1")
    assert label["template_sha256"] == "ab" * 32
    assert label["answers"][0]["worker_id"] == ANA.worker_id
    assert label["answers"][0]["submitted_at"]


def test_item_that_was_answered_is_not_asked_again(a2i: Surroundings, chain: Chain) -> None:
    loop = chain.triaged()
    chain.submit(chain.take())

    assert chain.triaged() == loop
    a2i.later()
    assert not any(job.available for job in a2i.a2i.jobs(ANA))


def test_stopped_loop_comes_back_with_its_input(a2i: Surroundings, chain: Chain) -> None:
    loop = chain.triaged()
    a2i.a2i.call("StopHumanLoop", {"HumanLoopName": loop}, "sagemaker-a2i-runtime")
    a2i.later()

    (label,) = chain.collected()
    assert (label["status"], label["input"], label["answers"]) == ("Stopped", "não é mau", [])
