"""The connection is closed in order, without one byte of a reply."""

from __future__ import annotations

from sfmock.faultkind import EitherSide, FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


def _before(call: Call, options: EitherSide) -> Effect | None:
    """Nothing is done."""
    return Effect(travel=Travel(closed=True)) if options.at == "before" else None


def _after(call: Call, options: EitherSide) -> Effect | None:
    """All is done."""
    return Effect(travel=Travel(closed=True)) if options.at == "after" else None


KIND = FaultKind(
    name="dropped_before_reply",
    group="transport",
    happens=str(__doc__),
    wire="end of stream where the status line should be",
    state="`at`: nothing is written, or all of it",
    reaction="read again by external id; no blind repetition",
    source="error-catalogue.md 9, fault 27",
    options=EitherSide,
    ahead=_before,
    behind=_after,
)
