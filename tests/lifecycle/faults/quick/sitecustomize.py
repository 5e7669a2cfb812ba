"""Read by Python as it starts in a function: whatever it waits for takes next to no time.

What botocore does between two attempts, and how often it tries, stays as it is.
"""

import time
from typing import SupportsIndex

_FACTOR = 500
_sleep = time.sleep


def _sleep_less(seconds: float | SupportsIndex) -> None:
    _sleep(float(seconds) / _FACTOR)


time.sleep = _sleep_less
