"""A slow query ends in the page of a maintenance that is none."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.fault_calls import reads_query
from sfmock.faultkind import FaultKind, Options, option
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class LongQueryOptions(Options):
    """How long it takes to fail."""

    seconds: float = option(120.0, "how late the page is", above=0, at_most=600)
    moves_clock: bool = option(False, "the org's clock is moved on by them, and nobody sleeps")


def _answer(call: Call, options: LongQueryOptions) -> Effect | None:
    """The page, late."""
    return Effect(reply=edge.MAINTENANCE, delay=options.seconds, moves_clock=options.moves_clock)


KIND = FaultKind(
    name="maintenance_on_long_query",
    group="service",
    happens=str(__doc__),
    answers={"rest": edge.MAINTENANCE},
    wire="after `seconds`",
    state="nothing is written",
    reaction="narrow the query; waiting does not help",
    source="error-catalogue.md 9, fault 22",
    options=LongQueryOptions,
    suffers=reads_query,
    ahead=_answer,
)
