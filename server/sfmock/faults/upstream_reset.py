"""503 and a line of text: the proxy at the edge has lost the instance."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, everywhere, option
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class UpstreamOptions(Options):
    """Which text, and when."""

    form: str = option("reset", "the instance was lost, or there is none", one_of=("reset", "none"))
    at: str = option(
        "before", "before the work, or after it was committed", one_of=("before", "after")
    )


def _before(call: Call, options: UpstreamOptions) -> Effect | None:
    """The text in the place of the work."""
    return _answer(options) if options.at == "before" else None


def _after(call: Call, options: UpstreamOptions) -> Effect | None:
    """The text in the place of the reply."""
    return _answer(options) if options.at == "after" else None


def _answer(options: UpstreamOptions) -> Effect:
    return Effect(reply=edge.NO_UPSTREAM if options.form == "none" else edge.UPSTREAM_RESET)


KIND = FaultKind(
    name="upstream_reset",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.UPSTREAM_RESET),
    wire="`form='none'`: `no healthy upstream`",
    state="`at`: nothing is written, or all of it",
    reaction="read again, then repeat; the text is none for users",
    source="error-catalogue.md 9, fault 20",
    options=UpstreamOptions,
    ahead=_before,
    behind=_after,
)
