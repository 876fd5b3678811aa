"""The password is right, and the security token is missing at a new place."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_password
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="needs_security_token",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": login_errors.AUTHENTICATION_FAILURE,
        "login": login_errors.LOGIN_MUST_USE_SECURITY_TOKEN,
    },
    state="nothing is written",
    reaction="append the security token to the password",
    source="oauth.md 11",
    suffers=by_password,
)
