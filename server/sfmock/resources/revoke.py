"""`/services/oauth2/revoke`: an access token, or a refresh token with all that came from it (oauth.md 5.1)."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router(family="oauth")


@router.route("GET,POST", "/services/oauth2/revoke", name="revoke", auth=False, counted=False)
def revoke(call: Call) -> Reply:
    """Nothing but the status says that it worked."""
    form = call.form()
    if "callback" in form:
        raise errors.refuse("OAuth revoke with a JSONP callback")
    token = form.get("token", "")
    if not call.org.sessions.revoke(token):
        raise errors.INVALID_TOKEN(token=token)
    return Reply(content_type=None)
