"""People of a workteam, who work in the worker portal as fast as it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import boto3
import httpx
from bs4 import BeautifulSoup, Tag

from demo.reviewer import PortalError, Reviewer

_PASSWORD = "Reviewed-every-1!"


class Worker(Reviewer):
    """Somebody signed in who takes a task of a certain flow definition and answers it."""

    def begin(self, username: str) -> None:
        """Sign in with the password that :func:`hire` set."""
        page = self._http.get(self._portal_url)
        page = self._fill_in(page, {"username": username, "password": _PASSWORD})
        if not str(page.url).startswith(self._portal_url):
            raise PortalError(f"{username} is not signed in, but at {page.url}")
        self._csrf_token = _token(page)

    def take(self, flow_definition_name: str) -> str | None:
        """Open the next task; its address, or None when none waits."""
        url = f"{self._portal_url}/jobs/{flow_definition_name}/take"
        page = self._http.post(url, data={"csrf_token": self._csrf_token})
        return str(page.url) if "/tasks/" in str(page.url) else None

    def answer(self, task: str, label: str) -> str | None:
        """Answer the open ``task``; the address of the next one, which is open then."""
        done = self._http.post(
            f"{task}/submit",
            json={"answerContent": {"label": label}},
            headers={"X-CSRF-Token": self._csrf_token},
        )
        _check(done)
        following = str(done.json()["next"])
        return urljoin(self._portal_url, following) if "/tasks/" in following else None

    def shown(self, task: str) -> str:
        """What the page of the open ``task`` says."""
        page = self._http.get(f"{task}/page")
        _check(page)
        return " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())

    def answer_all(self, flow_definition_name: str, label: str = "seen") -> int:
        """Answer whatever waits; how many that were."""
        answered = 0
        task = self.take(flow_definition_name)
        while task is not None:
            task = self.answer(task, label)
            answered += 1
        return answered


def hire(session: boto3.Session, *names: str, workteam: str = "reviewers") -> list[str]:
    """Give each of ``names`` an account with a password, in the workteam's group.

    :return: the names that they sign in with.
    """
    cognito = session.client("cognito-idp")
    ssm = session.client("ssm")

    def parameter(name: str) -> str:
        return ssm.get_parameter(Name=f"/human-review/{name}")["Parameter"]["Value"]

    pool, group = parameter("user-pool-id"), parameter(f"workteams/{workteam}/user-group")
    usernames = [f"{name}@example.com" for name in names]
    for username in usernames:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            UserAttributes=[{"Name": "email", "Value": username}],
            MessageAction="SUPPRESS",
        )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=username, Password=_PASSWORD, Permanent=True
        )
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
    return usernames


@contextmanager
def working(portal_url: str, username: str) -> Iterator[Worker]:
    """Somebody at work, until the block ends."""
    worker = Worker(portal_url)
    try:
        worker.begin(username)
        yield worker
    finally:
        worker.close()


def _check(response: httpx.Response) -> None:
    if response.is_error:
        raise PortalError(f"{response.url} answered {response.status_code}: {response.text[:300]}")


def _token(response: httpx.Response) -> str:
    tag = BeautifulSoup(response.text, "html.parser").find("meta", attrs={"name": "csrf-token"})
    if not isinstance(tag, Tag):
        raise PortalError(f"{response.url} is no page of a session: {response.text[:300]}")
    return str(tag["content"])
