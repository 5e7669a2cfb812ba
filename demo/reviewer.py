"""A scripted reviewer: works in the worker portal as a person does, without a browser.

It follows the redirects and fills in the forms of the sign-in and portal pages; what a page does
with JavaScript (sending the answer) it does with the same request.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import httpx
from bs4 import BeautifulSoup, Tag


class PortalError(Exception):
    """The portal or the sign-in page answered something a reviewer cannot go on from."""


class Reviewer:
    """Signs in to the worker portal and answers tasks.

    :param portal_url: the worker portal, such as ``http://localhost:4580``.
    """

    def __init__(self, portal_url: str) -> None:
        self._portal_url = portal_url
        self._http = httpx.Client(follow_redirects=True, timeout=30)

    def close(self) -> None:
        """Forget the session."""
        self._http.close()

    def sign_in(self, username: str, temporary_password: str, new_password: str) -> None:
        """Sign in for the first time: the sign-in page asks for a new password.

        :raises PortalError: when the sign-in does not end in the portal.
        """
        page = self._http.get(self._portal_url)
        page = self._fill_in(page, {"username": username, "password": temporary_password})
        page = self._fill_in(page, {"new_password": new_password, "confirm_password": new_password})
        if not str(page.url).startswith(self._portal_url) or _csrf_token(page) is None:
            raise PortalError(f"sign-in ended at {page.url}: {_text(page)}")

    def answer_next(self, decide: Callable[[BeautifulSoup], dict[str, Any]]) -> bool:
        """Answer one task with what ``decide`` makes of its page; False when none waits."""
        jobs = self._http.get(self._portal_url)
        take = _soup(jobs).find("form", action=re.compile(r"^/jobs/.+/take$"))
        if take is None:
            return False
        task = self._submit(jobs, take, {})
        if "/tasks/" not in str(task.url):
            return False
        page = self._get(f"{task.url}/page")
        answer = self._http.post(
            f"{task.url}/submit",
            json={"answerContent": decide(_soup(page))},
            headers={"X-CSRF-Token": _csrf_token(task) or ""},
        )
        if answer.is_error:
            raise PortalError(f"the portal refused an answer: {answer.status_code} {answer.text}")
        return True

    def _get(self, url: str) -> httpx.Response:
        response = self._http.get(url)
        if response.is_error:
            raise PortalError(f"{url} answered {response.status_code}: {_text(response)}")
        return response

    def _fill_in(self, page: httpx.Response, values: dict[str, str]) -> httpx.Response:
        """Fill in the form of ``page`` that has all the named inputs, and send it."""
        for form in _soup(page).find_all("form"):
            names = {field.get("name") for field in form.find_all("input")}
            if values.keys() <= names:
                return self._submit(page, form, values)
        raise PortalError(f"{page.url} has no form with {sorted(values)}: {_text(page)}")

    def _submit(self, page: httpx.Response, form: Tag, values: dict[str, str]) -> httpx.Response:
        hidden = {
            str(field["name"]): str(field.get("value", ""))
            for field in form.find_all("input", attrs={"name": True})
        }
        action = urljoin(str(page.url), str(form.get("action", "")))
        return self._http.post(action, data=hidden | values)


def _soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def _text(response: httpx.Response) -> str:
    return " ".join(_soup(response).get_text(" ").split())[:300]


def _csrf_token(response: httpx.Response) -> str | None:
    tag = _soup(response).find("meta", attrs={"name": "csrf-token"})
    return str(tag["content"]) if isinstance(tag, Tag) else None
