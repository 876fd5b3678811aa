"""The org's rolling 24-hour allowance is spent; the counter stays."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors
from sfmock.faultkind import FaultKind, door_of
from sfmock.routing import Call
from sfmock.wire import Effect


def _counts(call: Call, options: Any) -> bool:
    """Only requests that count against the cap can meet it: one without a live session never does."""
    return call.counted or (call.session is not None and door_of(call) in ("soap", "bulk1"))


def _refuse(call: Call, options: Any) -> Effect | None:
    """Jobs of Bulk 2.0 queries have an allowance, and an error, of their own."""
    if call.request.method == "POST" and call.request.path.endswith("/jobs/query"):
        return Effect(error=fault_errors.BULK_QUERY_JOBS())
    return KIND.answer(call)


KIND = FaultKind(
    name="daily_limit",
    group="limits",
    happens=str(__doc__),
    answers={
        "rest": errors.DAILY_LIMIT,
        "soap": errors.DAILY_LIMIT,
        "bulk1": fault_errors.BULK_QUOTA,
    },
    wire="a Bulk 2.0 query job is refused by 400 `LIMIT_EXCEEDED`; no `Retry-After`",
    state="nothing is written",
    reaction="stop, go on as the window rolls; seconds of waiting do not help",
    source="error-catalogue.md 9, fault 9; rest.md 5.2",
    suffers=_counts,
    ahead=_refuse,
)
