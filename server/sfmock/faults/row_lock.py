"""The row, or a parent of it, is locked by somebody else for too long."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors, ids
from sfmock.fault_calls import writes
from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect


def _refuse(call: Call, options: Any) -> Effect | None:
    """The long wording where the row is known. For locks that last, `org.lock()`."""
    row = ids.canonical(call.params.get("record_id", ""))
    if row is None:
        return KIND.answer(call)
    return Effect(error=errors.UNABLE_TO_LOCK_ROW(count=1, ids=row))


KIND = FaultKind(
    name="row_lock",
    group="data",
    happens=str(__doc__),
    answers={"rest": fault_errors.LOCKED},
    wire="with the id where the path has one",
    state="nothing is written",
    reaction="repeat with jitter",
    source="error-catalogue.md 9, fault 14; error-catalogue.md 8",
    suffers=writes,
    ahead=_refuse,
)
