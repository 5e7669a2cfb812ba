"""Time as the engine keeps it: whole milliseconds since 1970, which sort and subtract."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def utcnow() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """A moment as the engine keeps it; one without a time zone is in UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND


def moment(time: int) -> datetime:
    """A kept time as a datetime in UTC."""
    return _EPOCH + time * _MILLISECOND


def iso(time: int) -> str:
    """``2019-11-14T17:37:36.740Z``."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S}.{time % 1000:03d}Z"


def iso_seconds(time: int) -> str:
    """``2019-11-14T17:37:36Z``."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%SZ}"


def sortable(time: int) -> str:
    """A kept time as text of one length, so that keys sort by it."""
    return f"{time:014d}"
