"""The caller's session ends in the org: this request and all after it meet a dead token."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind, door_of
from sfmock.routing import Call
from sfmock.wire import Effect


def _end(call: Call, options: Any) -> Effect | None:
    """The stages and handlers then answer as they do for any dead token; Bulk 1.0 has none yet."""
    if call.session is not None:
        call.org.sessions.revoke(call.session.token)
    return Effect(error=fault_errors.BULK_SESSION()) if door_of(call) == "bulk1" else None


KIND = FaultKind(
    name="session_expired",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": errors.SESSION_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": login_errors.SOAP_SESSION,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    state="the session has ended; nothing is written",
    reaction="refresh once, repeat the request once",
    source="error-catalogue.md 9, fault 1; oauth.md 11",
    suffers=has_session,
    ahead=_end,
)
