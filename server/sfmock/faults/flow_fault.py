"""A flow of the org fails."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import fault_errors
from sfmock.fault_calls import writes
from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class FlowOptions(Options):
    """Which flow, and why."""

    flow: str = option("My Flow", "the flow's label")
    detail: str = option(
        "<b>An unhandled fault has occurred in this flow</b><br>An unhandled fault has occurred while processing the"
        " flow.  Please contact your system administrator for more information.",
        "what it says",
    )


def _refuse(call: Call, options: FlowOptions) -> Effect | None:
    """The platform's sentences around the detail; the quotation marks are typographic."""
    text = (
        f"We can't save this record because the \u201c{options.flow}\u201d process failed. Give your Salesforce admin these"
        f" details. {options.detail}"
    )
    return Effect(error=fault_errors.FLOW_FAILED(text=text))


KIND = FaultKind(
    name="flow_fault",
    group="data",
    happens=str(__doc__),
    answers={"rest": fault_errors.FLOW_FAILED},
    state="nothing is written",
    reaction="report",
    source="error-catalogue.md 9, fault 49; error-catalogue.md 8",
    options=FlowOptions,
    suffers=writes,
    ahead=_refuse,
)
