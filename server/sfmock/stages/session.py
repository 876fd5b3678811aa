"""Stage: is there a live session for what needs one (oauth.md 8)?"""

from __future__ import annotations

from sfmock import errors
from sfmock.ids import canonical
from sfmock.org.jwt_tokens import is_jwt, is_malformed
from sfmock.routing import Call
from sfmock.stages import soap_session
from sfmock.wire import LOGIN_HOSTS


def check(call: Call) -> None:
    """Raise 401 for a missing, malformed or dead token, and URL_NOT_RESET for data calls to a login host."""
    if call.envelope is not None:
        soap_session.check(call, call.envelope)
        return
    if not call.needs_session:
        return
    if call.authorization is None:
        raise errors.SESSION_EXPIRED()
    scheme, token = call.authorization
    if scheme not in ("bearer", "oauth") or not token:
        raise errors.BAD_AUTH_HEADER()
    if call.request.hostname in LOGIN_HOSTS:
        raise errors.URL_NOT_RESET()
    if call.session is None:
        if is_jwt(token) and is_malformed(token, call.org.clock.timestamp()):
            raise errors.BAD_JWT()
        raise errors.SESSION_EXPIRED()
    match call.session.bar:
        case "password expired" if not _sets_own_password(call):
            raise errors.PASSWORD_EXPIRED()
        case "API off":
            raise errors.API_OFF()
        case "no API Enabled":
            raise errors.NO_API_ENABLED()
    if not call.session.allows_api:
        raise errors.JWT_WITHOUT_SCOPE() if call.session.is_jwt else errors.SESSION_NOT_FOR_REST()


def _sets_own_password(call: Call) -> bool:
    """Whether this is the one thing that a user may do whose password has run out."""
    name = call.known.name if call.known is not None else None
    record_id = canonical(call.params.get("record_id", ""))
    return name in ("set_password", "password") and record_id == call.user_id
