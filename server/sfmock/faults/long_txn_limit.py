"""Too many synchronous Apex transactions run for more than five seconds."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="long_txn_limit",
    group="limits",
    happens=str(__doc__),
    answers={"rest": fault_errors.LONG_TRANSACTIONS},
    state="nothing is written",
    reaction="back off; more API calls cannot be bought against it",
    source="error-catalogue.md 9, fault 12",
    suffers=has_session,
)
