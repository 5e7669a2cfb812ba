"""The engine, behind real boto3 clients, in a cloud that is made up."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from localcloud.a2i import api
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore
from localcloud.a2i.worker import Worker
from tests.localcloud.a2i.fake_cloud import (
    ACCOUNT,
    CLIENT,
    REGION,
    ROLE,
    USER_POOL,
    Clock,
    FakeCloud,
    Later,
    advance,
    response,
    sent,
)
from tests.localcloud.a2i.human_loops import HumanLoops

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient

_SESSION = boto3.Session(
    aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret", region_name=REGION
)
_CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


def connect(client: Any, a2i: A2I) -> Any:
    """Let a client's requests end in the engine."""

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        path = request.url.partition(".com")[2]
        headers = {
            name: value if isinstance(value, str) else value.decode()
            for name, value in request.headers.items()
        }
        answer = api.handle(a2i, str(request.method), path, headers, sent(request), {})
        return response(request, *answer)

    client.meta.events.register("before-send", send)
    return client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def store() -> SqliteStore:
    return SqliteStore()


@pytest.fixture
def a2i(store: SqliteStore, cloud: FakeCloud, clock: Clock) -> A2I:
    return A2I(store, cloud, ACCOUNT, REGION, clock)


@pytest.fixture
def later(a2i: A2I, clock: Clock) -> Later:
    """Let seconds pass, one unless said otherwise, and have what is due done."""
    return lambda seconds=1: advance(a2i, clock, seconds)


@pytest.fixture
def sagemaker(a2i: A2I) -> "SageMakerClient":
    client: SageMakerClient = connect(_SESSION.client("sagemaker", config=_CONFIG), a2i)
    return client


@pytest.fixture
def runtime(a2i: A2I) -> "AugmentedAIRuntimeClient":
    client: AugmentedAIRuntimeClient = connect(
        _SESSION.client("sagemaker-a2i-runtime", config=_CONFIG), a2i
    )
    return client


@pytest.fixture
def workforce(sagemaker: "SageMakerClient", later: Later) -> str:
    """An Active workforce's name."""
    sagemaker.create_workforce(
        WorkforceName="reviewers", CognitoConfig={"UserPool": USER_POOL, "ClientId": CLIENT}
    )
    later()
    return "reviewers"


@pytest.fixture
def members() -> list[Any]:
    """The Cognito group ``reviewers``, as MemberDefinitions."""
    member = {"UserPool": USER_POOL, "ClientId": CLIENT, "UserGroup": "reviewers"}
    return [{"CognitoMemberDefinition": member}]


@pytest.fixture
def workteam(sagemaker: "SageMakerClient", workforce: str, members: list[Any]) -> str:
    """A workteam's ARN."""
    return sagemaker.create_workteam(
        WorkteamName="team",
        WorkforceName=workforce,
        Description="People who review",
        MemberDefinitions=members,
    )["WorkteamArn"]


@pytest.fixture
def human_task_ui(sagemaker: "SageMakerClient") -> str:
    """A human task UI's ARN."""
    return sagemaker.create_human_task_ui(
        HumanTaskUiName="page", UiTemplate={"Content": "<p>{{ task.input.text }}</p>"}
    )["HumanTaskUiArn"]


@pytest.fixture
def flow_definition_request(workteam: str, human_task_ui: str) -> dict[str, Any]:
    """What a flow definition is created with."""
    return {
        "FlowDefinitionName": "sentiment",
        "RoleArn": ROLE,
        "OutputConfig": {"S3OutputPath": "s3://results/a2i"},
        "HumanLoopConfig": {
            "WorkteamArn": workteam,
            "HumanTaskUiArn": human_task_ui,
            "TaskTitle": "What is the sentiment?",
            "TaskDescription": "Read the review and say how its author feels",
            "TaskCount": 1,
        },
    }


@pytest.fixture
def create_flow_definition(
    sagemaker: "SageMakerClient",
    flow_definition_request: dict[str, Any],
    later: Later,
) -> Callable[..., str]:
    """Create an Active flow definition: ``(name, **HumanLoopConfig) -> ARN``."""

    def create(name: str = "sentiment", **human_loop_config: Any) -> str:
        arn = sagemaker.create_flow_definition(
            **flow_definition_request
            | {
                "FlowDefinitionName": name,
                "HumanLoopConfig": flow_definition_request["HumanLoopConfig"] | human_loop_config,
            }
        )["FlowDefinitionArn"]
        later()
        return arn

    return create


@pytest.fixture
def flow_definition(create_flow_definition: Callable[..., str]) -> str:
    """An Active flow definition's ARN; each loop wants one worker."""
    return create_flow_definition()


@pytest.fixture
def loops(a2i: A2I, runtime: "AugmentedAIRuntimeClient") -> HumanLoops:
    return HumanLoops(a2i, runtime)


def _worker(name: str, *groups: str) -> Worker:
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{USER_POOL}"
    return Worker(f"sub-of-{name}", issuer, name, frozenset(groups))


@pytest.fixture
def ana() -> Worker:
    return _worker("ana", "reviewers")


@pytest.fixture
def ben() -> Worker:
    return _worker("ben", "reviewers", "experts")


@pytest.fixture
def eve() -> Worker:
    """Somebody who can sign in, but is in no workteam."""
    return _worker("eve", "guests")
