"""What the user-agent flow puts behind the `#` of a callback: tokens, without a request to the token endpoint (oauth.md 3.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sfmock import errors
from sfmock.org.apps import ConnectedApp
from sfmock.org.authorize_requests import Asked, has_refresh_token
from sfmock.org.grants import Grants, logs_in_anywhere
from sfmock.org.hybrid import hybrid_fields
from sfmock.org.org import Org
from sfmock.org.token_replies import Granted, full_reply
from sfmock.wire import Request

_ORDER = ("access_token", "instance_url", "id", "issued_at", "signature", "scope", "token_type")
_SUCCESS = "/services/oauth2/success"


def fragment(
    org: Org, request: Request, asked: Asked, app: ConnectedApp, user_id: str, authenticated: float
) -> dict[str, str]:
    """The values, in the order of the guide; a refresh token only for a callback that no web server answers."""
    grants = Grants(org, request)
    grants.require_active(user_id)
    refresh = None
    if has_refresh_token(asked.scopes) and _keeps_secrets(asked.redirect_uri):
        refresh = org.sessions.refresh_token(user_id, app.id, asked.scopes)
    family = None if refresh is None else refresh.family
    anywhere = logs_in_anywhere(app, org.logins.policy.caller)
    session = grants.open(app, user_id, asked.scopes, refresh_token=family, anywhere=anywhere)
    at = datetime.fromtimestamp(authenticated, UTC)
    granted = Granted(app, session, nonce=asked.nonce, authenticated=at)
    reply = {name: str(value) for name, value in full_reply(org, request, granted).items()}
    values = {name: reply.pop(name) for name in _ORDER}
    if "id_token" not in asked.response_type.split():
        reply.pop("id_token", None)
    elif "id_token" not in reply:
        raise errors.refuse("response_type=token id_token without the scope openid")
    values |= reply
    if asked.response_type == "hybrid_token":
        values |= hybrid_fields(org, session)
    if refresh is not None:
        values["refresh_token"] = refresh.token
    return values


def _keeps_secrets(redirect_uri: str) -> bool:
    """Whether the callback is an app's own scheme, or the page that apps read the address of."""
    parts = urlsplit(redirect_uri)
    return parts.scheme not in ("http", "https") or parts.path == _SUCCESS
