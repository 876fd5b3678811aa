"""The reply comes in small pieces with pauses between them."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


@dataclass(frozen=True, slots=True)
class DripOptions(Options):
    """How the reply trickles."""

    pieces: int = option(10, "into how many pieces the body is cut", at_least=2, at_most=1000)
    pause: float = option(0.05, "seconds before each piece but the first", at_least=0, at_most=600)


def _drip(call: Call, options: DripOptions) -> Effect | None:
    """Let it trickle."""
    return Effect(travel=Travel(pieces=options.pieces, pause=options.pause))


KIND = FaultKind(
    name="drip",
    group="service",
    happens=str(__doc__),
    wire="the usual reply in `pieces`",
    state="carried out",
    reaction="a limit for the whole request: no single read is ever late",
    source="error-catalogue.md 9, incident of fault 29",
    options=DripOptions,
    behind=_drip,
)
