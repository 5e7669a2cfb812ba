"""What a check says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import ClientError

from review_cli.wording import words

_NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"}


class Status(StrEnum):
    """What a check found."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    :param name: what was looked at.
    :param sentence: what was found.
    :param next_step: what to do about it; empty when there is nothing to do.
    """

    name: str
    status: Status
    sentence: str
    next_step: str = ""


def ok(name: str, sentence: str) -> Check:
    """It is as it should be."""
    return Check(name, Status.OK, sentence)


def warning(name: str, sentence: str, next_step: str) -> Check:
    """It works, or may work, and should be looked at."""
    return Check(name, Status.WARNING, sentence, next_step)


def problem(name: str, sentence: str, next_step: str) -> Check:
    """It does not work."""
    return Check(name, Status.PROBLEM, sentence, next_step)


def as_far_as_allowed(name: str, checks: Iterable[Check]) -> Iterator[Check]:
    """The checks; what AWS refuses to answer becomes the last of them.

    :param name: what could not be looked at then.
    """
    try:
        yield from checks
    except ClientError as error:
        yield refused(name, error)


def refused(name: str, error: ClientError) -> Check:
    """AWS refused a call: a permission that the caller lacks says nothing of the deployment."""
    if is_not_allowed(error):
        return warning(
            name,
            f"This could not be checked: the credentials do not allow {error.operation_name}.",
            "Allow it, or look again with credentials that do.",
        )
    return problem(
        name,
        f"{error.operation_name} was refused: {words(error)}.",
        "See whether the message names a cause; if not, look again in a minute.",
    )


def is_not_allowed(error: ClientError) -> bool:
    """Say whether the caller lacks a permission."""
    return error.response["Error"]["Code"] in _NOT_ALLOWED
