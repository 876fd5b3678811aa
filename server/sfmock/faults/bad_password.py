"""Username, password or security token are wrong, or the password grant is blocked."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_password
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="bad_password",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.AUTHENTICATION_FAILURE, "login": login_errors.INVALID_LOGIN},
    state="nothing is written",
    reaction="never repeat: each try counts as a failed log-in",
    source="oauth.md 11",
    also=("password_flow_blocked",),
    suffers=by_password,
)
