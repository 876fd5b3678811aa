"""Token exchange: what another identity provider issued, for a token of Salesforce's (oauth.md 3.9)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, login_errors
from sfmock.org.approvals import is_preauthorized, require_installed
from sfmock.org.apps import ConnectedApp
from sfmock.org.grants import Grants
from sfmock.org.token_replies import Granted
from sfmock.org.users import User

_TYPE = "urn:ietf:params:oauth:token-type:"
_TYPES = ("access_token", "refresh_token", "id_token", "saml2", "jwt")
_REFRESHING = frozenset({"refresh_token", "offline_access"})


def exchange(grants: Grants, form: Mapping[str, str]) -> Granted:
    """What a token of another identity provider is granted."""
    app = grants.client(grants.request.headers, form)
    require_installed(app)
    kind = form.get("subject_token_type", "").removeprefix(_TYPE)
    if kind not in _TYPES or not form.get("subject_token"):
        raise errors.refuse(
            "the error of a token exchange without subject_token and subject_token_type"
        )
    handler = grants.org.token_exchanges.find(form.get("token_handler"))
    if handler is None:
        raise errors.refuse("the error of a token exchange without a handler (org.token_exchanges)")
    user = _user(grants, handler(form["subject_token"], kind))
    if app.permitted_users == "admin_approved" and not is_preauthorized(grants.org, app, user):
        raise login_errors.NOT_PREAUTHORIZED()
    scopes = _scopes(app, form.get("scope"))
    if _REFRESHING.isdisjoint(scopes):
        return Granted(app, grants.open(app, user.id, scopes))
    refresh = grants.sessions.refresh_token(user.id, app.id, scopes)
    session = grants.open(app, user.id, scopes, refresh_token=refresh.family)
    return Granted(app, session, refresh_token=refresh.token)


def _user(grants: Grants, found: User | str | None) -> User:
    user = grants.users.get(found) if isinstance(found, str) else found
    if user is None:
        raise errors.refuse("the error of a token exchange whose handler finds no user")
    grants.require_active(user.id)
    return user


def _scopes(app: ConnectedApp, wanted: str | None) -> tuple[str, ...]:
    if wanted is None:
        return app.scopes
    scopes = tuple(wanted.split())
    if not set(scopes) <= set(app.scopes):
        raise login_errors.INVALID_SCOPE()
    return scopes
