"""`/services/oauth2/token`: every grant type that the fake knows (oauth.md 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors
from sfmock.org.grants import KNOWN_GRANTS, Grants
from sfmock.org.identity import on_login_host
from sfmock.org.jwt_bearer import jwt_bearer
from sfmock.org.refreshing import Refreshing
from sfmock.org.token_replies import (
    Granted,
    client_credentials_reply,
    full_reply,
    jwt_bearer_reply,
    password_reply,
)
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router(family="oauth")


@router.route("POST", "/services/oauth2/token", name="token", auth=False, counted=False)
def token(call: Call) -> Reply:
    """A new access token."""
    form = call.form()
    grant_type = form.get("grant_type", "")
    if form.get("response_type") == "device_code" and not grant_type:
        raise errors.refuse("OAuth device flow (response_type=device_code)")
    answer = {
        "client_credentials": _client_credentials,
        "password": _password,
        "refresh_token": _refresh_token,
        "urn:ietf:params:oauth:grant-type:jwt-bearer": _jwt_bearer,
    }.get(grant_type)
    if answer is None:
        if grant_type in KNOWN_GRANTS:
            raise errors.refuse(f"OAuth grant {grant_type}")
        raise errors.UNSUPPORTED_GRANT()
    if form.get("format") in ("urlencoded", "xml"):
        raise errors.refuse(f"OAuth token replies in format={form['format']}")
    grants = Grants(call.org, call.request)
    return Reply(body=answer(call, form, grants))


@router.route(
    "GET,PUT,PATCH,DELETE", "/services/oauth2/token", name="token", auth=False, counted=False
)
def get_token(call: Call) -> Reply:
    """Token requests are POST requests: secrets do not belong into a URL."""
    raise errors.MUST_POST()


def _client_credentials(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    if on_login_host(call.request):
        raise errors.NOT_ON_LOGIN_HOST()
    app = grants.client(call.request.headers, form)
    _require_no_scope(form)
    granted = Granted(app, grants.client_credentials(app))
    return client_credentials_reply(call.org, call.request, granted)


def _password(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form)
    session = grants.password(app, form.get("username", ""), form.get("password", ""))
    return password_reply(call.org, call.request, Granted(app, session))


def _refresh_token(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(
        call.request.headers, form, needs_secret=lambda app: app.require_secret_for_refresh
    )
    _require_no_scope(form)
    refreshing = Refreshing(call.org.sessions, call.org.clock)
    used = refreshing.accept(app, form.get("refresh_token", ""))
    session = grants.refresh(app, used)
    shown = refreshing.follow(app, used)
    return full_reply(call.org, call.request, Granted(app, session, refresh_token=shown))


def _jwt_bearer(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    _require_no_scope(form)
    return jwt_bearer_reply(call.org, call.request, jwt_bearer(grants, form))


def _require_no_scope(form: Mapping[str, str]) -> None:
    if "scope" in form:
        raise errors.SCOPE_NOT_SUPPORTED()
