"""The refresh token is revoked in the org, with all sessions that came of it."""

from __future__ import annotations

from typing import Any

from sfmock import login_errors
from sfmock.fault_calls import by_refresh
from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect


def _revoke(call: Call, options: Any) -> Effect | None:
    """The token endpoint then answers as it does for any dead token."""
    call.org.sessions.revoke(call.form().get("refresh_token", ""))
    return None


KIND = FaultKind(
    name="refresh_token_dead",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.EXPIRED_TOKEN},
    state="the refresh token and its sessions are revoked",
    reaction="ask for consent anew; do not try the token again",
    source="error-catalogue.md 9, fault 3; oauth.md 11",
    also=("refresh_revoked", "refresh_rotated_reuse"),
    suffers=by_refresh,
    ahead=_revoke,
)
