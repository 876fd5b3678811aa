"""Stage: count the call, or refuse it because the daily cap is spent (rest.md 5.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call


def counts(call: Call) -> bool:
    """Whether this call moves DailyApiRequests; an authenticated 404 or 405 does, too."""
    return call.session is not None and (call.route is None or call.route.counted)


def check(call: Call) -> None:
    """Count one call; raises REQUEST_LIMIT_EXCEEDED once nothing is left."""
    if counts(call) and not call.org.limits.count():
        raise errors.DAILY_LIMIT()
