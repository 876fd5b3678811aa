"""Operations on the org's clock."""

from __future__ import annotations

from datetime import timedelta

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
_PARTS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")


def _now(desk: Desk, _: Given) -> dict[str, JSON]:
    clock = desk.org.clock
    return {"now": moment_json(clock.now), "frozen": clock.state()[1] is not None}


def _advance(desk: Desk, given: Given) -> dict[str, JSON]:
    parts = given.only(*_PARTS)
    if not parts:
        raise WrongError(422, "missing_value", f"one of {', '.join(_PARTS)} is given")
    try:
        step = timedelta(**parts)
    except OverflowError as error:
        raise WrongError(422, "wrong_value", "the clock knows the years 1700 to 4000") from error
    desk.org.clock.advance(step)
    return _now(desk, given)


def _freeze(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.clock.freeze(given.get("at"))
    return _now(desk, given)


def _travel(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.clock.travel(given["to"])
    return _now(desk, given)


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
