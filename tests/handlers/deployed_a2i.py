"""A2I as the local cloud has it, around a stack that is deployed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from json import dumps, loads
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import BotoCoreError, ClientError

from localcloud.a2i import api
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from review_collect import bucket, template
from review_collect import handler as collect
from review_reconcile import handler as reconcile
from review_reconcile import labels, loop_event
from review_reconcile.handler import Result
from review_resources import (
    flow_definition,
    flow_definition_end,
    last_labels,
    on_destroy,
    propagation,
    provider,
    review_guard,
    stack,
    workforce_guard,
    workteam_access,
)
from review_resources.events import Event
from review_shared import flow_definition as listed
from review_triage import flow_definition as current_flow_definition
from review_triage import handler as triage
from review_triage import human_loop, record
from tests.handlers.fake_aws import FakeAws, FakeBuckets, Parameters, RefusalError, streamed
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


Answer = Callable[[AWSPreparedRequest], Any]
Network = Callable[[AWSPreparedRequest, Answer], Any]


class Body(BytesIO):
    """A response's body, as urllib3 has it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """All of it at once."""
        yield self.read()


class Surroundings:
    """A2I with a workteam and a page, and the stack that is deployed beside it."""

    def __init__(self) -> None:
        self.clock, self.cloud = Clock(), FakeCloud(bucket.s3)
        self.network: Network = lambda request, answer: answer(request)
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
        """Answer a client's request, unless the test has something else in mind."""
        return self.network(request, self.answer)

    def answer(self, request: AWSPreparedRequest) -> Any:
        """What A2I answers."""
        headers = {
            name: value if isinstance(value, str) else value.decode()
            for name, value in request.headers.items()
        }
        body = cast(str | bytes, request.body or b"")
        body = body.encode() if isinstance(body, str) else body
        address = urlsplit(request.url)
        status, answered, content = api.handle(
            self.a2i,
            str(request.method),
            address.path,
            headers,
            body,
            dict(parse_qsl(address.query)),
        )
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

    def complete(self, event: Event) -> bool:
        """Have one event answered and A2I go on; say whether it comes to its end."""
        event = cast(Event, {**event, **provider.on_event(event, None)})
        for _ in range(10):
            if provider.is_complete(event, None)["IsComplete"]:
                return True
            self.later()
        return False


CLIENTS: list[BaseClient] = [
    flow_definition.sagemaker,
    flow_definition_end.sagemaker,
    human_loop.sagemaker_a2i_runtime,
    listed.sagemaker,
    listed.sagemaker_a2i_runtime,
    loop_event.sagemaker_a2i_runtime,
    propagation.sagemaker,
    review_guard.sagemaker_a2i_runtime,
    template.sagemaker,
    workforce_guard.sagemaker,
    workteam_access.sagemaker,
]


@contextmanager
def deployed_a2i() -> Iterator[Surroundings]:
    """A2I, answering all of the handlers' clients for it."""
    surroundings = Surroundings()
    for client in CLIENTS:
        client.meta.events.register("before-send", surroundings.send)
    yield surroundings
    for client in CLIENTS:
        client.meta.events.unregister("before-send", surroundings.send)


RECONCILER = "human-review-sentiment-reconcile"
ENVIRONMENT = {
    "WORKFLOW": "sentiment",
    "FLOW_DEFINITION_PARAMETER": "/human-review/sentiment/flow-definition-arn",
    "BUCKET": "results",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.example/refused",
    "COLLECT_QUEUE_URL": "https://sqs.example/ends",
    "THRESHOLD": "0.9",
    "LABEL": "sentiment.label",
    "STACK_ID": STACK_ID,
    "GRACE_SECONDS": "0",
    "LOOKBACK_DAYS": "36500",  # the engine's clock stands still
}
MEMORY = (
    bucket.s3,
    current_flow_definition.ssm,
    flow_definition_end.ssm,
    labels.s3,
    last_labels.lambda_,
    loop_event.sqs,
    on_destroy.ssm,
    propagation.iam,
    record.s3,
    stack.cloudformation,
)


