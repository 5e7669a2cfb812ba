"""The worker portal: where the people of a workforce sign in, take tasks and answer them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from localcloud.a2i.clock import utcnow
from localcloud.a2i.cloud import Cloud
from localcloud.a2i.liquid import RenderError
from localcloud.a2i.portal.pages import Refusal, page, refused
from localcloud.a2i.portal.request_body import answer_content, form_field
from localcloud.a2i.portal.session import Session, Sessions, forget, remember
from localcloud.a2i.portal.sign_in import CALLBACK, SIGNED_OUT, AppClient, SignIn, is_loopback
from localcloud.a2i.portal.static_files import ElementFiles
from localcloud.a2i.portal.task_page import SANDBOX, task_page
from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Task, TaskGone, Worker

_SEE_OTHER = 303
_GONE = {
    "answered": ("This task is answered", "Your answer is kept. Nothing is left to do here."),
    "declined": ("You declined this task", "Somebody else is asked instead."),
    "expired": (
        "The time for this task is over",
        "It went back to the others; nothing you chose was kept. You can take the next one.",
    ),
    "left": ("You left this task", "It went back to the others. You can take the next one."),
    "not yours": ("This task is not yours", "Somebody else has it, or your team has changed."),
    "unknown": ("No such task", "It is not there, or not any more."),
}


def create_app(
    a2i_for: Callable[[], A2I],
    cloud: Cloud,
    *,
    http_client: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
    now: Callable[[], datetime] = utcnow,
) -> Starlette:
    """The portal of one workforce.

    :param a2i_for: the service in the portal's account and Region.
    :param cloud: where the workforce's user pool is.
    :param http_client: makes the client that calls the user pool. Default: one that trusts the
        usual certificate authorities.
    :param now: the clock that ends sessions.
    """
    portal = _Portal(a2i_for, SignIn(cloud, http_client), Sessions(now), now)
    return Starlette(
        routes=[
            Route("/", portal.jobs),
            Route(CALLBACK, portal.callback),
            Route(SIGNED_OUT, portal.sign_out),
            Route("/jobs/{name}/take", portal.take, methods=["POST"]),
            Route("/tasks/{id}", portal.task),
            Route("/tasks/{id}/page", portal.task_page),
            Route("/tasks/{id}/submit", portal.submit, methods=["POST"]),
            Route("/tasks/{id}/decline", portal.decline, methods=["POST"]),
            Route("/tasks/{id}/leave", portal.leave, methods=["POST"]),
            Mount("/static", ElementFiles()),
        ],
        exception_handlers={Refusal: _refused, TaskGone: _task_gone, 404: _not_found, 500: _fault},
    )


class _Portal:
    """What each address answers."""

    def __init__(
        self,
        a2i_for: Callable[[], A2I],
        sign_in: SignIn,
        sessions: Sessions,
        now: Callable[[], datetime],
    ) -> None:
        self._a2i_for = a2i_for
        self._sign_in = sign_in
        self._sessions = sessions
        self._now = now

    async def jobs(self, request: Request) -> Response:
        """The jobs that have tasks for this worker; sign-in first."""
        workforce = await self._workforce()
        session = self._sessions.of(request)
        if session is None or session.worker is None:
            return await self._begin_sign_in(request, workforce, session)
        jobs = await run_in_threadpool(self._a2i_for().jobs, session.worker)
        return page(
            "jobs.html",
            csrf_token=session.csrf_token,
            worker=session.worker,
            answered=session.answered,
            jobs=jobs,
        )

    async def callback(self, request: Request) -> Response:
        """The hosted page's answer to a sign-in."""
        query = request.query_params
        session = self._sessions.of(request)
        attempt = session.attempts.pop(query.get("state", ""), None) if session else None
        if session is None or attempt is None:
            raise Refusal(
                400,
                "Sign-in failed",
                "This sign-in was not begun in this browser, or it took too long. The portal "
                "needs its cookie.",
                action=("/", "Sign in again"),
            )
        if "code" not in query:
            reason = query.get("error_description") or query.get("error", "it gave no code")
            text = "The sign-in page did not let you through."
            raise Refusal(400, "Sign-in failed", text, reason, ("/", "Sign in again"))
        client = await self._app_client()
        worker = await self._sign_in.worker(client, query["code"], attempt.nonce)
        response = RedirectResponse(attempt.path, _SEE_OTHER)
        remember(request, response, self._sessions.signed_in(session, worker))
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here, then the user pool's own, which leads back here.

        What the worker has open is left to others.
        """
        session = self._sessions.of(request)
        if session is None or session.worker is None:
            text = "Your answers are kept. You can close this window."
            return refused(Refusal(200, "You are signed out", text, action=("/", "Sign in")))
        await run_in_threadpool(self._a2i_for().leave_all, session.worker)
        self._sessions.end(session)
        response = RedirectResponse(self._sign_in.logout_url(await self._app_client()), _SEE_OTHER)
        forget(request, response)
        return response

    async def take(self, request: Request) -> Response:
        """Take the next task of a job."""
        session, worker = self._signed_in(request)
        _check_csrf_token(session, await form_field(request, "csrf_token"))
        return RedirectResponse(await self._next(worker, request.path_params["name"]), _SEE_OTHER)

    async def task(self, request: Request) -> Response:
        """The page around a task."""
        session = self._sessions.of(request)
        if session is None or session.worker is None:
            return await self._begin_sign_in(request, await self._workforce(), session)
        a2i, worker = self._a2i_for(), session.worker
        task = await run_in_threadpool(a2i.open_task, worker, request.path_params["id"])
        jobs = await run_in_threadpool(a2i.jobs, worker)
        name = task.flow_definition_name
        return page(
            "task.html",
            csrf_token=session.csrf_token,
            task=task,
            seconds_left=max(0, int((task.deadline - self._now()).total_seconds())),
            answered=session.answered,
            # What is available includes the task that is open.
            waiting=sum(job.available - 1 for job in jobs if job.flow_definition_name == name),
            sandbox=SANDBOX,
        )

    async def task_page(self, request: Request) -> Response:
        """The task itself: its template, rendered."""
        _, worker = self._signed_in(request)
        a2i = self._a2i_for()
        task = await run_in_threadpool(a2i.open_task, worker, request.path_params["id"])
        try:
            return task_page(await run_in_threadpool(a2i.render, task))
        except RenderError as error:
            text = "The page of this task cannot be shown. Decline it, and tell whoever made it."
            raise Refusal(500, "Broken page", text, error.message) from error

    async def submit(self, request: Request) -> Response:
        """Keep the answer to a task, and say where the next one is."""
        session, worker = self._signed_in(request)
        _check_csrf_token(session, request.headers.get("x-csrf-token", ""))
        answer = await answer_content(request)
        task = await self._open_task(worker, request)
        await run_in_threadpool(self._a2i_for().submit, worker, task.task_id, answer)
        session.answered += 1
        return JSONResponse({"next": await self._next(worker, task.flow_definition_name)})

    async def decline(self, request: Request) -> Response:
        """Leave a task to somebody else, and go to the next one."""
        session, worker = self._signed_in(request)
        _check_csrf_token(session, await form_field(request, "csrf_token"))
        task = await self._open_task(worker, request)
        await run_in_threadpool(self._a2i_for().decline, worker, task.task_id)
        return RedirectResponse(await self._next(worker, task.flow_definition_name), _SEE_OTHER)

    async def leave(self, request: Request) -> Response:
        """Put a task back unanswered, for anybody."""
        session, worker = self._signed_in(request)
        _check_csrf_token(session, request.headers.get("x-csrf-token", ""))
        await run_in_threadpool(self._a2i_for().leave, worker, request.path_params["id"])
        return JSONResponse({"next": "/"})

    async def _workforce(self) -> dict[str, Any]:
        workforce = await run_in_threadpool(self._a2i_for().workforce_for_portal)
        if workforce is None:
            text = "No workforce has been made in this Region yet. Deploy one, then come back."
            raise Refusal(503, "No workforce yet", text, action=("/", "Look again"))
        if "CognitoConfig" not in workforce:
            text = (
                "The workforce signs in with an OpenID Connect provider of its own. This portal "
                "serves workforces that sign in with an Amazon Cognito user pool."
            )
            raise Refusal(501, "Not served here", text, action=None)
        return workforce

    async def _app_client(self) -> AppClient:
        return await self._sign_in.app_client(await self._workforce())

    async def _begin_sign_in(
        self, request: Request, workforce: dict[str, Any], session: Session | None
    ) -> Response:
        canonical = workforce["SubDomain"]
        if request.url.netloc != canonical and is_loopback(request.url.netloc):
            # The session's cookie belongs to the name that the sign-in comes back to.
            return RedirectResponse(f"http://{canonical}{request.url.path}", _SEE_OTHER)
        session = session or self._sessions.begin()
        state, attempt = session.attempt(request.url.path)
        client = await self._sign_in.app_client(workforce)
        response = RedirectResponse(self._sign_in.authorize_url(client, state, attempt), _SEE_OTHER)
        remember(request, response, session)
        return response

    def _signed_in(self, request: Request) -> tuple[Session, Worker]:
        session = self._sessions.of(request)
        if session is None or session.worker is None:
            text = "You are not signed in any more. A task you have open stays yours until its end."
            raise Refusal(401, "Your session has ended", text, action=("/", "Sign in again"))
        return session, session.worker

    async def _open_task(self, worker: Worker, request: Request) -> Task:
        return await run_in_threadpool(self._a2i_for().open_task, worker, request.path_params["id"])

    async def _next(self, worker: Worker, flow_definition_name: str) -> str:
        task = await run_in_threadpool(self._a2i_for().take, worker, flow_definition_name)
        return f"/tasks/{quote(task.task_id, safe='')}" if task else "/"


def _check_csrf_token(session: Session, csrf_token: str) -> None:
    if not session.accepts(csrf_token):
        text = "It did not come from a page of your session. Go back and try again."
        raise Refusal(403, "The request was refused", text)


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    if request.headers.get("content-type", "").startswith("application/json"):
        answer = {"title": refusal.title, "message": f"{refusal.text} {refusal.reason}".strip()}
        return JSONResponse(answer, refusal.status)
    if request.url.path.endswith("/page"):
        # Inside the frame a way back would open the portal in it; the page around has one.
        refusal.action = None
    return refused(refusal)


def _task_gone(request: Request, gone: Exception) -> Response:
    assert isinstance(gone, TaskGone)
    title, text = _GONE[gone.reason]
    return _refused(request, Refusal(404 if gone.reason == "unknown" else 410, title, text))


def _not_found(request: Request, _: Exception) -> Response:
    return _refused(request, Refusal(404, "No such page", "There is nothing at this address."))


def _fault(request: Request, _: Exception) -> Response:
    text = "Something went wrong in the portal; its log says what. Try again in a moment."
    return _refused(request, Refusal(500, "A fault", text))
