"""Who is signed in: sessions kept on the server, known by a cookie."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from localcloud.a2i.worker import Worker

WORKING_DAY = timedelta(hours=9)
SIGN_IN_TIME = timedelta(minutes=15)
_ATTEMPTS = 5


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way: what the answer to it must carry, and where it leads."""

    nonce: str
    path: str


@dataclass
class Session:
    """One browser, before and after somebody signed in with it.

    :param worker: who is signed in. Default: nobody yet.
    :param answered: how many tasks were answered in this session.
    """

    expires_at: datetime
    worker: Worker | None = None
    answered: int = 0
    id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    csrf_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    attempts: dict[str, Attempt] = field(default_factory=dict)

    def attempt(self, path: str) -> tuple[str, Attempt]:
        """Begin a sign-in; several tabs may, and the oldest is forgotten."""
        state = secrets.token_urlsafe(24)
        self.attempts[state] = Attempt(secrets.token_urlsafe(24), path)
        while len(self.attempts) > _ATTEMPTS:
            del self.attempts[next(iter(self.attempts))]
        return state, self.attempts[state]

    def accepts(self, csrf_token: str) -> bool:
        """Whether a request with this token came from one of the session's own pages."""
        return hmac.compare_digest(self.csrf_token.encode(), csrf_token.encode())


class Sessions:
    """The sessions of one portal, in memory: a restart signs everybody out.

    :param now: the clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._open: dict[str, Session] = {}

    def of(self, request: Request) -> Session | None:
        """The session a request belongs to, unless it has ended.

        That of a worker ends a working day after it was used last.
        """
        session = self._open.get(request.cookies.get(_cookie(request), ""))
        if session is None or self._now() >= session.expires_at:
            return None
        if session.worker:
            session.expires_at = self._now() + WORKING_DAY
        return session

    def begin(self) -> Session:
        """A session in which nobody is signed in yet."""
        return self._kept(Session(self._now() + SIGN_IN_TIME))

    def signed_in(self, before: Session, worker: Worker) -> Session:
        """The session of a worker, under an id that nobody knew before."""
        self.end(before)
        return self._kept(Session(self._now() + WORKING_DAY, worker))

    def end(self, session: Session) -> None:
        """Forget a session."""
        self._open.pop(session.id, None)

    def _kept(self, session: Session) -> Session:
        now = self._now()
        self._open = {each.id: each for each in self._open.values() if now < each.expires_at}
        self._open[session.id] = session
        return session


def remember(request: Request, response: Response, session: Session) -> None:
    """Have the browser send the session with its next requests."""
    response.set_cookie(
        _cookie(request),
        session.id,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def forget(request: Request, response: Response) -> None:
    """Have the browser drop its session."""
    response.delete_cookie(_cookie(request), httponly=True, samesite="lax")


def _cookie(request: Request) -> str:
    # Cookies do not tell ports apart; two portals on one machine must.
    return f"worker-portal-{request.url.port or 443}"
