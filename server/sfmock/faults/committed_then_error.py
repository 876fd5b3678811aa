"""A write is stored, and the reply is an error."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors
from sfmock.fault_calls import error_id, writes
from sfmock.faultkind import FaultKind, Options, option
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class CommittedOptions(Options):
    """What the client is told."""

    answer: str = option(
        "internal_error",
        "which error takes the reply's place",
        one_of=("internal_error", "server_unavailable", "edge_502"),
    )


def _tell(call: Call, options: CommittedOptions) -> Effect | None:
    """An error in the place of the reply."""
    if options.answer == "edge_502":
        return Effect(reply=edge.BAD_GATEWAY)
    if options.answer == "server_unavailable":
        return Effect(error=errors.SERVER_UNAVAILABLE())
    return Effect(error=errors.UNKNOWN_EXCEPTION(**error_id(call)))


KIND = FaultKind(
    name="committed_then_error",
    group="transport",
    happens=str(__doc__),
    wire="by `answer`: 500 with an ErrorId, 503, or a page with 502",
    state="all is written, although the client saw a failure",
    reaction="look it up before creating it again",
    source="error-catalogue.md 9, fault 28",
    options=CommittedOptions,
    suffers=writes,
    behind=_tell,
)
