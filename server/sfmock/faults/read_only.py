"""The org can be read and not written, as during upgrades and moves."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.fault_calls import writes
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="read_only",
    group="service",
    happens=str(__doc__),
    answers={"rest": fault_errors.READ_ONLY},
    state="nothing is written",
    reaction="back off for hours, or queue the writes",
    source="error-catalogue.md 3",
    unverified="status and body",
    suffers=writes,
)
