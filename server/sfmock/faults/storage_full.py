"""The org's data or file storage is full."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.fault_calls import creates
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="storage_full",
    group="data",
    happens=str(__doc__),
    answers={"rest": fault_errors.STORAGE_FULL},
    state="nothing is written",
    reaction="stop writing, delete or buy",
    source="error-catalogue.md 9, fault 50",
    unverified="the status: 400, or 403",
    suffers=creates,
)
