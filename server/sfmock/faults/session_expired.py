"""`session_expired`: the caller's session ends in the org, so this request and all after it meet a dead token.

Wire: REST 401 `INVALID_SESSION_ID`, SOAP fault `sf:INVALID_SESSION_ID`, identity 403 `Bad_OAuth_Token`. State: nothing is
written. Right reaction: refresh once, repeat the request once. Source: error-catalogue.md 9, fault 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.routing import Call
from sfmock.wire import Effect

NAME = "session_expired"


@dataclass(frozen=True, slots=True)
class Options:
    """No options."""


def applies(call: Call) -> bool:
    """Only a request that carries a live session can find it expired."""
    return call.session is not None


def before(call: Call, options: Options) -> Effect | None:
    """End the session; the session stage then answers as it does for any dead token."""
    if call.session is not None:
        call.org.sessions.revoke(call.session.token)
    return None


def after(call: Call, options: Options) -> Effect | None:
    """Nothing more."""
    return None
