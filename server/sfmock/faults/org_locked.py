"""The org is locked, closed or suspended."""

from __future__ import annotations

from sfmock import errors, fault_errors, login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="org_locked",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": fault_errors.INACTIVE_ORG,
        "login": fault_errors.ORG_LOCKED,
        "soap": fault_errors.ORG_LOCKED,
        "rest": errors.SESSION_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="stop and report the org",
    source="oauth.md 11",
    unverified="the status of REST (401 or 403), the wording of SOAP",
)
