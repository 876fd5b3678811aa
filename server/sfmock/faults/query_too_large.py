"""The query is too large or too complicated for the platform."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import fault_errors
from sfmock.fault_calls import reads_query
from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.soql.errors import TOO_COMPLICATED
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class LargeOptions(Options):
    """Which of both."""

    code: str = option(
        "large", "too many rows behind it, or too many formulas", one_of=("large", "complicated")
    )


def _refuse(call: Call, options: LargeOptions) -> Effect | None:
    """The error of the query engine."""
    if options.code == "complicated":
        return Effect(error=TOO_COMPLICATED())
    return KIND.answer(call)


KIND = FaultKind(
    name="query_too_large",
    group="data",
    happens=str(__doc__),
    answers={"rest": fault_errors.OPERATION_TOO_LARGE},
    wire="`code='complicated'`: `QUERY_TOO_COMPLICATED`",
    state="nothing is written",
    reaction="narrow the query; repeating does not help",
    source="error-catalogue.md 9, fault 35",
    options=LargeOptions,
    suffers=reads_query,
    ahead=_refuse,
)
