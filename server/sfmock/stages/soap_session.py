"""The session stage of SOAP: is there a live session for the operation (oauth.md 8.2)?"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from sfmock import fault_errors, login_errors
from sfmock.errors import SalesforceError
from sfmock.ids import canonical
from sfmock.org.identity import on_login_host
from sfmock.represent.soap import Operation, api_of
from sfmock.resources.soap.doors import ABSENT, OPERATIONS
from sfmock.routing import Call

_TOKEN = re.compile(r"00D\w{12}![\w.]+")


def check(call: Call, operation: Operation) -> None:
    """Raise the fault of a dead session, of one that may not do this, and of the login host; unknown operations pass."""
    if not _needs_session(call, operation):
        return
    if on_login_host(call.request):
        raise fault_errors.SOAP_WRONG_HOST()
    if call.session is None:
        raise _dead(operation.header("SessionHeader", "sessionId"))
    match call.session.bar:
        case "password expired" if not _sets_own_password(call, operation):
            raise fault_errors.SOAP_PASSWORD_EXPIRED()
        case "API off":
            raise login_errors.SOAP_API_OFF()
        case "no API Enabled":
            raise login_errors.SOAP_NO_API_ENABLED()
    if not call.session.allows_api:
        raise fault_errors.SOAP_SESSION_KIND()


def _needs_session(call: Call, operation: Operation) -> bool:
    api = api_of(call.request.path)
    if operation.namespace != api.namespace or operation.name == "login":
        return False
    # Of the other APIs nothing is served, but a dead session is told first.
    return api.records is None or operation.name in OPERATIONS or operation.name in ABSENT


def _sets_own_password(call: Call, operation: Operation) -> bool:
    """Whether this is the one thing that a user may do whose password has run out."""
    user_id = canonical(operation.argument("userId").strip())
    return operation.name == "setPassword" and user_id == call.user_id


def _dead(token: str | None) -> SalesforceError:
    """The fault of a session id that is missing, malformed or not alive."""
    if token is None:
        return login_errors.SOAP_SESSION(detail="null")
    if _TOKEN.fullmatch(token) is None:
        return login_errors.SOAP_SESSION(detail="Illegal Session")
    digest = b64encode(sha256(token.encode()).digest()).decode()
    return login_errors.SOAP_SESSION(
        detail=f"Illegal Session. Session not found, missing session hash: {digest}\n"
        "This error usually occurs after a session expires or a user logs out. "
    )
