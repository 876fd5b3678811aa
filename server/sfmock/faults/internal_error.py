"""500 `UNKNOWN_EXCEPTION` with an ErrorId."""

from __future__ import annotations

from sfmock import errors, fault_errors
from sfmock.fault_calls import error_id
from sfmock.faultkind import EitherSide, FaultKind
from sfmock.represent import edge

KIND = FaultKind(
    name="internal_error",
    group="service",
    happens=str(__doc__),
    answers={
        "token": edge.INTERNAL_ERROR,
        "oauth": edge.INTERNAL_ERROR,
        "identity": edge.INTERNAL_ERROR,
        "rest": errors.UNKNOWN_EXCEPTION,
        "login": errors.UNKNOWN_EXCEPTION,
        "soap": errors.UNKNOWN_EXCEPTION,
        "bulk1": fault_errors.BULK_UNKNOWN,
    },
    state="`at`: nothing is written, or all of it",
    reaction="read again, repeat a few times, keep the ErrorId; a create that is blindly repeated makes a second row",
    source="error-catalogue.md 9, fault 24, 45",
    unverified="OAuth: the page",
    also=("unknown_exception", "bulk_unknown"),
    options=EitherSide,
    fill=error_id,
)
