"""The caller's address is outside the ranges that the profile or the app allows."""

from __future__ import annotations

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import illegal_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="ip_restricted",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": login_errors.IP_RESTRICTED,
        "login": login_errors.INVALID_LOGIN,
        "rest": errors.SESSION_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": login_errors.SOAP_SESSION,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="report the address; the credentials are right",
    source="error-catalogue.md 9, fault 4; oauth.md 11",
    fill=illegal_session,
)
