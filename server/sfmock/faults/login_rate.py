"""The user has logged in too often within the hour."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="login_rate",
    group="limits",
    happens=str(__doc__),
    answers={"token": login_errors.LOGIN_RATE, "login": login_errors.SOAP_LOGIN_RATE},
    state="nothing is written",
    reaction="keep tokens, log in less often",
    source="oauth.md 11; 9",
    unverified="the code of SOAP",
)
