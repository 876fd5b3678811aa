"""An access token in JWT format has expired, or cannot be read."""

from __future__ import annotations

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="jwt_token_expired",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": errors.BAD_JWT,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": fault_errors.SOAP_SESSION_KIND,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="refresh once: this 401 has another code than that of opaque tokens",
    source="oauth.md 11; 8.1",
    unverified="the wordings of Bulk 1.0 and SOAP",
    suffers=has_session,
)
