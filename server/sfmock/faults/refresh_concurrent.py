"""Another request refreshes with the same refresh token at this moment."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_refresh
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="refresh_concurrent",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.ALREADY_PROCESSED},
    state="nothing is written",
    reaction="one refresh at a time: wait for that of the other thread",
    source="oauth.md 11; 3.10",
    suffers=by_refresh,
)
