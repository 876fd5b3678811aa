"""The grants that follow what a user has said in a browser: authorization codes and devices (oauth.md 3.3, 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sfmock import errors, login_errors
from sfmock.org.approvals import require_permitted
from sfmock.org.apps import ConnectedApp
from sfmock.org.authorize_requests import has_refresh_token, is_granted
from sfmock.org.devices import Device
from sfmock.org.grants import Grants, logs_in_anywhere
from sfmock.org.org import Org
from sfmock.org.token_replies import Granted


def code_grant(org: Org, grants: Grants, app: ConnectedApp, form: Mapping[str, str]) -> Granted:
    """What a code stands for; raises what is wrong with it, its callback or its verifier."""
    code = org.codes.take(form.get("code", ""), app.id)
    if form.get("redirect_uri", "") != code.asked.redirect_uri:
        raise login_errors.REDIRECT_URI_MISMATCH()
    if not code.fits(form.get("code_verifier", "")):
        raise login_errors.INVALID_VERIFIER()
    anywhere = logs_in_anywhere(app, org.logins.policy.caller)
    granted = _granted(org, grants, app, code.user_id, code.asked.scopes, anywhere=anywhere)
    return Granted(
        app,
        granted.session,
        refresh_token=granted.refresh_token,
        nonce=code.asked.nonce,
        authenticated=datetime.fromtimestamp(code.authenticated, UTC),
    )


def begin_device(org: Org, form: Mapping[str, str]) -> Device:
    """The codes of a new device of an app."""
    app = org.apps.find(form.get("client_id", ""))
    if app is None:
        raise login_errors.UNKNOWN_CLIENT()
    if not app.device_flow:
        raise errors.refuse("the device flow of an app that has not enabled it")
    scopes = tuple(dict.fromkeys(form.get("scope", "").split())) or app.scopes
    if not all(is_granted(each, app) for each in scopes):
        raise login_errors.INVALID_SCOPE()
    return org.devices.begin(org.sessions.random, app.id, scopes)


def device_grant(org: Org, grants: Grants, app: ConnectedApp, device_code: str) -> Granted:
    """What the user of a device has approved; raises what the device is told until then."""
    device = org.devices.poll(device_code, app.id)
    return _granted(org, grants, app, device.user_id or "", device.scopes)


def _granted(
    org: Org,
    grants: Grants,
    app: ConnectedApp,
    user_id: str,
    scopes: tuple[str, ...],
    *,
    anywhere: bool = False,
) -> Granted:
    """A session, and a refresh token where the scopes bring one."""
    grants.require_active(user_id)
    require_permitted(org, app, user_id)
    if not has_refresh_token(scopes):
        return Granted(app, grants.open(app, user_id, scopes, anywhere=anywhere))
    refresh = org.sessions.refresh_token(user_id, app.id, scopes)
    session = grants.open(app, user_id, scopes, refresh_token=refresh.family, anywhere=anywhere)
    return Granted(app, session, refresh_token=refresh.token)
