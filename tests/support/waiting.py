"""Waiting for another thread, which the tests of things under way cannot do without."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(reached: Callable[[], bool]) -> None:
    """Until another thread has come so far; a time-out is a failure."""
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.001)
