"""Custom::A2IFlowDefinition, against a SageMaker in memory."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from review_resources import flow_definition, provider
from review_resources.events import Event
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError

STACK_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/HumanReview-sentiment/0a1b"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/"
NAME = re.compile(r"[a-z0-9](-*[a-z0-9]){0,62}")


class FakeFlowDefinitions:
    """SageMaker's flow definitions; the status of each is set by the test."""

    def __init__(self, aws: FakeAws) -> None:
        self.statuses: dict[str, str] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.failure_reason: str | None = None
        aws.operations |= {
            "CreateFlowDefinition": self._create,
            "DescribeFlowDefinition": self._describe,
            "DeleteFlowDefinition": self._delete,
            "AddTags": self._add_tags,
            "DeleteTags": self._delete_tags,
            "ListTags": self._list_tags,
        }

    def _create(self, given: Parameters) -> dict[str, Any]:
        name = given["FlowDefinitionName"]
        if name in self.statuses:
            raise RefusalError("ResourceInUse", f"{name} exists")
        self.statuses[name] = "Initializing"
        self.tags[name] = {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        return {"FlowDefinitionArn": ARN + name}

    def _describe(self, given: Parameters) -> dict[str, Any]:
        name = given["FlowDefinitionName"]
        if name not in self.statuses:
            raise RefusalError("ResourceNotFound", f"{name} does not exist")
        status = {"FlowDefinitionArn": ARN + name, "FlowDefinitionStatus": self.statuses[name]}
        return status | ({"FailureReason": self.failure_reason} if self.failure_reason else {})

    def _delete(self, given: Parameters) -> dict[str, Any]:
        status = self._describe(given)["FlowDefinitionStatus"]
        if status in ("Initializing", "Deleting"):
            raise RefusalError("ResourceInUse", f"it is {status}")
        self.statuses[given["FlowDefinitionName"]] = "Deleting"
        return {}

    def _add_tags(self, given: Parameters) -> dict[str, Any]:
        tags = self.tags[given["ResourceArn"].removeprefix(ARN)]
        tags |= {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        return {}

    def _delete_tags(self, given: Parameters) -> dict[str, Any]:
        for key in given["TagKeys"]:
            del self.tags[given["ResourceArn"].removeprefix(ARN)][key]
        return {}

    def _list_tags(self, given: Parameters) -> dict[str, Any]:
        tags = self.tags[given["ResourceArn"].removeprefix(ARN)]
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@pytest.fixture
def sagemaker(aws: FakeAws) -> Iterator[FakeFlowDefinitions]:
    """SageMaker with no flow definition yet."""
    with aws.behind(flow_definition.sagemaker):
        yield FakeFlowDefinitions(aws)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def properties(**changes: Any) -> dict[str, Any]:
    """A flow definition's properties as CloudFormation sends them: numbers are strings."""
    return {
        "ServiceToken": "arn:aws:lambda:eu-west-1:111122223333:function:provider",
        "FlowDefinitionNamePrefix": "sentiment",
        "RoleArn": "arn:aws:iam::111122223333:role/flow-definition",
        "OutputConfig": {"S3OutputPath": "s3://results/a2i"},
        "HumanLoopConfig": {
            "WorkteamArn": "arn:aws:sagemaker:eu-west-1:111122223333:workteam/private-crowd/team",
            "HumanTaskUiArn": "arn:aws:sagemaker:eu-west-1:111122223333:human-task-ui/page",
            "TaskTitle": "How does the customer feel?",
            "TaskDescription": "Read the review and choose",
            "TaskCount": "1",
            "TaskTimeLimitInSeconds": "3600",
        },
        "TemplateSha256": "ab" * 32,
        "Tags": [{"Key": "team", "Value": "ml"}],
        **changes,
    }


def an_event(request_type: str, **changes: Any) -> Event:
    """One lifecycle event of the resource."""
    return cast(
        Event,
        {
            "RequestType": request_type,
            "RequestId": "c0ffee",
            "ResponseURL": "https://example.com/secret",
            "ResourceType": "Custom::A2IFlowDefinition",
            "LogicalResourceId": "FlowDefinition",
            "StackId": STACK_ID,
            "ResourceProperties": properties(),
            **changes,
        },
    )


def created_name() -> str:
    return provider.on_event(an_event("Create"), None)["PhysicalResourceId"]


def test_create_makes_one_mutating_call_and_leaves_the_waiting(
    aws: FakeAws, sagemaker: FakeFlowDefinitions
) -> None:
    name = created_name()

    assert aws.names() == ["CreateFlowDefinition"]
    assert sagemaker.statuses == {name: "Initializing"}
    assert NAME.fullmatch(name)
    assert name.startswith("sentiment--")


def test_create_sends_numbers_and_only_what_the_api_knows(
    aws: FakeAws, sagemaker: FakeFlowDefinitions
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
    aws: FakeAws, sagemaker: FakeFlowDefinitions
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
    sagemaker: FakeFlowDefinitions,
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
        return flow_definition.flow_definition_name(stack_id, properties(**changes))

    assert name() == name()
    assert name() == name(Tags=[])
    assert name() == name(ServiceToken="another", ServiceTimeout="60")
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
    name = flow_definition.flow_definition_name(
        STACK_ID, properties(FlowDefinitionNamePrefix=prefix)
    )

    assert len(name) == len(prefix) + 12 <= 63
    assert NAME.fullmatch(name)


def test_prefix_too_long_for_a_name_is_refused() -> None:
    too_long = properties(FlowDefinitionNamePrefix="a" * 52)

    with pytest.raises(ValueError, match="at most 51 characters, got 52: aaa"):
        flow_definition.flow_definition_name(STACK_ID, too_long)


def test_create_again_after_a_lost_answer_finds_its_own(sagemaker: FakeFlowDefinitions) -> None:
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
    sagemaker: FakeFlowDefinitions, key: str, value: str
) -> None:
    sagemaker.tags[created_name()][key] = value

    with pytest.raises(ClientError, match="ResourceInUse"):
        created_name()


def test_create_does_not_take_what_has_no_tags(sagemaker: FakeFlowDefinitions) -> None:
    sagemaker.tags[created_name()].clear()

    with pytest.raises(ClientError, match="ResourceInUse"):
        created_name()


@pytest.mark.parametrize(
    "message",
    [
        "Could not assume role arn:aws:iam::111122223333:role/flow-definition. Please ensure that "
        "the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
        'The execution role ARN "arn" is invalid. Please ensure that the role exists and that its '
        'trust relationship policy allows the action "sts:AssumeRole".',
        "The work team team does not exist.",
    ],
    ids=["role", "trust", "workteam"],
)
def test_create_waits_for_a_role_or_workteam_to_arrive(
    aws: FakeAws, sagemaker: FakeFlowDefinitions, pauses: list[float], message: str
) -> None:
    create = aws.operations["CreateFlowDefinition"]

    def refuse_twice(given: Parameters) -> dict[str, Any]:
        if len(aws.parameters("CreateFlowDefinition")) < 3:
            raise RefusalError("ValidationException", message)
        return create(given)

    aws.operations["CreateFlowDefinition"] = refuse_twice

    assert created_name() in sagemaker.statuses
    assert pauses == [2, 4]


def test_create_waits_less_than_a_minute_in_all(
    aws: FakeAws, sagemaker: FakeFlowDefinitions, pauses: list[float]
) -> None:
    def refuse(_given: Parameters) -> dict[str, Any]:
        raise RefusalError("ValidationException", "Could not assume role")

    aws.operations["CreateFlowDefinition"] = refuse

    with pytest.raises(ClientError, match="Could not assume role"):
        created_name()
    assert 30 <= sum(pauses) < 60


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "1 validation error detected: Value at 'taskCount'"),
        ("AccessDeniedException", "not authorized to perform: sts:AssumeRole"),
        ("ResourceLimitExceeded", "too many"),
    ],
)
def test_create_fails_at_once_on_a_mistake(
    aws: FakeAws, sagemaker: FakeFlowDefinitions, pauses: list[float], code: str, message: str
) -> None:
    def refuse(_given: Parameters) -> dict[str, Any]:
        raise RefusalError(code, message)

    aws.operations["CreateFlowDefinition"] = refuse

    with pytest.raises(ClientError, match=re.escape(message)):
        created_name()
    assert not pauses


