"""A kept connection turns out to be closed when the next request is sent on it."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


def _kept(call: Call, options: Any) -> bool:
    """Only a connection that has carried a request before."""
    return call.request.kept


def _close(call: Call, options: Any) -> Effect | None:
    """Close it."""
    return Effect(travel=Travel(closed=True))


KIND = FaultKind(
    name="stale_keep_alive",
    group="transport",
    happens=str(__doc__),
    wire="end of stream without a byte; never on the first request of a connection",
    state="nothing is written",
    reaction="open a new connection and send the request again",
    source="error-catalogue.md 9, fault 27",
    suffers=_kept,
    ahead=_close,
)
