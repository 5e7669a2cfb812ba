"""What a worker gets to see and do, request by request."""

import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

import localcloud.a2i.portal
from tests.localcloud.a2i.portal.portal_under_test import PortalUnderTest

REVIEW = {"taskObject": "It squeaks.", "initialValue": -1}
PORTAL = Path(localcloud.a2i.portal.__file__).parent


def csrf_token(page: httpx.Response) -> str:
    return str(re.findall(r'name="csrf-token" content="(.*?)"', page.text)[0])


@pytest.fixture
def task(portal: PortalUnderTest, http: httpx.Client) -> httpx.Response:
    """The page of a task that ana has taken; another one waits."""
    portal.a2i.inputs = [REVIEW, REVIEW]
    jobs = portal.sign_in(http)
    return http.post("/jobs/sentiment--1/take", data={"csrf_token": csrf_token(jobs)})


def test_jobs_are_shown_to_the_team(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.a2i.inputs = [REVIEW, REVIEW]

    page = portal.sign_in(http)

    assert "Classify a product review" in page.text
    assert "2 waiting" in page.text
    assert "up to 10 min" in page.text


def test_somebody_of_another_team_sees_none(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.a2i.inputs = [REVIEW]

    page = portal.sign_in(http, "ben")

    assert "No tasks are waiting" in page.text
    assert "Classify" not in page.text


def test_somebody_on_no_team_is_told_so(portal: PortalUnderTest, http: httpx.Client) -> None:
    portal.a2i.inputs = [REVIEW]

    page = portal.sign_in(http, "cleo")

    assert "not on a team yet" in page.text
    assert "Classify" not in page.text


def test_a_task_is_taken(task: httpx.Response) -> None:
    assert task.url.path == "/tasks/task-0"
    assert "0 answered · 1 waiting" in task.text


def test_the_task_page_has_the_portals_elements(task: httpx.Response, http: httpx.Client) -> None:
    page = http.get("/tasks/task-0/page")

    assert "It squeaks." in page.text
    assert "/static/built/registry.js" in page.text
    assert "assets.crowd.aws" not in page.text


@pytest.mark.parametrize(
    "tag",
    [
        "<script src='https://assets.crowd.aws/crowd-html-elements.js'></script>",
        "<SCRIPT async src=https://assets.crowd.aws/crowd-html-elements.js ></SCRIPT>",
        '<script type="text/javascript"\n src="http://assets.crowd.aws/crowd-html-elements.js">\n'
        "</script>",
    ],
)
def test_the_script_is_replaced_however_it_is_written(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response, tag: str
) -> None:
    portal.a2i.template = f"<!DOCTYPE html><head>{tag}</head>"

    page = http.get("/tasks/task-0/page")

    assert "assets.crowd.aws" not in page.text
    assert page.text.startswith("<!DOCTYPE html><head><link")


def test_an_answer_is_kept_and_the_next_task_follows(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response
) -> None:
    headers = {"X-CSRF-Token": csrf_token(task)}
    answer = {"sentiment": {"label": "1"}}

    first = http.post("/tasks/task-0/submit", json={"answerContent": answer}, headers=headers)
    second = http.post("/tasks/task-1/submit", json={"answerContent": {}}, headers=headers)

    assert first.json() == {"next": "/tasks/task-1"}
    assert second.json() == {"next": "/"}
    assert portal.a2i.answers == {"task-0": answer, "task-1": {}}
    assert "You have answered 2" in http.get("/").text


def test_a_declined_task_leads_to_the_next(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response
) -> None:
    page = http.post("/tasks/task-0/decline", data={"csrf_token": csrf_token(task)})

    assert page.url.path == "/tasks/task-1"
    assert portal.a2i.declined == ["task-0"]


@pytest.mark.parametrize("token", ["", "wrong", "é"])
@pytest.mark.parametrize("action", ["/jobs/sentiment--1/take", "/tasks/task-0/decline"])
def test_a_form_of_another_site_is_refused(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response, action: str, token: str
) -> None:
    page = http.post(action, data={"csrf_token": token})

    assert page.status_code == 403
    assert portal.a2i.declined == []


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "wrong"}])
@pytest.mark.parametrize("action", ["submit", "leave"])
def test_an_answer_of_another_site_is_refused(
    portal: PortalUnderTest,
    http: httpx.Client,
    task: httpx.Response,
    action: str,
    headers: dict[str, str],
) -> None:
    answer = http.post(f"/tasks/task-0/{action}", json={"answerContent": {}}, headers=headers)

    assert answer.status_code == 403
    assert (portal.a2i.answers, portal.a2i.left) == ({}, [])


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("{", 400, "not JSON"),
        ('{"answerContent": {"a": NaN}}', 400, "NaN is not a JSON value"),
        ('{"answerContent": {"a": 1e400}}', 400, "1e400 is not a JSON value"),
        ("[" * 100_000, 400, "not JSON"),
        ('{"answerContent": []}', 400, "no object named answerContent"),
        ("{}", 400, "no object named answerContent"),
        (json.dumps({"answerContent": {"a": "x" * 4_194_304}}), 413, "At most 4194304 bytes"),
    ],
    ids=["no JSON", "NaN", "beyond a double", "deep", "list", "empty", "large"],
)
def test_a_bad_answer_is_refused_with_the_reason(
    portal: PortalUnderTest,
    http: httpx.Client,
    task: httpx.Response,
    body: str,
    status: int,
    message: str,
) -> None:
    headers = {"X-CSRF-Token": csrf_token(task), "Content-Type": "application/json"}

    answer = http.post("/tasks/task-0/submit", content=body, headers=headers)

    assert answer.status_code == status
    assert message in answer.json()["message"]
    assert portal.a2i.answers == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tasks/task-0/page"),
        ("POST", "/jobs/sentiment--1/take"),
        ("POST", "/tasks/task-0/decline"),
        ("POST", "/tasks/task-0/leave"),
        ("POST", "/tasks/task-0/submit"),
    ],
)
def test_nothing_is_to_be_had_after_the_session_has_ended(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response, method: str, path: str
) -> None:
    portal.clock.ahead = timedelta(days=1)

    page = http.request(method, path)

    assert page.status_code == 401
    assert "Your session has ended" in page.text


