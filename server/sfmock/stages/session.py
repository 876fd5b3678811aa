"""Stage: is there a live session for what needs one (oauth.md 8)?"""

from __future__ import annotations

from sfmock import errors
from sfmock.org.jwt_tokens import is_jwt, is_malformed
from sfmock.routing import Call
from sfmock.wire import LOGIN_HOSTS


def check(call: Call) -> None:
    """Raise 401 for a missing, malformed or dead token, and URL_NOT_RESET for data calls to a login host."""
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
    if not call.session.allows_api:
        raise errors.JWT_WITHOUT_SCOPE() if call.session.is_jwt else errors.SESSION_NOT_FOR_REST()
