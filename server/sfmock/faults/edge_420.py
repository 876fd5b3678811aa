"""420: the edge has no route to the org, which is new, moved or gone."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, everywhere, option
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class RouteOptions(Options):
    """What comes with the status."""

    form: str = option("empty", "no body, or the page of a new org", one_of=("empty", "page"))


def _answer(call: Call, options: RouteOptions) -> Effect | None:
    """The status alone, or the page."""
    return Effect(reply=edge.SETTING_UP if options.form == "page" else edge.NO_ROUTE)


KIND = FaultKind(
    name="edge_420",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.NO_ROUTE),
    wire="without a body; `form='page'`: with a page",
    state="nothing is written",
    reaction="repeat twice, then report that the org is gone",
    source="error-catalogue.md 9, fault 19",
    options=RouteOptions,
    ahead=_answer,
)
