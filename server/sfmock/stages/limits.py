"""Stage: count the call, or refuse it because the daily cap is spent (rest.md 5.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call


def check(call: Call) -> None:
    """Count one call; raises REQUEST_LIMIT_EXCEEDED once nothing is left."""
    if call.counted and not call.org.limits.count():
        raise errors.DAILY_LIMIT()
