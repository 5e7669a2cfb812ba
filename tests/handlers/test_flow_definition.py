"""Custom::A2IFlowDefinition, against a SageMaker in memory: making and changing one."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from review_resources import flow_definition, flow_definition_end, propagation, provider, stack
from review_resources.events import Event
from review_resources.flow_definition_content import flow_definition_name
from review_shared import flow_definition as listed
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError
from tests.handlers.fake_sagemaker import (
    ARN,
    ROLE_ARN,
    STACK_ID,
    FakeSageMaker,
    an_event,
    properties,
    sagemaker_behind,
)

NAME = re.compile(r"[a-z0-9](-*[a-z0-9]){0,62}")


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeSageMaker]:
    """SageMaker with no flow definition yet."""
    with sagemaker_behind(
        aws,
        flow_definition.sagemaker,
        flow_definition_end.sagemaker,
        propagation.iam,
        propagation.sagemaker,
        listed.sagemaker,
        listed.sagemaker_a2i_runtime,
        stack.cloudformation,
    ) as fake:
        yield fake


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def created_name() -> str:
    return provider.on_event(an_event("Create"), None)["PhysicalResourceId"]


def test_create_makes_one_mutating_call_and_leaves_the_waiting(
    aws: FakeAws, sagemaker: FakeSageMaker
) -> None:
    name = created_name()

    assert aws.names() == ["CreateFlowDefinition"]
    assert sagemaker.statuses == {name: "Initializing"}
    assert NAME.fullmatch(name)
    assert name.startswith("sentiment--")


def test_create_sends_numbers_and_only_what_the_api_knows(
    aws: FakeAws, sagemaker: FakeSageMaker
) -> None:
    created_name()

    (given,) = aws.parameters("CreateFlowDefinition")
    assert given["HumanLoopConfig"]["TaskCount"] == 1
    assert given["HumanLoopConfig"]["TaskTimeLimitInSeconds"] == 3600
    assert "TaskAvailabilityLifetimeInSeconds" not in given["HumanLoopConfig"]
    assert given.keys() == {
        "FlowDefinitionName",
        "HumanLoopConfig",
        "OutputConfig",
        "RoleArn",
        "Tags",
    }


def test_create_passes_a_request_source_and_its_conditions_through(
    aws: FakeAws, sagemaker: FakeSageMaker
) -> None:
    built_in = {
        "HumanLoopRequestSource": {
            "AwsManagedHumanLoopRequestSource": "AWS/Textract/AnalyzeDocument/Forms/V1"
        },
        "HumanLoopActivationConfig": {
            "HumanLoopActivationConditionsConfig": {"HumanLoopActivationConditions": "{}"}
        },
    }

    flow_definition.on_event(an_event("Create", ResourceProperties=properties(**built_in)))

    (given,) = aws.parameters("CreateFlowDefinition")
    assert given.items() >= built_in.items()


def test_created_flow_definition_carries_the_users_and_its_own_tags(
    sagemaker: FakeSageMaker,
) -> None:
    name = created_name()

    assert sagemaker.tags[name] == {
        "team": "ml",
        "human-review:workflow": "sentiment",
        "human-review:template-sha256": "ab" * 32,
        "human-review:stack-id": STACK_ID,
        "human-review:logical-id": "FlowDefinition",
    }


def test_name_depends_on_content_and_stack_alone() -> None:
    def name(stack_id: str = STACK_ID, **changes: Any) -> str:
        return flow_definition_name(stack_id, properties(**changes))

    assert name() == name()
    assert name() == name(Tags=[])
    assert name() == name(ServiceToken="another", ServiceTimeout="60")
    assert name() == name(PreviousOutputPaths=["s3://former/a2i"])
    others = {
        name(STACK_ID + "c"),
        name(TemplateSha256="cd" * 32),
        name(RoleArn="arn:aws:iam::111122223333:role/another"),
        name(OutputConfig={"S3OutputPath": "s3://results/a2i", "KmsKeyId": "key"}),
        name(HumanLoopConfig={"TaskCount": 2}),
    }
    assert len(others - {name()}) == 5


@pytest.mark.parametrize("prefix", ["s", "a" * 51, "a-b" * 17])
def test_longest_name_fits(prefix: str) -> None:
    name = flow_definition_name(STACK_ID, properties(FlowDefinitionNamePrefix=prefix))

    assert len(name) == len(prefix) + 12 <= 63
    assert NAME.fullmatch(name)


def test_prefix_too_long_for_a_name_is_refused() -> None:
    too_long = properties(FlowDefinitionNamePrefix="a" * 52)

    with pytest.raises(ValueError, match="at most 51 characters, got 52: aaa"):
        flow_definition_name(STACK_ID, too_long)


def test_create_again_after_a_lost_answer_finds_its_own(sagemaker: FakeSageMaker) -> None:
    assert created_name() == created_name()

    assert len(sagemaker.statuses) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("human-review:stack-id", STACK_ID + "c"),
        ("human-review:logical-id", "Another"),
    ],
)
def test_create_does_not_take_what_is_not_its_own(
    sagemaker: FakeSageMaker, key: str, value: str
) -> None:
    sagemaker.tags[created_name()][key] = value

    with pytest.raises(RuntimeError, match="exists and is not of resource FlowDefinition of this"):
        created_name()
    assert sagemaker.mutations() == ["CreateFlowDefinition"] * 2


def test_create_does_not_take_what_has_no_tags(sagemaker: FakeSageMaker) -> None:
    sagemaker.tags[created_name()].clear()

    with pytest.raises(RuntimeError, match="exists and is not of resource FlowDefinition of this"):
        created_name()
    assert sagemaker.mutations() == ["CreateFlowDefinition"] * 2


ROLE_MISSING = (
    "Could not assume role arn:aws:iam::111122223333:role/flow-definition. Please ensure that "
    "the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role."
)
NOT_TRUSTED = (
    'The execution role ARN "arn" is invalid. Please ensure that the role exists and that its '
    'trust relationship policy allows the action "sts:AssumeRole".'
)
WORKTEAM_MISSING = "The work team team does not exist."


@pytest.mark.parametrize(
    "message", [ROLE_MISSING, NOT_TRUSTED, WORKTEAM_MISSING], ids=["role", "trust", "workteam"]
)
def test_create_waits_for_a_role_or_workteam_to_arrive(
    aws: FakeAws, sagemaker: FakeSageMaker, pauses: list[float], message: str
) -> None:
    sagemaker.workteams.add("team")
    sagemaker.roles[ROLE_ARN] = "sagemaker.amazonaws.com"
    create = aws.operations["CreateFlowDefinition"]

    def refuse_twice(given: Parameters) -> dict[str, Any]:
        if len(aws.parameters("CreateFlowDefinition")) < 3:
            raise RefusalError("ValidationException", message)
        return create(given)

    aws.operations["CreateFlowDefinition"] = refuse_twice

    assert created_name() in sagemaker.statuses
    assert pauses == [2, 4]


def test_create_waits_less_than_a_minute_in_all(
    sagemaker: FakeSageMaker, pauses: list[float]
) -> None:
    sagemaker.roles[ROLE_ARN] = "sagemaker.amazonaws.com"
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", ROLE_MISSING)

    with pytest.raises(RuntimeError, match=r"Could not assume role.*; correct what it names"):
        created_name()
    assert 30 <= sum(pauses) < 60


@pytest.mark.parametrize(
    ("roles", "mistake"),
    [
        ({}, f"there is no role {ROLE_ARN}"),
        (
            {"arn:aws:iam::111122223333:role/flow-definition": "sagemaker.amazonaws.com"},
            f"there is no role {ROLE_ARN}, but arn:aws:iam::111122223333:role/flow-definition",
        ),
        (
            {ROLE_ARN: "lambda.amazonaws.com"},
            "the role's trust policy does not name sagemaker.amazonaws.com",
        ),
    ],
    ids=["absent", "another path", "not trusted"],
)
@pytest.mark.parametrize("message", [ROLE_MISSING, NOT_TRUSTED])
def test_role_that_can_never_be_assumed_is_a_mistake(
    aws: FakeAws,
    sagemaker: FakeSageMaker,
    pauses: list[float],
    roles: dict[str, str],
    mistake: str,
    message: str,
) -> None:
    sagemaker.roles = roles
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", message)

    words = f"{re.escape(message)}: {re.escape(mistake)}; correct that and deploy again"
    with pytest.raises(RuntimeError, match=words):
        created_name()
    assert aws.names() == ["CreateFlowDefinition", "GetRole"]
    assert not pauses


def test_role_that_may_not_be_looked_at_is_waited_for(
    sagemaker: FakeSageMaker, pauses: list[float]
) -> None:
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", ROLE_MISSING)
    sagemaker.refuse("GetRole", "AccessDenied", status=403)

    with pytest.raises(RuntimeError, match="Could not assume role"):
        created_name()
    assert sum(pauses) >= 30


def test_create_gives_up_when_sagemaker_is_slow(
    monkeypatch: pytest.MonkeyPatch, sagemaker: FakeSageMaker, pauses: list[float]
) -> None:
    sagemaker.roles[ROLE_ARN] = "sagemaker.amazonaws.com"
    monkeypatch.setattr("time.monotonic", count(step=50).__next__)
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", ROLE_MISSING)

    with pytest.raises(RuntimeError, match="Could not assume role"):
        created_name()
    assert pauses == [2]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "1 validation error detected: Value at 'taskCount'"),
        ("ValidationException", "Human task UI page does not exist"),
        ("ValidationException", "The bucket of S3OutputPath does not exist: results"),
        ("AccessDeniedException", "not authorized to perform: sts:AssumeRole"),
        ("ResourceLimitExceeded", "too many"),
    ],
)
def test_create_calls_once_on_a_mistake(
    aws: FakeAws, sagemaker: FakeSageMaker, pauses: list[float], code: str, message: str
) -> None:
    sagemaker.refuse("CreateFlowDefinition", code, message)

    with pytest.raises(RuntimeError, match=re.escape(message) + ".*correct what it names"):
        created_name()
    assert aws.names() == ["CreateFlowDefinition"]
    assert not pauses


@pytest.mark.parametrize("others", [set(), {"another"}], ids=["none", "another"])
def test_workteam_that_is_not_there_is_a_mistake(
    aws: FakeAws, sagemaker: FakeSageMaker, pauses: list[float], others: set[str]
) -> None:
    sagemaker.workteams |= others
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", WORKTEAM_MISSING)

    with pytest.raises(RuntimeError, match="team does not exist"):
        created_name()
    assert aws.names() == ["CreateFlowDefinition", "DescribeWorkteam"]
    assert not pauses


def test_workteam_of_a_vendor_is_not_waited_for(
    sagemaker: FakeSageMaker, pauses: list[float]
) -> None:
    sagemaker.workteams.add("team")
    config = {**properties()["HumanLoopConfig"], "WorkteamArn": "arn:…:workteam/vendor-crowd/team"}
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", WORKTEAM_MISSING)

    with pytest.raises(RuntimeError, match="team does not exist"):
        provider.on_event(
            an_event("Create", ResourceProperties=properties(HumanLoopConfig=config)), None
        )
    assert not pauses


def test_workteam_that_cannot_be_looked_up_fails_with_that(sagemaker: FakeSageMaker) -> None:
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", WORKTEAM_MISSING)
    sagemaker.refuse("DescribeWorkteam", "AccessDeniedException", "sagemaker:DescribeWorkteam")

    with pytest.raises(RuntimeError, match="sagemaker:DescribeWorkteam"):
        created_name()


def answer_lost(sagemaker: FakeSageMaker, after: bool) -> Event:
    """Create while SageMaker does not answer; the event as ``is_complete`` gets it."""
    create = sagemaker.aws.operations["CreateFlowDefinition"]

    def no_answer(given: Parameters) -> dict[str, Any]:
        if after:
            create(given)
        raise EndpointConnectionError(endpoint_url="https://api.sagemaker")

    sagemaker.aws.operations["CreateFlowDefinition"] = no_answer
    response = provider.on_event(an_event("Create"), None)
    return cast(Event, {**an_event("Create"), **response})


def test_create_whose_answer_is_lost_goes_on_with_what_it_made(sagemaker: FakeSageMaker) -> None:
    event = answer_lost(sagemaker, after=True)
    name = event["PhysicalResourceId"]

    assert provider.is_complete(event, None) == {"IsComplete": False}
    sagemaker.statuses[name] = "Active"
    assert provider.is_complete(event, None)["IsComplete"]
    assert list(sagemaker.statuses) == [name]


def test_create_that_never_arrived_fails_with_the_reason(sagemaker: FakeSageMaker) -> None:
    event = answer_lost(sagemaker, after=False)

    with pytest.raises(RuntimeError, match=r"does not exist: Could not connect.*; deploy again"):
        provider.is_complete(event, None)


def test_create_without_an_answer_takes_nothing_of_others(sagemaker: FakeSageMaker) -> None:
    event = answer_lost(sagemaker, after=True)
    sagemaker.tags[event["PhysicalResourceId"]]["human-review:logical-id"] = "Another"

    with pytest.raises(RuntimeError, match="is not of resource FlowDefinition"):
        provider.is_complete(event, None)


@pytest.mark.parametrize(
    ("code", "status"), [("ThrottlingException", 400), ("InternalFailure", 500), ("Busy", 503)]
)
def test_what_may_pass_is_left_to_the_next_poll(
    sagemaker: FakeSageMaker, code: str, status: int
) -> None:
    event = an_event("Create", PhysicalResourceId=created_name())
    describe = sagemaker.aws.operations["DescribeFlowDefinition"]

    sagemaker.refuse("DescribeFlowDefinition", code, status=status)
    assert provider.is_complete(event, None) == {"IsComplete": False}

    sagemaker.aws.operations["DescribeFlowDefinition"] = describe
    sagemaker.statuses[event["PhysicalResourceId"]] = "Active"
    assert provider.is_complete(event, None)["IsComplete"]


def test_what_should_have_passed_is_said_before_time_is_over(sagemaker: FakeSageMaker) -> None:
    event = an_event("Create", **provider.on_event(an_event("Create"), None))
    sagemaker.refuse("DescribeFlowDefinition", "InternalFailure", "it hurts", 500)

    assert not provider.is_complete(event, None)["IsComplete"]
    event["Since"] -= 10 * 60
    with pytest.raises(ClientError, match="it hurts"):
        provider.is_complete(event, None)


def test_one_that_never_becomes_active_is_said_before_time_is_over(
    sagemaker: FakeSageMaker,
) -> None:
    event = an_event("Create", **provider.on_event(an_event("Create"), None))

    event["Since"] -= 10 * 60
    with pytest.raises(
        RuntimeError, match=r"is still Initializing after \d+ seconds; deploy again"
    ):
        provider.is_complete(event, None)


def test_what_cannot_pass_fails_at_the_first_poll(sagemaker: FakeSageMaker) -> None:
    event = an_event("Create", PhysicalResourceId=created_name())
    sagemaker.refuse("DescribeFlowDefinition", "AccessDeniedException", "not allowed")

    with pytest.raises(ClientError, match="not allowed"):
        provider.is_complete(event, None)


def test_one_that_somebody_deleted_is_not_waited_for(sagemaker: FakeSageMaker) -> None:
    with pytest.raises(RuntimeError, match=r"does not exist: somebody has deleted it; deploy"):
        provider.is_complete(an_event("Create", PhysicalResourceId="sentiment--0123456789"), None)


def test_complete_only_when_active(sagemaker: FakeSageMaker) -> None:
    name = created_name()
    event = an_event("Create", PhysicalResourceId=name)

    assert provider.is_complete(event, None) == {"IsComplete": False}
    sagemaker.statuses[name] = "Active"
    assert provider.is_complete(event, None) == {
        "IsComplete": True,
        "Data": {"FlowDefinitionArn": ARN + name, "FlowDefinitionName": name},
    }


def test_failure_names_its_reason_and_what_to_do(sagemaker: FakeSageMaker) -> None:
    name = created_name()
    sagemaker.statuses[name], sagemaker.failure_reason = "Failed", "the role cannot write"

    with pytest.raises(RuntimeError, match=f"{name} failed: the role cannot write; correct"):
        flow_definition.is_complete(an_event("Create", PhysicalResourceId=name))


def test_one_that_is_being_deleted_is_not_waited_for(sagemaker: FakeSageMaker) -> None:
    name = created_name()
    sagemaker.statuses[name] = "Deleting"

    with pytest.raises(RuntimeError, match=r"still being deleted.*deploy again"):
        flow_definition.is_complete(an_event("Update", PhysicalResourceId=name))


def update_event(name: str, old: dict[str, Any], new: dict[str, Any]) -> Event:
    return an_event(
        "Update", PhysicalResourceId=name, ResourceProperties=new, OldResourceProperties=old
    )


def test_update_of_the_content_makes_another_and_keeps_the_old(
    sagemaker: FakeSageMaker,
) -> None:
    old_name = created_name()

    response = flow_definition.on_event(
        update_event(old_name, properties(), properties(TemplateSha256="cd" * 32))
    )

    assert response["PhysicalResourceId"] != old_name
    assert sagemaker.statuses == {
        old_name: "Initializing",
        response["PhysicalResourceId"]: "Initializing",
    }


def test_rollback_of_an_update_returns_to_the_old_one(sagemaker: FakeSageMaker) -> None:
    old, new = properties(), properties(TemplateSha256="cd" * 32)
    old_name = created_name()
    new_name = flow_definition.on_event(update_event(old_name, old, new))["PhysicalResourceId"]

    response = flow_definition.on_event(update_event(new_name, new, old))

    assert response["PhysicalResourceId"] == old_name
    assert len(sagemaker.statuses) == 2


def test_update_of_tags_changes_them_in_place(aws: FakeAws, sagemaker: FakeSageMaker) -> None:
    name = created_name()
    sagemaker.tags[name]["cost-centre"] = "added by the account's own tagging"
    tags = [{"Key": "stage", "Value": "prod"}]

    response = flow_definition.on_event(update_event(name, properties(), properties(Tags=tags)))

    assert response["PhysicalResourceId"] == name
    assert aws.names().count("CreateFlowDefinition") == 1
    assert sagemaker.tags[name]["stage"] == "prod"
    assert "team" not in sagemaker.tags[name]
    assert "cost-centre" in sagemaker.tags[name]
    assert "human-review:stack-id" in sagemaker.tags[name]


def test_update_without_any_difference_changes_nothing(sagemaker: FakeSageMaker) -> None:
    name = created_name()

    provider.on_event(update_event(name, properties(), properties(ServiceTimeout="60")), None)

    assert sagemaker.mutations() == ["CreateFlowDefinition"]


def test_flow_definition_that_was_retired_is_taken_back(sagemaker: FakeSageMaker) -> None:
    a, b = properties(), properties(TemplateSha256="cd" * 32)
    a_name = created_name()
    b_name = provider.on_event(update_event(a_name, a, b), None)["PhysicalResourceId"]
    sagemaker.tags[a_name] |= {
        "human-review:retired-at": "2026-11-21T10:00:00+00:00",
        "human-review:retired-because": "replaced by an update",
        "cost-centre": "added by the account's own tagging",
    }
    before = len(sagemaker.mutations())

    response = provider.on_event(update_event(b_name, b, a), None)

    assert response["PhysicalResourceId"] == a_name
    assert sagemaker.mutations()[before:] == ["DeleteTags"]
    assert not any("retired" in key for key in sagemaker.tags[a_name])
    assert "cost-centre" in sagemaker.tags[a_name]


def test_rollback_needs_nothing_that_making_one_does(sagemaker: FakeSageMaker) -> None:
    a, b = properties(), properties(TemplateSha256="cd" * 32)
    a_name = created_name()
    b_name = provider.on_event(update_event(a_name, a, b), None)["PhysicalResourceId"]
    sagemaker.refuse("CreateFlowDefinition", "ValidationException", ROLE_MISSING)

    response = provider.on_event(update_event(b_name, b, a), None)

    assert response["PhysicalResourceId"] == a_name


def test_update_makes_again_what_somebody_deleted(sagemaker: FakeSageMaker) -> None:
    name = created_name()
    sagemaker.statuses.clear()
    tagged = properties(Tags=[{"Key": "stage", "Value": "test"}])

    response = provider.on_event(update_event(name, properties(), tagged), None)

    assert response["PhysicalResourceId"] == name
    assert sagemaker.statuses == {name: "Initializing"}
    assert sagemaker.tags[name]["stage"] == "test"


def test_one_taken_back_gets_the_new_tags(sagemaker: FakeSageMaker) -> None:
    a_name = created_name()
    b = properties(TemplateSha256="cd" * 32, Tags=[{"Key": "stage", "Value": "test"}])
    b_name = provider.on_event(update_event(a_name, properties(), b), None)["PhysicalResourceId"]
    again = properties(Tags=[{"Key": "team", "Value": "support"}])

    provider.on_event(update_event(b_name, b, again), None)

    assert sagemaker.tags[a_name]["team"] == "support"


def failed_update(sagemaker: FakeSageMaker) -> tuple[str, str, Event]:
    """An update that made another, failed, and is rolled back: both names, the last event."""
    old, new = properties(), properties(TemplateSha256="cd" * 32)
    old_name = created_name()
    new_name = provider.on_event(update_event(old_name, old, new), None)["PhysicalResourceId"]
    sagemaker.statuses |= {old_name: "Active", new_name: "Failed"}
    event = update_event(old_name, new, old)
    return old_name, new_name, cast(Event, {**event, **provider.on_event(event, None)})


def test_rollback_of_a_failed_update_leaves_no_orphan(sagemaker: FakeSageMaker) -> None:
    old_name, new_name, event = failed_update(sagemaker)

    assert event["PhysicalResourceId"] == old_name
    assert provider.is_complete(event, None) == {"IsComplete": False}
    assert sagemaker.statuses == {old_name: "Active", new_name: "Deleting"}
    del sagemaker.statuses[new_name]
    assert provider.is_complete(event, None)["IsComplete"]
    assert not any("retired" in key for key in sagemaker.tags[old_name])


def test_rollback_retires_what_was_used_already(sagemaker: FakeSageMaker) -> None:
    _, new_name, event = failed_update(sagemaker)
    sagemaker.statuses[new_name] = "Active"
    sagemaker.loop("loop", of=new_name, status="Completed")

    assert provider.is_complete(event, None)["IsComplete"]
    assert sagemaker.statuses[new_name] == "Active"
    assert sagemaker.tags[new_name]["human-review:retired-because"] == "a failed update was undone"


def test_rollback_leaves_what_is_not_its_own(sagemaker: FakeSageMaker) -> None:
    _, new_name, event = failed_update(sagemaker)
    sagemaker.tags[new_name]["human-review:stack-id"] = "another"

    assert provider.is_complete(event, None)["IsComplete"]
    assert sagemaker.statuses[new_name] == "Failed"


def test_update_that_works_lets_nothing_go(sagemaker: FakeSageMaker) -> None:
    old_name = created_name()
    event = update_event(old_name, properties(), properties(TemplateSha256="cd" * 32))
    response = provider.on_event(event, None)
    sagemaker.statuses = dict.fromkeys(sagemaker.statuses, "Active")

    assert provider.is_complete(cast(Event, {**event, **response}), None)["IsComplete"]
    assert set(sagemaker.statuses.values()) == {"Active"}


BEFORE = {"S3OutputPath": "s3://former/a2i"}


def moved(sagemaker: FakeSageMaker, previous: list[str] | None = None) -> Event:
    """An update to another bucket, beside an open and an answered review of the old one."""
    old = properties(OutputConfig=BEFORE)
    more = {} if previous is None else {"PreviousOutputPaths": previous}
    event = an_event("Create", ResourceProperties=old)
    name = provider.on_event(event, None)["PhysicalResourceId"]
    sagemaker.loop("open", of=name)
    sagemaker.loop("answered", of=name, status="Completed")
    return update_event(name, old, properties(**more))


def test_update_is_refused_that_open_reviews_could_not_write_after(
    sagemaker: FakeSageMaker,
) -> None:
    event = moved(sagemaker)

    with pytest.raises(
        RuntimeError, match=r"^open reviews that write to s3://former/a2i: 1\. .*previous_outputs"
    ):
        provider.on_event(event, None)
    assert sagemaker.mutations() == ["CreateFlowDefinition"]


def test_update_is_refused_that_forgets_a_place_too_early(sagemaker: FakeSageMaker) -> None:
    event = moved(sagemaker, previous=["s3://former/a2i"])
    new = provider.on_event(event, None)["PhysicalResourceId"]
    first = event["PhysicalResourceId"]
    sagemaker.tags[first]["human-review:retired-at"] = "2026-11-21T10:00:00+00:00"
    forgetful = update_event(new, event["ResourceProperties"], properties())

    with pytest.raises(RuntimeError, match=r"^open reviews that write to s3://former/a2i: 1"):
        provider.on_event(forgetful, None)
    del sagemaker.loops["open"]
    assert provider.on_event(forgetful, None)["PhysicalResourceId"] == new


def test_undoing_an_update_is_not_refused_for_what_began_with_it(sagemaker: FakeSageMaker) -> None:
    event = moved(sagemaker)
    sagemaker.stack = "UPDATE_ROLLBACK_IN_PROGRESS"

    assert provider.on_event(event, None)["PhysicalResourceId"] in sagemaker.statuses
