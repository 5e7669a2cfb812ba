"""Letting a flow definition go: retired, deleted or kept, by what happens to the stack."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from review_resources import flow_definition, flow_definition_end, on_destroy, provider, stack
from review_resources.events import Event
from review_resources.stack import Change
from review_shared import flow_definition as listed
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError
from tests.handlers.fake_sagemaker import ARN, STACK_ID, FakeSageMaker, an_event, sagemaker_behind

NAME = "sentiment--0123456789"
UPDATED = ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
UNDONE = [
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
]
DESTROYED = ["DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE", None]


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeSageMaker]:
    """SageMaker with one flow definition of the stack."""
    with sagemaker_behind(
        aws,
        flow_definition.sagemaker,
        flow_definition_end.sagemaker,
        flow_definition_end.ssm,
        on_destroy.ssm,
        listed.sagemaker,
        listed.sagemaker_a2i_runtime,
        stack.cloudformation,
    ) as fake:
        fake.flow_definition(NAME)
        yield fake


@pytest.fixture(autouse=True)
def settings(aws: FakeAws) -> dict[str, str]:
    """The SSM parameters; there are none yet."""
    parameters: dict[str, str] = {}

    def get(given: Parameters) -> dict[str, Any]:
        if given["Name"] not in parameters:
            raise RefusalError("ParameterNotFound")
        return {"Parameter": {"Value": parameters[given["Name"]]}}

    aws.operations["GetParameter"] = get
    return parameters


def is_let_go(**changes: object) -> bool:
    """Delete the flow definition, or go on with it; say whether that is done."""
    event = an_event("Delete", PhysicalResourceId=NAME)
    event = cast(Event, {**event, **provider.on_event(event, None), **changes})
    return provider.is_complete(event, None)["IsComplete"]


@pytest.mark.parametrize(
    ("statuses", "change"),
    [(UPDATED, Change.UPDATED), (UNDONE, Change.UNDONE), (DESTROYED, Change.DESTROYED)],
    ids=["updated", "undone", "destroyed"],
)
def test_status_of_the_stack_tells_why(
    sagemaker: FakeSageMaker, statuses: list[str | None], change: Change
) -> None:
    for status in statuses:
        sagemaker.stack = status
        assert stack.change(STACK_ID) is change, status


def test_stack_that_cannot_be_looked_up_is_not_taken_for_gone(sagemaker: FakeSageMaker) -> None:
    sagemaker.refuse("DescribeStacks", "AccessDenied", "the stack does not exist for you")

    with pytest.raises(ClientError, match="AccessDenied"):
        is_let_go()
    assert sagemaker.statuses[NAME] == "Active"


@pytest.mark.parametrize("status", UPDATED)
@pytest.mark.parametrize("has_loops", [True, False], ids=["in use", "unused"])
def test_update_retires_what_it_replaced(
    sagemaker: FakeSageMaker, status: str, has_loops: bool
) -> None:
    sagemaker.stack = status
    if has_loops:
        sagemaker.loop("loop", of=NAME)

    assert is_let_go()

    assert sagemaker.statuses[NAME] == "Active"
    assert sagemaker.mutations() == ["AddTags"]
    assert sagemaker.tags[NAME]["human-review:retired-because"] == "replaced by an update"
    retired_at = datetime.fromisoformat(sagemaker.tags[NAME]["human-review:retired-at"])
    assert timedelta(0) <= datetime.now(UTC) - retired_at < timedelta(minutes=1)


@pytest.mark.parametrize("status", UPDATED)
@pytest.mark.parametrize("resource", [NAME, None], ids=["still listed", "gone"])
def test_update_deletes_what_it_took_out_of_the_stack(
    sagemaker: FakeSageMaker, status: str, resource: str | None
) -> None:
    sagemaker.stack, sagemaker.resource = status, resource
    former = sagemaker.flow_definition("sentiment--former0000", retired_at="2026-11-21")
    sagemaker.loop("answered", of=NAME, status="Completed")

    assert not is_let_go()
    assert sagemaker.statuses == {NAME: "Deleting", former: "Deleting"}
    sagemaker.statuses.clear()
    assert is_let_go()


def test_what_was_taken_out_with_open_reviews_is_retired(sagemaker: FakeSageMaker) -> None:
    sagemaker.resource = None
    sagemaker.loop("loop", of=NAME)

    assert is_let_go()

    assert sagemaker.mutations() == ["AddTags"]
    assert sagemaker.tags[NAME]["human-review:retired-because"] == "taken out of its stack"


def test_retiring_again_changes_nothing(sagemaker: FakeSageMaker) -> None:
    assert is_let_go()
    before = dict(sagemaker.tags[NAME])

    assert is_let_go()

    assert sagemaker.tags[NAME] == before
    assert sagemaker.mutations() == ["AddTags"]


def test_one_that_failed_is_not_retired_but_deleted(sagemaker: FakeSageMaker) -> None:
    sagemaker.statuses[NAME] = "Failed"

    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"


@pytest.mark.parametrize("status", UNDONE)
def test_failed_change_deletes_what_nobody_was_asked_by(
    sagemaker: FakeSageMaker, status: str
) -> None:
    sagemaker.stack = status

    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"
    assert not is_let_go()
    del sagemaker.statuses[NAME]
    assert is_let_go()
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


@pytest.mark.parametrize("status", UNDONE)
@pytest.mark.parametrize("loop", ["InProgress", "Stopping", "Completed", "Failed", "Stopped"])
def test_failed_change_retires_what_somebody_was_asked_by(
    sagemaker: FakeSageMaker, status: str, loop: str
) -> None:
    sagemaker.stack = status
    sagemaker.loop("loop", of=NAME, status=loop)

    assert is_let_go()

    assert sagemaker.mutations() == ["AddTags"]
    assert sagemaker.tags[NAME]["human-review:retired-because"] == "a failed update was undone"


def test_failed_change_retires_what_callers_were_told_to_use(sagemaker: FakeSageMaker) -> None:
    sagemaker.stack = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
    sagemaker.pointers = [f"{ARN}sentiment--before0000", ARN + NAME, f"{ARN}sentiment--before0000"]

    assert is_let_go()

    assert sagemaker.mutations() == ["AddTags"]
    assert sagemaker.tags[NAME]["human-review:retired-because"] == "a failed update was undone"


def test_failed_change_deletes_what_nobody_was_told_of(sagemaker: FakeSageMaker) -> None:
    sagemaker.stack = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
    sagemaker.pointers = [f"{ARN}sentiment--before0000"]

    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"


@pytest.mark.parametrize("retired", [False, True], ids=["current", "retired"])
def test_destroy_is_refused_for_a_review_that_the_guard_did_not_see(
    sagemaker: FakeSageMaker, settings: dict[str, str], retired: bool
) -> None:
    sagemaker.stack = "DELETE_IN_PROGRESS"
    former = sagemaker.flow_definition("sentiment--former0000", retired_at="2026-11-21")
    sagemaker.loop("loop", of=former if retired else NAME)

    with pytest.raises(RuntimeError, match=r"reviews of workflow sentiment: 1; .*--value stop"):
        is_let_go()
    assert sagemaker.mutations() == []

    settings["/human-review/sentiment/on-destroy"] = "stop"
    assert not is_let_go()
    assert sagemaker.statuses == {NAME: "Deleting", former: "Deleting"}


@pytest.mark.parametrize("status", DESTROYED)
def test_destroy_deletes_and_waits(sagemaker: FakeSageMaker, status: str | None) -> None:
    sagemaker.stack = status

    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"
    assert not is_let_go()
    del sagemaker.statuses[NAME]
    assert is_let_go()
    assert sagemaker.mutations() == ["DeleteFlowDefinition"]


@pytest.mark.parametrize("status", ["Active", "Failed"])
def test_one_still_initializing_is_deleted_later(sagemaker: FakeSageMaker, status: str) -> None:
    sagemaker.stack = "DELETE_IN_PROGRESS"
    sagemaker.statuses[NAME] = "Initializing"

    assert not is_let_go()
    assert sagemaker.mutations() == []
    sagemaker.statuses[NAME] = status
    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"


def test_task_that_a_reviewer_has_open_is_named_before_time_is_over(
    sagemaker: FakeSageMaker,
) -> None:
    sagemaker.stack = "DELETE_IN_PROGRESS"
    sagemaker.statuses[NAME] = "Deleting"
    sagemaker.configs[NAME] = {"TaskTimeLimitInSeconds": 1801}

    assert not is_let_go(Since=time.time() - 8 * 60)
    with pytest.raises(RuntimeError, match=r"reviewer has one.*at most 31 minutes: delete the"):
        is_let_go(Since=time.time() - 10 * 60)


@pytest.mark.parametrize("status", [UPDATED[1], UNDONE[0], DESTROYED[0]])
def test_what_is_gone_already_is_no_error(sagemaker: FakeSageMaker, status: str) -> None:
    sagemaker.stack = status
    del sagemaker.statuses[NAME]

    assert is_let_go()
    assert sagemaker.mutations() == []


@pytest.mark.parametrize("status", [UPDATED[1], UNDONE[0], DESTROYED[0]])
def test_what_another_stack_made_is_left_alone(sagemaker: FakeSageMaker, status: str) -> None:
    sagemaker.stack = status
    sagemaker.tags[NAME]["human-review:stack-id"] = STACK_ID + "c"

    assert is_let_go()
    assert sagemaker.mutations() == []


def test_what_lost_its_tags_is_still_deleted(sagemaker: FakeSageMaker) -> None:
    sagemaker.stack = "DELETE_IN_PROGRESS"
    sagemaker.tags[NAME].clear()

    is_let_go()

    assert sagemaker.statuses[NAME] == "Deleting"


@pytest.mark.parametrize(
    "operation", ["DescribeStacks", "DescribeFlowDefinition", "ListTags", "ListHumanLoops"]
)
def test_fault_of_a_service_leaves_it_to_the_next_poll(
    sagemaker: FakeSageMaker, operation: str
) -> None:
    sagemaker.stack = "UPDATE_ROLLBACK_IN_PROGRESS"
    answer = sagemaker.aws.operations[operation]

    sagemaker.refuse(operation, "ServiceUnavailable", status=503)
    assert not is_let_go()
    assert sagemaker.mutations() == []

    sagemaker.aws.operations[operation] = answer
    assert not is_let_go()
    assert sagemaker.statuses[NAME] == "Deleting"