class Chain:
    """Triage, collect and reconcile of a stack, with what is between them in memory.

    :ivar stack: the stack's status; None when there is none.
    :ivar parameters: SSM's.
    :ivar pointers: what the parameter with the flow definition's ARN has held.
    :ivar flow_definition: the current one's name.
    """

    def __init__(self, a2i: Surroundings, aws: FakeAws) -> None:
        self.a2i, self.aws, self.buckets = a2i, aws, FakeBuckets(aws)
        self.stack = "CREATE_IN_PROGRESS"
        self.parameters: dict[str, str] = {"/human-review/sentiment/on-destroy": "refuse"}
        self.pointers: list[str] = []
        self.queue: list[str] = []
        aws.operations |= {
            "GetParameter": lambda given: {"Parameter": {"Value": self.parameters[given["Name"]]}},
            "SendMessage": self._send,
            "Invoke": self._invoke,
            "DescribeStacks": lambda given: {
                "Stacks": [{"StackName": given["StackName"], "StackStatus": self.stack}]
            },
            "DescribeStackResource": lambda _: {
                "StackResourceDetail": {"PhysicalResourceId": self.flow_definition}
            },
            "GetParameterHistory": lambda _: {
                "Parameters": [{"Value": arn} for arn in self.pointers]
            },
            "GetRole": self._get_role,
        }
        self.point_to(a2i.created())

    def _send(self, given: Parameters) -> dict[str, str]:
        assert given["QueueUrl"] == ENVIRONMENT["COLLECT_QUEUE_URL"]
        self.queue.append(given["MessageBody"])
        return {"MessageId": "1"}

    def _get_role(self, given: Parameters) -> dict[str, Any]:
        arn = f"arn:aws:iam::{ACCOUNT}:role/{given['RoleName']}"
        if arn not in self.a2i.cloud.roles:
            raise RefusalError("NoSuchEntity", status=404)
        policy = '{"Statement": [{"Principal": {"Service": "sagemaker.amazonaws.com"}}]}'
        return {"Role": {"Arn": arn, "AssumeRolePolicyDocument": policy}}

    def _invoke(self, given: Parameters) -> dict[str, Any]:
        """Reconcile for the guard; SQS then delivers what there is."""
        assert given["FunctionName"] == RECONCILER
        try:
            answer: Any = reconcile.handle({}, None)
        except (ClientError, BotoCoreError) as error:
            refusal = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"FunctionError": "Unhandled", "Payload": streamed(dumps(refusal).encode())}
        self.collected()
        return {"Payload": streamed(dumps(answer).encode())}

    def point_to(self, flow_definition_name: str) -> None:
        """Have the parameter name a flow definition."""
        self.flow_definition = flow_definition_name
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:flow-definition/{flow_definition_name}"
        self.parameters[ENVIRONMENT["FLOW_DEFINITION_PARAMETER"]] = arn
        self.pointers.append(arn)

    def triaged(self, item_id: str = "review-17") -> str:
        """Triage one uncertain prediction; its human loop."""
        prediction = {"label": 0, "confidence": 0.5}
        item = {"id": item_id, "input": "não é mau", "prediction": prediction}
        (result,) = triage.handle(item, None)["results"]
        return cast(str, result["human_loop_name"])

    def take(self, flow_definition_name: str | None = None) -> str:
        """Have a reviewer open the next task; its id."""
        self.a2i.later()
        task = self.a2i.a2i.take(ANA, flow_definition_name or self.flow_definition)
        assert task
        return task.task_id

    def submit(self, task_id: str, label: str = "1") -> None:
        """Have the reviewer answer."""
        self.a2i.a2i.submit(ANA, task_id, {"sentiment": {"label": label}})
        self.a2i.later()

    def collected(self) -> list[dict[str, Any]]:
        """Deliver the events that there are; all label records there are then."""
        bodies = [*map(dumps, self.a2i.cloud.events), *self.queue]
        messages = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
        assert collect.handle({"Records": messages}, None) == {"batchItemFailures": []}
        return [loads(body) for (_, key), body in self.buckets.objects.items() if "labels/" in key]

    def reconciled(self) -> dict[str, Result]:
        """Reconcile, and let A2I go on; the results by flow definition."""
        answer = reconcile.handle({}, None)
        self.a2i.later()
        return {result["name"]: result for result in answer["flow_definitions"]}


@contextmanager
def deployed_chain(a2i: Surroundings, aws: FakeAws) -> Iterator[Chain]:
    """All functions of a workflow around a deployed flow definition."""
    current_flow_definition._arns.clear()
    with ExitStack() as entered:
        for client in MEMORY:
            entered.enter_context(aws.behind(client))
        yield Chain(a2i, aws)
    current_flow_definition._arns.clear()
