"""The handlers against the A2I engine of the local cloud, over the wire's own protocols."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from localcloud.a2i import api
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from review_collect import bucket, template
from review_collect import handler as collect
from review_resources import flow_definition, provider
from review_resources.events import Event
from review_triage import flow_definition as current_flow_definition
from review_triage import handler as triage
from review_triage import human_loop, record
from tests.handlers.fake_aws import FakeAws, FakeBuckets
from tests.handlers.fake_cloud import (
    ACCOUNT,
    CLIENT,
    GROUP,
    REGION,
    ROLE,
    USER_POOL,
    Clock,
    FakeCloud,
)

ANA = Worker(
    sub="sub-of-ana",
    issuer=f"https://cognito-idp.{REGION}.amazonaws.com/{USER_POOL}",
    username="ana",
    groups=frozenset({GROUP}),
)
STACK_ID = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/HumanReview-sentiment/0a1b"
PAGE = "<crowd-form><p>{{ task.input.taskObject }}</p></crowd-form>"


class Body(BytesIO):
    """A response's body, as urllib3 has it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """All of it at once."""
        yield self.read()


class Surroundings:
    """A2I with a workteam and a page, and the stack that is deployed beside it."""

    def __init__(self) -> None:
        self.clock, self.cloud = Clock(), FakeCloud(bucket.s3)
        self.a2i = A2I(SqliteStore(), self.cloud, ACCOUNT, REGION, self.clock)
        config = {"UserPool": USER_POOL, "ClientId": CLIENT}
        self.a2i.call("CreateWorkforce", {"WorkforceName": "people", "CognitoConfig": config})
        self.later()
        member = {**config, "UserGroup": GROUP}
        workteam = {
            "WorkteamName": "team",
            "WorkforceName": "people",
            "Description": "People who review",
            "MemberDefinitions": [{"CognitoMemberDefinition": member}],
        }
        page = {"HumanTaskUiName": "page", "UiTemplate": {"Content": PAGE}}
        self.workteam_arn = self.a2i.call("CreateWorkteam", workteam)["WorkteamArn"]
        self.human_task_ui_arn = self.a2i.call("CreateHumanTaskUi", page)["HumanTaskUiArn"]

    def later(self) -> None:
        """Let what A2I is doing come to its end."""
        self.clock.forward(1)
        self.a2i.advance()

    def send(self, request: AWSPreparedRequest, **_: Any) -> Any:
        """Answer a client's request."""
        headers = {
            name: value if isinstance(value, str) else value.decode()
            for name, value in request.headers.items()
        }
        body = cast(str | bytes, request.body or b"")
        body = body.encode() if isinstance(body, str) else body
        path = request.url.partition(".com")[2]
        method = str(request.method)
        status, answered, content = api.handle(self.a2i, method, path, headers, body, {})
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(answered), Body(content))

    def event(self, request_type: str, **changes: Any) -> Event:
        """A lifecycle event of the flow definition, its properties as CloudFormation sends them."""
        properties = {
            "ServiceToken": "provider",
            "FlowDefinitionNamePrefix": "sentiment",
            "RoleArn": ROLE,
            "OutputConfig": {"S3OutputPath": "s3://results/a2i"},
            "HumanLoopConfig": {
                "WorkteamArn": self.workteam_arn,
                "HumanTaskUiArn": self.human_task_ui_arn,
                "TaskTitle": "How does the customer feel?",
                "TaskDescription": "Read the review and choose",
                "TaskCount": "1",
                "TaskAvailabilityLifetimeInSeconds": "86400",
            },
            "TemplateSha256": "ab" * 32,
            "Tags": [{"Key": "team", "Value": "ml"}],
        }
        event = {
            "RequestType": request_type,
            "ResourceType": "Custom::A2IFlowDefinition",
            "LogicalResourceId": "FlowDefinition",
            "StackId": STACK_ID,
            "ResourceProperties": properties,
            "OldResourceProperties": properties,
        }
        return cast(Event, event | changes)

    def created(self) -> str:
        """Create the flow definition; its name."""
        name = provider.on_event(self.event("Create"), None)["PhysicalResourceId"]
        self.later()
        return name


