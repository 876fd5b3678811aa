"""Stage: is there room for the call, at once and within the day (rest.md 5.2)? Count it."""

from __future__ import annotations

from sfmock import errors, fault_errors
from sfmock.routing import Call


def check(call: Call) -> None:
    """Count one call; raises REQUEST_LIMIT_EXCEEDED while too many long ones run, or once nothing is left."""
    if not call.counted:
        return
    limits = call.org.limits
    if limits.too_many_at_once():
        raise fault_errors.CONCURRENT_LIMIT()
    if not limits.count(call.app_name):
        raise errors.DAILY_LIMIT()
