"""The connection breaks: before the request is sent, before the work, or after it was committed."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


@dataclass(frozen=True, slots=True)
class ResetOptions(Options):
    """When it breaks."""

    at: str = option(
        "before",
        "before the request is sent, before the work, or after it was committed",
        one_of=("send", "before", "after"),
    )


def _before(call: Call, options: ResetOptions) -> Effect | None:
    """Nothing is done; at `send` a client can know that."""
    if options.at == "send":
        return Effect(travel=Travel(refused=True))
    return Effect(reset=True) if options.at == "before" else None


def _after(call: Call, options: ResetOptions) -> Effect | None:
    """All is done."""
    return Effect(reset=True) if options.at == "after" else None


KIND = FaultKind(
    name="connection_reset",
    group="transport",
    happens=str(__doc__),
    wire="`at='send'`: in process no connection comes about, over a server it breaks; else TCP's reset, no byte of a"
    " reply. Under TLS, OpenSSL calls a reset an end of the stream",
    state="`at='after'`: all is written, although the client saw a failure; else nothing",
    reaction="reads repeat; a write is looked up by its external id first",
    source="error-catalogue.md 9, fault 27, 28",
    options=ResetOptions,
    ahead=_before,
    behind=_after,
)