@pytest.fixture
def a2i(monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    """A2I, answering all of the handlers' clients for it."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    surroundings = Surroundings()
    clients = [
        flow_definition.sagemaker.meta.events,
        human_loop.sagemaker_a2i_runtime.meta.events,
        template.sagemaker.meta.events,
    ]
    for events in clients:
        events.register("before-send", surroundings.send)
    yield surroundings
    for events in clients:
        events.unregister("before-send", surroundings.send)


def test_flow_definition_lives_and_dies(a2i: Surroundings) -> None:
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


def test_delete_right_after_create_is_made_up_for(a2i: Surroundings) -> None:
    name = provider.on_event(a2i.event("Create"), None)["PhysicalResourceId"]
    deleted = a2i.event("Delete", PhysicalResourceId=name)

    provider.on_event(deleted, None)
    assert provider.is_complete(deleted, None) == {"IsComplete": False}
    a2i.later()
    assert provider.is_complete(deleted, None) == {"IsComplete": False}
    a2i.later()
    assert provider.is_complete(deleted, None) == {"IsComplete": True}


def test_role_and_workteam_are_waited_for(
    a2i: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    a2i.cloud.roles.clear()
    monkeypatch.setattr("time.sleep", lambda _: a2i.cloud.roles.add(ROLE))

    assert a2i.created().startswith("sentiment--")


def test_mistake_is_not_waited_for(a2i: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    event = a2i.event("Create")
    event["ResourceProperties"]["OutputConfig"]["S3OutputPath"] = "s3://no-such-bucket/a2i"

    with pytest.raises(ClientError, match="no-such-bucket"):
        provider.on_event(event, None)
    assert not pauses


@pytest.fixture
def chain(
    a2i: Surroundings, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeBuckets]:
    """Triage and collect around a deployed flow definition."""
    name = a2i.created()
    arn = provider.is_complete(a2i.event("Create", PhysicalResourceId=name), None)["Data"]
    environment = {
        "WORKFLOW": "sentiment",
        "FLOW_DEFINITION_PARAMETER": "/human-review/sentiment/flow-definition-arn",
        "BUCKET": "results",
        "DEAD_LETTER_QUEUE_URL": "https://sqs.example/refused",
        "THRESHOLD": "0.9",
        "LABEL": "sentiment.label",
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    current_flow_definition._arns.clear()
    aws.operations["GetParameter"] = lambda _: {"Parameter": {"Value": arn["FlowDefinitionArn"]}}
    with ExitStack() as stack:
        for client in (record.s3, current_flow_definition.ssm, bucket.s3):
            stack.enter_context(aws.behind(client))
        yield FakeBuckets(aws)


def triaged(item_id: str = "review-17") -> dict[str, Any]:
    """Triage one uncertain prediction."""
    item = {"id": item_id, "input": "não é mau", "prediction": {"label": 0, "confidence": 0.5}}
    (result,) = triage.handle(item, None)["results"]
    return cast(dict[str, Any], result)


def collected(a2i: Surroundings, buckets: FakeBuckets) -> list[dict[str, Any]]:
    """Deliver A2I's events; all label records there are then."""
    messages = [{"messageId": event["id"], "body": json.dumps(event)} for event in a2i.cloud.events]
    assert collect.handle({"Records": messages}, None) == {"batchItemFailures": []}
    return [json.loads(body) for (_, key), body in buckets.objects.items() if "labels/" in key]


def answer(a2i: Surroundings, label: str) -> None:
    """Have a reviewer answer the one task there is."""
    a2i.later()
    (job,) = a2i.a2i.jobs(ANA)
    assert job.available == 1
    task = a2i.a2i.take(ANA, job.flow_definition_name)
    assert task
    a2i.a2i.submit(ANA, task.task_id, {"sentiment": {"label": label}})
    a2i.later()


def test_answer_comes_back_as_a_label(a2i: Surroundings, chain: FakeBuckets) -> None:
    loop = triaged()["human_loop_name"]
    assert triaged()["human_loop_name"] == loop
    answer(a2i, "1")

    (label,) = collected(a2i, chain)
    assert label["human_loop_name"] == loop
    assert (label["item_id"], label["input"], label["label"]) == ("review-17", "não é mau", "1")
    assert label["template_sha256"] == "ab" * 32
    assert label["answers"][0]["worker_id"] == ANA.worker_id
    assert label["answers"][0]["submitted_at"]


def test_item_that_was_answered_is_not_asked_again(a2i: Surroundings, chain: FakeBuckets) -> None:
    loop = triaged()["human_loop_name"]
    answer(a2i, "1")

    assert triaged()["human_loop_name"] == loop
    a2i.later()
    assert not any(job.available for job in a2i.a2i.jobs(ANA))


def test_stopped_loop_comes_back_with_its_input(a2i: Surroundings, chain: FakeBuckets) -> None:
    loop = triaged()["human_loop_name"]
    a2i.a2i.call("StopHumanLoop", {"HumanLoopName": loop}, "sagemaker-a2i-runtime")
    a2i.later()

    (label,) = collected(a2i, chain)
    assert (label["status"], label["input"], label["answers"]) == ("Stopped", "não é mau", [])
