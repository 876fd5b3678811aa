"""`daily_limit`: the org's rolling 24-hour allowance is spent; nothing is carried out, the counter stays.

Wire: REST 403 `REQUEST_LIMIT_EXCEEDED` `TotalRequests Limit exceeded.`. Right reaction: stop, go on when the window has
rolled; seconds of waiting do not help. Source: error-catalogue.md 9, fault 9. To spend the cap for real, set
`limits["DailyApiRequests"].remaining`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors
from sfmock.routing import Call
from sfmock.wire import Effect

NAME = "daily_limit"


@dataclass(frozen=True, slots=True)
class Options:
    """No options."""


def applies(call: Call) -> bool:
    """Only requests that count against the cap can meet it: one without a live session never does."""
    return call.counted


def before(call: Call, options: Options) -> Effect | None:
    """Answer 403 instead of the resource."""
    return Effect(error=errors.DAILY_LIMIT())


def after(call: Call, options: Options) -> Effect | None:
    """Nothing more."""
    return None
