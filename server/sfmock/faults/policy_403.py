"""A transaction security policy refuses the operation."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="policy_403",
    group="identity",
    happens=str(__doc__),
    answers={"rest": fault_errors.POLICY_REFUSED},
    state="nothing is written",
    reaction="stop and report: not every 403 is a limit",
    source="error-catalogue.md 9, fault 51",
    suffers=has_session,
)
