"""`/services/oauth2/token`: every grant type that the fake knows (oauth.md 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sfmock import errors
from sfmock.org.apps import ConnectedApp
from sfmock.org.grants import KNOWN_GRANTS, Grants, signature
from sfmock.org.identity import identity_url, instance_url, on_login_host
from sfmock.org.sessions import Session
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router(family="oauth")

_EPOCH = datetime.fromtimestamp(0, UTC)


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
    }.get(grant_type)
    if answer is None:
        if grant_type in KNOWN_GRANTS:
            raise errors.refuse(f"OAuth grant {grant_type}")
        raise errors.UNSUPPORTED_GRANT()
    if form.get("format") in ("urlencoded", "xml"):
        raise errors.refuse(f"OAuth token replies in format={form['format']}")
    grants = Grants(call.org.apps, call.org.users, call.org.sessions)
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
    session = grants.client_credentials(app)
    return _reply(call, app, session, token_format="opaque", scope=" ".join(session.scopes))


def _password(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form)
    session = grants.password(app, form.get("username", ""), form.get("password", ""))
    reply = _reply(call, app, session)
    reply["signature"] = reply.pop(
        "signature"
    )  # stands last here, and there is no scope (oauth.md 4)
    return reply


def _refresh_token(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form)
    _require_no_scope(form)
    session = grants.refresh(app, form.get("refresh_token", ""))
    return _reply(call, app, session, scope=" ".join(session.scopes))


def _require_no_scope(form: Mapping[str, str]) -> None:
    if "scope" in form:
        raise errors.SCOPE_NOT_SUPPORTED()


def _reply(call: Call, app: ConnectedApp, session: Session, **granted: str) -> dict[str, JSON]:
    """The reply's keys in recorded order; all values are texts, and nothing says when the token expires."""
    identity = identity_url(call.org, call.request, session.user_id)
    issued_at = str((session.created - _EPOCH) // timedelta(milliseconds=1))
    return {
        "access_token": session.token,
        "signature": signature(app, identity, issued_at),
        **granted,
        "instance_url": instance_url(call.org, call.request),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
