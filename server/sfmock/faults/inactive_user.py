"""The user was deactivated or frozen."""

from __future__ import annotations

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import illegal_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="inactive_user",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": login_errors.INACTIVE_USER,
        "login": login_errors.INVALID_LOGIN,
        "rest": errors.SESSION_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": login_errors.SOAP_SESSION,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="stop and report the user",
    source="oauth.md 11",
    fill=illegal_session,
)
