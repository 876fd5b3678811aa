"""What a token request is granted: the client checked, then one function a grant type (oauth.md 3)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sfmock import errors, login_errors
from sfmock.org.approvals import require_installed, require_permitted
from sfmock.org.apps import Apps, ConnectedApp
from sfmock.org.client_assertions import asserted_client
from sfmock.org.ip_ranges import within
from sfmock.org.org import Org
from sfmock.org.refresh_tokens import RefreshToken
from sfmock.org.sessions import Session, Sessions
from sfmock.org.users import LoginRefusedError, Refusal, Users
from sfmock.wire import Headers, Request

_REFUSALS: Mapping[Refusal, errors.Kind] = {
    "unknown": login_errors.AUTHENTICATION_FAILURE,
    "token missing": login_errors.AUTHENTICATION_FAILURE,
    "locked": login_errors.AUTHENTICATION_FAILURE,
    "inactive": login_errors.INACTIVE_USER,
    "address": login_errors.IP_RESTRICTED,
    "hours": login_errors.OUTSIDE_LOGIN_HOURS,
    "rate": login_errors.LOGIN_RATE,
}
"""What the token endpoint answers to each reason not to let a user in (oauth.md 6)."""
_NOT_FOR_CREDENTIALS = frozenset({"full", "web", "refresh_token", "offline_access"})


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants of one org; each opens a session or raises the OAuth error."""

    org: Org
    request: Request = field(repr=False)

    @property
    def apps(self) -> Apps:
        """The org's connected apps."""
        return self.org.apps

    @property
    def users(self) -> Users:
        """The org's users."""
        return self.org.users

    @property
    def sessions(self) -> Sessions:
        """The org's sessions."""
        return self.org.sessions

    def client(
        self,
        headers: Headers,
        form: Mapping[str, str],
        *,
        needs_secret: Callable[[ConnectedApp], bool] = lambda app: True,
    ) -> ConnectedApp:
        """The app that proved itself, in the body or by Basic; raises UNKNOWN_CLIENT or BAD_CLIENT_SECRET.

        A secret that is sent though the app does not need it is checked all the same (oauth.md 3.1).
        """
        if form.get("client_assertion") or form.get("client_assertion_type"):
            return asserted_client(self.org, self.request, form)
        client_id, client_secret = basic(headers) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        app = self.apps.find(client_id)
        if app is None:
            raise login_errors.UNKNOWN_CLIENT()
        if (client_secret or needs_secret(app)) and not app.accepts(client_secret):
            raise login_errors.BAD_CLIENT_SECRET()
        return app

    def client_credentials(self, app: ConnectedApp) -> Session:
        """A session of the app's Run As user (oauth.md 3.6)."""
        require_installed(app)
        if not app.client_credentials:
            raise login_errors.CREDENTIALS_FLOW_OFF()
        if app.run_as is None:
            raise login_errors.NO_RUN_AS_USER()
        self.require_active(app.run_as)
        scopes = tuple(each for each in app.scopes if each not in _NOT_FOR_CREDENTIALS)
        if not scopes:
            raise login_errors.NO_VALID_SCOPES()
        return self.open(app, app.run_as, scopes)

    def password(self, app: ConnectedApp, username: str, password: str) -> Session:
        """A session of the user who logs in with password and security token (oauth.md 3.8)."""
        if app.kind == "external_client_app" or not self.org.logins.policy.password_flow:
            raise login_errors.AUTHENTICATION_FAILURE()  # not to be told from a wrong password
        try:
            user = self.org.logins.by_password(username, password, anywhere=_anywhere(app))
        except LoginRefusedError as refused:
            raise refused.as_error(_REFUSALS[refused.reason]) from None
        if self.users.state(user.id).password_expired:
            raise login_errors.AUTHENTICATION_FAILURE()  # oauth.md 11
        require_permitted(self.org, app, user.id)
        return self._session(app, user.id, app.scopes)

    def refresh(self, app: ConnectedApp, found: RefreshToken) -> Session:
        """A new session from a refresh token that was accepted."""
        self.require_active(found.user_id)
        require_permitted(self.org, app, found.user_id)
        relaxed = app.ip_relaxation in ("relax", "relax_for_refresh")
        return self.open(
            app, found.user_id, found.scopes, refresh_token=found.family, anywhere=relaxed
        )

    def open(
        self,
        app: ConnectedApp,
        user_id: str,
        scopes: tuple[str, ...],
        *,
        refresh_token: str | None = None,
        anywhere: bool = False,
    ) -> Session:
        """A session of a user through an app, for whom this is a log-in; `anywhere`: also where the profile forbids it."""
        anywhere = anywhere or _anywhere(app)
        try:
            self.org.logins.admit(self.users.find(user_id), anywhere=anywhere)
        except LoginRefusedError as refused:
            raise refused.as_error(_REFUSALS[refused.reason]) from None
        return self._session(app, user_id, scopes, refresh_token=refresh_token)

    def _session(
        self,
        app: ConnectedApp,
        user_id: str,
        scopes: tuple[str, ...],
        *,
        refresh_token: str | None = None,
    ) -> Session:
        return self.sessions.open(
            user_id,
            kind="oauth",
            app_id=app.id,
            lifetime=app.session_lifetime,
            scopes=scopes,
            refresh_token=refresh_token,
            jwt_for=app.client_id if app.jwt_access_tokens else None,
        )

    def require_active(self, user_id: str) -> None:
        """Raise INACTIVE_USER for a user who may not work."""
        if not self.users.active(user_id):
            raise login_errors.INACTIVE_USER()


def logs_in_anywhere(app: ConnectedApp, caller: str) -> bool:
    """Whether the app relaxes the restrictions on addresses in the web server flow: by its policy, or its own trusted ranges."""
    if app.ip_relaxation == "relax_for_activated":
        raise errors.refuse("IP relaxation for activated devices")
    return app.ip_relaxation == "relax" or within(caller, app.ip_ranges)


def _anywhere(app: ConnectedApp) -> bool:
    """Whether the app relaxes them in every flow."""
    return app.ip_relaxation == "relax"


def bearer(headers: Headers) -> str | None:
    """The token of an Authorization header with scheme Bearer or OAuth, or None."""
    scheme, _, token = (headers.get("Authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() in ("bearer", "oauth") else None


def basic(headers: Headers) -> tuple[str, str] | None:
    """Client id and secret of a Basic Authorization header, or None."""
    scheme, _, text = (headers.get("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:  # no base64, no ASCII or no UTF-8
        return "", ""
    return client_id, secret