def test_complete_only_when_active(sagemaker: FakeFlowDefinitions) -> None:
    name = created_name()
    event = an_event("Create", PhysicalResourceId=name)

    assert provider.is_complete(event, None) == {"IsComplete": False}
    sagemaker.statuses[name] = "Active"
    assert provider.is_complete(event, None) == {
        "IsComplete": True,
        "Data": {"FlowDefinitionArn": ARN + name, "FlowDefinitionName": name},
    }


def test_failure_names_its_reason_and_what_to_do(sagemaker: FakeFlowDefinitions) -> None:
    name = created_name()
    sagemaker.statuses[name], sagemaker.failure_reason = "Failed", "the role cannot write"

    with pytest.raises(RuntimeError, match=f"{name} failed: the role cannot write; correct"):
        flow_definition.is_complete(an_event("Create", PhysicalResourceId=name))


def test_one_that_is_being_deleted_is_not_waited_for(sagemaker: FakeFlowDefinitions) -> None:
    name = created_name()
    sagemaker.statuses[name] = "Deleting"

    with pytest.raises(RuntimeError, match=r"still being deleted.*deploy again"):
        flow_definition.is_complete(an_event("Update", PhysicalResourceId=name))


def update_event(name: str, old: dict[str, Any], new: dict[str, Any]) -> Event:
    return an_event(
        "Update", PhysicalResourceId=name, ResourceProperties=new, OldResourceProperties=old
    )


