"""Waiting for a condition, with a bound."""

import time
from collections.abc import Callable

_POLL_SECONDS = 0.5


def wait_for(
    what: str, condition: Callable[[], bool], seconds: float, every: float = _POLL_SECONDS
) -> None:
    """Return as soon as ``condition`` holds.

    :param what: what is waited for, as the error should name it.
    :param seconds: how long at most.
    :param every: how many seconds after it did not hold it is asked again.
    :raises TimeoutError: when it does not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)
