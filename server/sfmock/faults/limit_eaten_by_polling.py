"""Other clients of the org spend its allowance: the counter runs with each request."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class PollingOptions(Options):
    """What a request costs beside its own call."""

    cost: int = option(100, "calls that others spend meanwhile", at_least=1)


def _counts(call: Call, options: PollingOptions) -> bool:
    """Only calls that count."""
    return call.counted


def _spend(call: Call, options: PollingOptions) -> Effect | None:
    """Add to the counter."""
    call.org.limits.spend(options.cost)
    return None


KIND = FaultKind(
    name="limit_eaten_by_polling",
    group="limits",
    happens=str(__doc__),
    wire="the usual reply; `Sforce-Limit-Info` has risen by more than one",
    state="carried out; `cost` more calls are spent",
    reaction="watch the limit, poll less often",
    source="error-catalogue.md 9, fault 10",
    options=PollingOptions,
    suffers=_counts,
    behind=_spend,
)
