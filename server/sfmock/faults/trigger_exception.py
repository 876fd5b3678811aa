"""A trigger of the org throws."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import fault_errors
from sfmock.fault_calls import writes
from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class TriggerOptions(Options):
    """What the trigger says."""

    text: str = option(
        "OnAccount: execution of BeforeInsert\n\ncaused by: System.NullPointerException: Attempt to de-reference a"
        " null object\n\nTrigger.OnAccount: line 33, column 1",
        "the whole message",
    )


def _refuse(call: Call, options: TriggerOptions) -> Effect | None:
    """The platform's wording around the exception."""
    return Effect(error=fault_errors.TRIGGER_FAILED(text=options.text))


KIND = FaultKind(
    name="trigger_exception",
    group="data",
    happens=str(__doc__),
    answers={"rest": fault_errors.TRIGGER_FAILED},
    state="nothing is written",
    reaction="send less at a time, then report",
    source="error-catalogue.md 9, fault 48; error-catalogue.md 8",
    options=TriggerOptions,
    suffers=writes,
    ahead=_refuse,
)
