"""`/services/oauth2/revoke`: an access token, or a refresh token with all that came from it (oauth.md 5.1)."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.represent.documents import jsonp
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router(family="oauth")


@router.route("GET,POST", "/services/oauth2/revoke", name="revoke", auth=False, counted=False)
def revoke(call: Call) -> Reply:
    """Nothing but the status says that it worked, or JavaScript that calls a function, where a page asks for it."""
    form = call.form()
    token, callback = form.get("token", ""), form.get("callback")
    if callback is not None:
        done = jsonp(callback, {})  # a bad name is refused before anything is revoked
        revoked = call.org.sessions.revoke(token)
        return done if revoked else jsonp(callback, {"error": login_errors.INVALID_TOKEN.code})
    if not call.org.sessions.revoke(token):
        raise login_errors.INVALID_TOKEN(token=token)
    return Reply(content_type=None)
