"""`/services/oauth2/token`: every grant type that the fake knows (oauth.md 3 and 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from sfmock import errors, login_errors
from sfmock.org.assertions import audience_hosts
from sfmock.org.devices import INTERVAL
from sfmock.org.grants import Grants
from sfmock.org.hybrid import hybrid_fields
from sfmock.org.identity import instance_url, on_login_host
from sfmock.org.interactive_grants import begin_device, code_grant, device_grant
from sfmock.org.jwt_bearer import jwt_bearer
from sfmock.org.refreshing import Refreshing
from sfmock.org.token_exchange import exchange
from sfmock.org.token_replies import (
    Granted,
    client_credentials_reply,
    full_reply,
    jwt_bearer_reply,
    password_reply,
)
from sfmock.represent import saml
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router(family="oauth")


@router.route("POST", "/services/oauth2/token", name="token", auth=False, counted=False)
def token(call: Call) -> Reply:
    """A new access token."""
    form = call.form()
    grant_type = form.get("grant_type", "")
    if form.get("response_type") == "device_code" and not grant_type:
        return Reply(body=_device_codes(call, form))
    answer = {
        "authorization_code": _authorization_code,
        "device": _device,
        "hybrid_auth_code": _hybrid_code,
        "hybrid_refresh": _hybrid_refresh,
        "client_credentials": _client_credentials,
        "password": _password,
        "refresh_token": _refresh_token,
        "urn:ietf:params:oauth:grant-type:jwt-bearer": _jwt_bearer,
        "urn:ietf:params:oauth:grant-type:token-exchange": _token_exchange,
        "urn:ietf:params:oauth:grant-type:saml2-bearer": _saml,
        "assertion": _saml,
    }.get(grant_type)
    if answer is None:
        raise login_errors.UNSUPPORTED_GRANT()
    grants = Grants(call.org, call.request)
    match form.get("format"):
        case "xml":
            raise errors.refuse("OAuth token replies in format=xml")
        case "urlencoded":
            return _urlencoded(lambda: answer(call, form, grants))
        case None | "" | "json":
            pass
        case _:
            raise errors.refuse(
                "OAuth token replies in a format that is none of json, urlencoded, xml"
            )
    return Reply(body=answer(call, form, grants))


@router.route(
    "GET,PUT,PATCH,DELETE", "/services/oauth2/token", name="token", auth=False, counted=False
)
def get_token(call: Call) -> Reply:
    """Token requests are POST requests: secrets do not belong into a URL."""
    raise login_errors.MUST_POST()


def _urlencoded(answer: Callable[[], dict[str, JSON]]) -> Reply:
    """The reply as a form; how an error looks then, nobody has recorded."""
    try:
        body = {name: str(value) for name, value in answer().items()}
    except errors.Refused:
        raise
    except errors.SalesforceError:
        raise errors.refuse("OAuth errors in format=urlencoded") from None
    return Reply(
        body=urlencode(body), content_type="application/x-www-form-urlencoded;charset=UTF-8"
    )


def _client_credentials(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    if on_login_host(call.request):
        raise login_errors.NOT_ON_LOGIN_HOST()
    app = grants.client(call.request.headers, form)
    _require_no_scope(form)
    granted = Granted(app, grants.client_credentials(app))
    return client_credentials_reply(call.org, call.request, granted)


def _password(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form)
    session = grants.password(app, form.get("username", ""), form.get("password", ""))
    return password_reply(call.org, call.request, Granted(app, session))


def _refresh_token(
    call: Call, form: Mapping[str, str], grants: Grants, *, hybrid: bool = False
) -> dict[str, JSON]:
    app = grants.client(
        call.request.headers, form, needs_secret=lambda app: app.require_secret_for_refresh
    )
    _require_no_scope(form)
    if not call.alone:
        raise login_errors.ALREADY_PROCESSED()
    refreshing = Refreshing(call.org.sessions, call.org.clock)
    used = refreshing.accept(app, form.get("refresh_token", ""))
    session = grants.refresh(app, used)
    shown = refreshing.follow(app, used)
    granted = Granted(app, session, refresh_token=shown)
    return full_reply(call.org, call.request, granted) | _hybrid(call, granted, hybrid)


def _hybrid_refresh(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    return _refresh_token(call, form, grants, hybrid=True)


def _authorization_code(
    call: Call, form: Mapping[str, str], grants: Grants, *, hybrid: bool = False
) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form, needs_secret=lambda app: app.require_secret)
    _require_no_scope(form)
    granted = code_grant(call.org, grants, app, form)
    return full_reply(call.org, call.request, granted) | _hybrid(call, granted, hybrid)


def _hybrid_code(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    return _authorization_code(call, form, grants, hybrid=True)


def _hybrid(call: Call, granted: Granted, wanted: bool) -> dict[str, JSON]:
    if not wanted:
        return {}
    if granted.session.is_jwt and granted.app.refresh_token_rotation:
        # The help page says invalid_grant, and not in which words.
        raise errors.refuse("hybrid flows of an app with JWT access tokens and rotation")
    return dict(hybrid_fields(call.org, granted.session))


def _device(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    app = grants.client(call.request.headers, form, needs_secret=lambda app: False)
    granted = device_grant(call.org, grants, app, form.get("code", ""))
    return full_reply(call.org, call.request, granted)


def _device_codes(call: Call, form: Mapping[str, str]) -> dict[str, JSON]:
    """What a device shows to its user, and what it polls with."""
    device = begin_device(call.org, form)
    return {
        "device_code": device.device_code,
        "user_code": device.user_code,
        "verification_uri": f"{call.request.authority}/setup/connect",
        "interval": INTERVAL,
    }


def _jwt_bearer(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    _require_no_scope(form)
    return jwt_bearer_reply(call.org, call.request, jwt_bearer(grants, form))


def _token_exchange(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    return full_reply(call.org, call.request, exchange(grants, form))


def _saml(call: Call, form: Mapping[str, str], grants: Grants) -> dict[str, JSON]:
    hosts = audience_hosts(call.org, call.request)
    raise saml.refusal(form, hosts, instance_url(call.org, call.request))


def _require_no_scope(form: Mapping[str, str]) -> None:
    if "scope" in form:
        raise login_errors.SCOPE_NOT_SUPPORTED()
