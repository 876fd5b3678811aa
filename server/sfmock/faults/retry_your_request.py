"""The login service fails for a moment."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="retry_your_request",
    group="identity",
    happens=str(__doc__),
    answers={"token": fault_errors.RETRY_YOUR_REQUEST},
    state="nothing is written",
    reaction="back off, repeat a few times",
    source="oauth.md 11; 6",
)
