"""Too many long-running requests are under way."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="concurrent_limit",
    group="limits",
    happens=str(__doc__),
    answers={"rest": fault_errors.CONCURRENT_LIMIT, "soap": fault_errors.CONCURRENT_LIMIT},
    state="nothing is written",
    reaction="back off, ask for less at a time",
    source="error-catalogue.md 9, fault 11; rest.md 5.2",
    suffers=has_session,
)
