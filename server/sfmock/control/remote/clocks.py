"""Operations on the org's clock."""

from __future__ import annotations

from collections.abc import Callable

from sfmock.clock import Clock
from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import LEFT_OUT, Given, Operation, Parameter
from sfmock.control.remote.schemas import schema
from sfmock.control.remote.shown import moment_json
from sfmock.control.remote.values import MOMENT, NUMBER
from sfmock.wire import JSON

_ANSWER = {
    "now": schema("string", "the org's time"),
    "frozen": schema("boolean", "whether it stands still"),
}
_YEARS = range(1700, 4001)
"""Those of dates in records (metadata.md 2.1)."""
_PARTS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")


def _now(desk: Desk, _: Given) -> dict[str, JSON]:
    clock = desk.org.clock
    return {"now": moment_json(clock.now), "frozen": clock.state()[1] is not None}


def _advance(desk: Desk, given: Given) -> dict[str, JSON]:
    parts = given.only(*_PARTS)
    if not parts:
        raise WrongError(422, "missing_value", f"one of {', '.join(_PARTS)} is given")
    return _moved(desk, lambda clock: clock.advance(**parts))


def _freeze(desk: Desk, given: Given) -> dict[str, JSON]:
    return _moved(desk, lambda clock: clock.freeze(given.get("at")))


def _travel(desk: Desk, given: Given) -> dict[str, JSON]:
    return _moved(desk, lambda clock: clock.travel(given["to"]))


def _moved(desk: Desk, move: Callable[[Clock], None]) -> dict[str, JSON]:
    """Move the clock; it stays where it is rather than to leave the years of Salesforce's dates."""
    clock = desk.org.clock
    before = clock.state()
    move(clock)
    try:
        told = _now(desk, Given())
    except (OverflowError, OSError, ValueError):  # a year that Python does not have either
        told = None
    if told is None or clock.now.year not in _YEARS:
        clock.restore_state(before)
        raise WrongError(422, "wrong_value", "the clock knows the years 1700 to 4000")
    return told


OPERATIONS = (
    Operation("now", "GET", "/clock", "The org's time.", _now, answer=_ANSWER),
    Operation(
        "advance",
        "POST",
        "/clock/advance",
        "Move the clock on by the sum of the parts.",
        _advance,
        tuple(Parameter(each, NUMBER, "how many", LEFT_OUT) for each in _PARTS),
        answer=_ANSWER,
    ),
    Operation(
        "freeze",
        "POST",
        "/clock/freeze",
        "Stop the clock; `advance` and `travel` still move it.",
        _freeze,
        (Parameter("at", MOMENT, "the time to stop at; by default now", LEFT_OUT),),
        answer=_ANSWER,
    ),
    Operation(
        "travel",
        "POST",
        "/clock/travel",
        "Jump to a moment; a running clock runs on from there.",
        _travel,
        (Parameter("to", MOMENT, "the moment"),),
        answer=_ANSWER,
    ),
)
