"""The portal and the engine together: from StartHumanLoop to output.json."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from localcloud.a2i.portal import create_app
from localcloud.a2i.service import A2I
from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL, Clock, FakeCloud, Later
from tests.localcloud.a2i.human_loops import HumanLoops
from tests.localcloud.a2i.portal.fake_a2i import SENTIMENT
from tests.localcloud.a2i.portal.fake_cognito import FakeCognito
from tests.localcloud.a2i.portal.server import listening_socket, served

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


class CloudWithUserPool(FakeCloud):
    """The made-up cloud, with a user pool that people can sign in to."""

    def __init__(self, portal: str, user_pool_url: str, cognito: FakeCognito) -> None:
        super().__init__()
        self._portal, self._user_pool_url = portal, user_pool_url
        self.clients = {(USER_POOL, CLIENT): cognito.client}

    def sub_domain(self, region: str) -> str:
        return self._portal

    def cognito_url(self) -> str:
        return self._user_pool_url

    def sign_in_url(self) -> str:
        return self._user_pool_url


@pytest.fixture
def cognito(signing_key: RSAPrivateKey) -> FakeCognito:
    groups = {"ana": ["reviewers"], "ben": ["reviewers"], "eve": ["guests"]}
    return FakeCognito(signing_key, groups)


@pytest.fixture
def addresses() -> Any:
    """Sockets for the portal and for the user pool."""
    return listening_socket(), listening_socket()


@pytest.fixture
def cloud(cognito: FakeCognito, addresses: Any) -> FakeCloud:
    portal, user_pool = (f"localhost:{each.getsockname()[1]}" for each in addresses)
    cognito.client |= {
        "CallbackURLs": [f"http://{portal}/oauth2/idpresponse"],
        "LogoutURLs": [f"http://{portal}/logout"],
    }
    return CloudWithUserPool(portal, f"http://{user_pool}", cognito)


@pytest.fixture
def human_task_ui(sagemaker: "SageMakerClient") -> str:
    return sagemaker.create_human_task_ui(
        HumanTaskUiName="page", UiTemplate={"Content": SENTIMENT}
    )["HumanTaskUiArn"]


@pytest.fixture
def browser(
    a2i: A2I, cloud: FakeCloud, clock: Clock, cognito: FakeCognito, addresses: Any
) -> Iterator[Callable[[str], httpx.Client]]:
    """A signed-in worker's browser: ``(username) -> client``."""
    opened: list[httpx.Client] = []
    here = f"http://{cloud.sub_domain('')}"

    def sign_in(username: str) -> httpx.Client:
        http = httpx.Client(base_url=here, follow_redirects=True, timeout=20)
        opened.append(http)
        assert cognito.sign_in(http, username).status_code == 200
        return http

    app = create_app(lambda: a2i, cloud, now=clock)
    with served((app, addresses[0]), (cognito.app(), addresses[1])):
        yield sign_in
        for http in opened:
            http.close()


def csrf_token(page: httpx.Response) -> str:
    return page.text.partition('name="csrf-token" content="')[2].partition('"')[0]


def take(http: httpx.Client) -> httpx.Response:
    token = csrf_token(http.get("/"))
    return http.post("/jobs/sentiment/take", data={"csrf_token": token})


def submit(http: httpx.Client, task: httpx.Response, label: str) -> httpx.Response:
    return http.post(
        f"{task.url.path}/submit",
        json={"answerContent": {"sentiment": {"label": label}}},
        headers={"X-CSRF-Token": csrf_token(task)},
    )


def test_answers_of_two_workers_become_output(
    browser: Callable[[str], httpx.Client],
    cloud: FakeCloud,
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(create_flow_definition(TaskCount=2), taskObject="It's <b>fine</b>", initialValue=0)

    for name, label in (("ana", "1"), ("ben", "0")):
        http = browser(name)
        task = take(http)
        assert "It&#39;s &lt;b&gt;fine&lt;/b&gt;" in http.get(f"{task.url.path}/page").text
        assert submit(http, task, label).json() == {"next": "/"}
        assert "No tasks are waiting" in http.get("/").text
    later()

    assert loops.status() == "Completed"
    (written,) = cloud.objects.values()
    answers = json.loads(written)["humanAnswers"]
    labels = {
        answer["workerMetadata"]["identityData"]["sub"]: answer["answerContent"]["sentiment"]
        for answer in answers
    }
    assert labels == {"sub-of-ana": {"label": "1"}, "sub-of-ben": {"label": "0"}}


def test_somebody_outside_the_workteam_sees_and_takes_nothing(
    browser: Callable[[str], httpx.Client], flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, taskObject="It squeaks.")
    http = browser("eve")

    assert "No tasks are waiting" in http.get("/").text
    assert take(http).url.path == "/"


def test_a_declined_task_is_for_somebody_else(
    browser: Callable[[str], httpx.Client], flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, taskObject="It squeaks.")
    ana, ben = browser("ana"), browser("ben")
    task = take(ana)
    assert take(ben).url.path == "/"

    page = ana.post(f"{task.url.path}/decline", data={"csrf_token": csrf_token(task)})

    assert page.url.path == "/"
    assert "You declined this task" in ana.get(task.url.path).text
    assert take(ben).url.path.startswith("/tasks/")


def test_a_task_that_is_left_is_for_anybody(
    browser: Callable[[str], httpx.Client], flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, taskObject="It squeaks.")
    ana, ben = browser("ana"), browser("ben")
    task = take(ana)
    left = ana.post(f"{task.url.path}/leave", json={}, headers={"X-CSRF-Token": csrf_token(task)})

    assert left.json() == {"next": "/"}
    assert "You left this task" in ana.get(task.url.path).text
    assert take(ben).url.path.startswith("/tasks/")


def test_signing_out_leaves_what_is_open(
    browser: Callable[[str], httpx.Client], flow_definition: str, loops: HumanLoops
) -> None:
    loops.start(flow_definition, taskObject="It squeaks.")
    ana, ben = browser("ana"), browser("ben")
    take(ana)
    assert take(ben).url.path == "/"

    assert "You are signed out" in ana.get("/logout").text

    assert take(ben).url.path.startswith("/tasks/")


def test_a_task_that_takes_too_long_is_over(
    browser: Callable[[str], httpx.Client],
    create_flow_definition: Callable[..., str],
    loops: HumanLoops,
    later: Later,
) -> None:
    loops.start(create_flow_definition(TaskTimeLimitInSeconds=60), taskObject="It squeaks.")
    http = browser("ana")
    task = take(http)
    assert 'data-seconds="60"' in task.text

    later(61)

    assert "The time for this task is over" in http.get(task.url.path).text
    assert submit(http, task, "1").status_code == 410
