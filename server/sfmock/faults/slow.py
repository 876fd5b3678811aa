"""The request is carried out at once and the reply comes late."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class SlowOptions(Options):
    """How late the reply is."""

    seconds: float = option(5.0, "how late the reply is, by the org's clock", above=0, at_most=600)
    moves_clock: bool = option(False, "the org's clock is moved on by them, and nobody sleeps")


def _hold(call: Call, options: SlowOptions) -> Effect | None:
    """Hold the reply back; after 20 s of the org's clock it counts as a long-running request."""
    return Effect(delay=options.seconds, moves_clock=options.moves_clock)


KIND = FaultKind(
    name="slow",
    group="service",
    happens=str(__doc__),
    wire="the usual reply after `seconds`; in process, a client whose read time-out is shorter gets its time-out at once",
    state="carried out, even where the client has given up",
    reaction="a time-out of its own, then a look before a write is repeated",
    source="error-catalogue.md 9, fault 13, 27; rest.md 5.2",
    options=SlowOptions,
    behind=_hold,
)