def test_update_of_the_content_makes_another_and_keeps_the_old(
    sagemaker: FakeFlowDefinitions,
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


def test_rollback_of_an_update_returns_to_the_old_one(sagemaker: FakeFlowDefinitions) -> None:
    old, new = properties(), properties(TemplateSha256="cd" * 32)
    old_name = created_name()
    new_name = flow_definition.on_event(update_event(old_name, old, new))["PhysicalResourceId"]

    response = flow_definition.on_event(update_event(new_name, new, old))

    assert response["PhysicalResourceId"] == old_name
    assert len(sagemaker.statuses) == 2


def test_update_of_tags_changes_them_in_place(aws: FakeAws, sagemaker: FakeFlowDefinitions) -> None:
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


def test_update_without_any_difference_deletes_no_tag(
    aws: FakeAws, sagemaker: FakeFlowDefinitions
) -> None:
    name = created_name()

    flow_definition.on_event(update_event(name, properties(), properties(ServiceTimeout="60")))

    assert "DeleteTags" not in aws.names()


def test_delete_waits_until_it_is_gone(sagemaker: FakeFlowDefinitions) -> None:
    name = created_name()
    sagemaker.statuses[name] = "Active"
    event = an_event("Delete", PhysicalResourceId=name)

    assert provider.on_event(event, None) == {"PhysicalResourceId": name}
    assert provider.is_complete(event, None) == {"IsComplete": False}
    del sagemaker.statuses[name]
    assert provider.is_complete(event, None) == {"IsComplete": True}


@pytest.mark.parametrize("status", ["Active", "Failed"])
def test_delete_of_one_still_initializing_is_made_up_for(
    sagemaker: FakeFlowDefinitions, status: str
) -> None:
    name = created_name()
    event = an_event("Delete", PhysicalResourceId=name)

    flow_definition.on_event(event)
    assert flow_definition.is_complete(event) == {"IsComplete": False}
    assert sagemaker.statuses[name] == "Initializing"

    sagemaker.statuses[name] = status
    assert flow_definition.is_complete(event) == {"IsComplete": False}
    assert sagemaker.statuses[name] == "Deleting"


def test_delete_twice_is_no_error(sagemaker: FakeFlowDefinitions) -> None:
    event = an_event("Delete", PhysicalResourceId="sentiment--0123456789")

    assert flow_definition.on_event(event)["PhysicalResourceId"] == "sentiment--0123456789"
    assert flow_definition.is_complete(event) == {"IsComplete": True}
