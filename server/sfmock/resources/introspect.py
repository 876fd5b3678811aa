"""`/services/oauth2/introspect`: the state of a token, told to the app that it was issued to (oauth.md 5.2)."""

from __future__ import annotations

from sfmock import errors, login_errors
from sfmock.errors import SalesforceError
from sfmock.org.apps import ConnectedApp
from sfmock.org.grants import Grants
from sfmock.org.identity import identity_url
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router(family="oauth")


@router.route("POST", "/services/oauth2/introspect", name="introspect", auth=False, counted=False)
def introspect(call: Call) -> Reply:
    """What is known of a live token; of any other only that it is not active."""
    form = call.form()
    app = _client(call, form)
    token = form.get("token", "")
    refresh = call.org.sessions.find_refresh(token)
    if refresh is not None and refresh.app_id == app.id:
        raise errors.refuse("OAuth introspection of a live refresh token")
    session = call.org.sessions.get(token)
    owner = None if session is None else call.org.apps.by_id(session.app_id)
    if session is None or owner is None or not (owner.id == app.id or app.introspect_all):
        return Reply(body={"active": False})
    issued = int(session.created.timestamp())
    body: dict[str, JSON] = {
        "active": True,
        "scope": " ".join(session.scopes),
        "client_id": owner.client_id,
        "username": call.org.users.find(session.user_id).username,
        "sub": identity_url(call.org, call.request, session.user_id),
        "token_type": "access_token",
        "exp": int(session.expires.timestamp()),
        "iat": issued,
        "nbf": issued,
    }
    return Reply(body=body)


def _client(call: Call, form: dict[str, str]) -> ConnectedApp:
    """The app that asks; whatever is wrong with its credentials, the answer is 401 `invalid_client`."""
    grants = Grants(call.org, call.request)
    try:
        return grants.client(call.request.headers, form)
    except SalesforceError as error:
        if error.code in (login_errors.UNKNOWN_CLIENT.code, login_errors.BAD_CLIENT_SECRET.code):
            raise login_errors.CLIENT_NOT_PROVEN() from None
        raise
