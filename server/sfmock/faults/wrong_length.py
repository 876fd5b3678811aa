"""The reply announces another length than its body has."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


@dataclass(frozen=True, slots=True)
class LengthOptions(Options):
    """By how much."""

    by: int = option(
        100, "bytes more than there are, or fewer", at_least=-1_000_000, at_most=1_000_000
    )


def _lie(call: Call, options: LengthOptions) -> Effect | None:
    """Announce another length."""
    return Effect(travel=Travel(longer=options.by))


KIND = FaultKind(
    name="wrong_length",
    group="transport",
    happens=str(__doc__),
    wire="`Content-Length` is off by `by` bytes; the connection ends behind the body",
    state="carried out",
    reaction="fetch it again",
    source="error-catalogue.md 9, fault 29",
    options=LengthOptions,
    behind=_lie,
)
