"""A transaction security policy refuses the operation, or takes too long to decide."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import fault_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class PolicyOptions(Options):
    """What the policy does."""

    form: str = option("refused", "it refuses, or takes too long", one_of=("refused", "slow"))


def _refuse(call: Call, options: PolicyOptions) -> Effect | None:
    """The first is final, the second passes."""
    if options.form == "slow":
        return Effect(error=fault_errors.POLICY_TOO_SLOW())
    return KIND.answer(call)


KIND = FaultKind(
    name="policy_403",
    group="identity",
    happens=str(__doc__),
    answers={"rest": fault_errors.POLICY_REFUSED},
    wire="`form='slow'`: `TXN_SECURITY_METERING_ERROR`",
    state="nothing is written",
    reaction="stop and report: not every 403 is a limit; `slow`: back off and repeat",
    source="error-catalogue.md 9, fault 51; 2",
    unverified="the status of `slow`",
    options=PolicyOptions,
    suffers=has_session,
    ahead=_refuse,
)
