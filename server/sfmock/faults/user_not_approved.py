"""The user of an assertion has not approved the app."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_assertion
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="user_not_approved",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.NOT_APPROVED},
    state="nothing is written",
    reaction="approve the app once, or have it pre-authorized",
    source="oauth.md 11",
    suffers=by_assertion,
)
