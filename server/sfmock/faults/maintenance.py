"""The instance is down for maintenance."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors
from sfmock.faultkind import FaultKind, Options, door_of, everywhere, option
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class MaintenanceOptions(Options):
    """How REST and SOAP say it."""

    form: str = option("page", "a page of HTML, or the error of the API", one_of=("page", "api"))


_ANSWERS = everywhere(edge.MAINTENANCE)


def _answer(call: Call, options: MaintenanceOptions) -> Effect | None:
    """The page, or SERVER_UNAVAILABLE where an API could still write it."""
    if options.form == "api" and door_of(call) in ("rest", "login", "soap"):
        return Effect(error=errors.SERVER_UNAVAILABLE())
    return KIND.answer(call)


KIND = FaultKind(
    name="maintenance",
    group="service",
    happens=str(__doc__),
    answers=_ANSWERS,
    state="nothing is written",
    reaction="back off for minutes",
    source="error-catalogue.md 9, fault 21; oauth.md 11",
    options=MaintenanceOptions,
    ahead=_answer,
)