def test_a_task_of_another_team_is_not_shown(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response
) -> None:
    with httpx.Client(base_url=portal.url, follow_redirects=True) as other:
        portal.sign_in(other, "ben")
        pages = [other.get("/tasks/task-0"), other.get("/tasks/task-0/page")]

    for page in pages:
        assert page.status_code == 410
        assert "It squeaks." not in page.text


@pytest.mark.parametrize(
    ("reason", "status", "title"),
    [
        ("answered", 410, "This task is answered"),
        ("declined", 410, "You declined this task"),
        ("expired", 410, "The time for this task is over"),
        ("left", 410, "You left this task"),
        ("not yours", 410, "This task is not yours"),
        ("unknown", 404, "No such task"),
    ],
)
def test_a_task_that_is_gone_says_why(
    portal: PortalUnderTest,
    http: httpx.Client,
    task: httpx.Response,
    reason: str,
    status: int,
    title: str,
) -> None:
    portal.a2i.end("task-0", reason)

    page = http.get("/tasks/task-0")
    answer = http.post(
        "/tasks/task-0/submit",
        json={"answerContent": {}},
        headers={"X-CSRF-Token": csrf_token(task)},
    )

    assert (page.status_code, answer.status_code) == (status, status)
    assert title in page.text
    assert "Back to the jobs" in page.text


def test_a_page_that_cannot_be_rendered_says_why(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response
) -> None:
    portal.a2i.template = "{{ '' | grant_read_access }}"

    page = http.get("/tasks/task-0/page")

    assert page.status_code == 500
    assert "is not a valid S3 URI" in page.text


def test_a_fault_is_told_and_nothing_of_it_shown(
    portal: PortalUnderTest, http: httpx.Client, task: httpx.Response
) -> None:
    portal.a2i.inputs = []

    page = http.get("/tasks/task-0")
    answer = http.post(
        "/tasks/task-0/submit",
        json={"answerContent": {}},
        headers={"X-CSRF-Token": csrf_token(task)},
    )

    assert (page.status_code, answer.status_code) == (500, 500)
    assert "IndexError" not in page.text
    assert "its log says what" in answer.json()["message"]


def test_an_address_that_is_not_there_is_told(http: httpx.Client) -> None:
    page = http.get("/nothing")

    assert page.status_code == 404
    assert "Back to the jobs" in page.text


def test_the_portals_pages_load_and_frame_nothing_foreign(
    http: httpx.Client, task: httpx.Response
) -> None:
    for page in (http.get("/"), task):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"


def test_the_task_page_has_no_origin(http: httpx.Client, task: httpx.Response) -> None:
    policy = http.get("/tasks/task-0/page").headers["content-security-policy"]

    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy + task.text
    assert "allow-top-navigation" not in policy + task.text
    assert "frame-ancestors 'self'" in policy


def test_the_portal_is_complete_in_itself() -> None:
    for file in (*PORTAL.rglob("*.html"), *PORTAL.rglob("*.js"), *PORTAL.rglob("*.css")):
        if file.parent.name == "built":
            continue  # of these files and of libraries, which name addresses and ask none
        assert not re.search(r"""(https?:|["'(])//""", file.read_text()), file


def test_task_pages_may_load_the_elements(http: httpx.Client) -> None:
    script = http.get("/static/built/registry.js")

    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["content-type"].startswith("text/javascript")
