"""A live session may not use this API: a policy, or a kind of session that has no right to it."""

from __future__ import annotations

from sfmock import errors, fault_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="session_kind_refused",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": errors.SESSION_NOT_FOR_REST,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": fault_errors.SOAP_SESSION_KIND,
        "identity": errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="stop and name the policy; a new token is refused as well",
    source="error-catalogue.md 9, fault 2; oauth.md 11",
    unverified="Bulk 1.0",
    also=("session_wrong_kind",),
    suffers=has_session,
)
