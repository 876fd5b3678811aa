"""What a browser is shown, and where it is sent, between the request for authorization and its answer (oauth.md 3.3 to 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sfmock import errors, login_errors
from sfmock.errors import Kind
from sfmock.org.approvals import is_preauthorized
from sfmock.org.apps import ConnectedApp
from sfmock.org.authorize_requests import Asked
from sfmock.org.devices import Device
from sfmock.org.fragments import fragment
from sfmock.org.grants import logs_in_anywhere
from sfmock.org.interactions import Interaction
from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.org.users import LoginRefusedError, User
from sfmock.wire import Request

PageName: TypeAlias = Literal["login", "accounts", "code", "approval", "done", "error", "expired"]

_API_ONLY = "PermissionsApiUserOnly"
LOGIN_FAILED = (
    "Please check your username and password. If you still can't log in, contact your Salesforce"
    " administrator."
)
UNKNOWN_USER_CODE = "The code is invalid or has expired."


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown next."""

    name: PageName
    interaction: Interaction | None = None
    note: str = ""
    app: ConnectedApp | None = None
    user: User | None = None
    scopes: tuple[str, ...] = ()
    display: str = "page"
    login_hint: str = ""
    session: Session | None = None
    """The one that the browser has from now on."""


@dataclass(frozen=True, slots=True)
class SendTo:
    """Where the browser goes: the interaction is over."""

    location: str = field(repr=False)


Step: TypeAlias = Page | SendTo


@dataclass(frozen=True, slots=True)
class Authorizing:
    """The steps of one org's interactions; `session` is that of the browser, `browser` what it is known by."""

    org: Org
    request: Request
    browser: str = field(repr=False)
    session: Session | None

    def authorize(self, asked: Asked) -> Step:
        """The first step of the web server and the user-agent flow."""
        session = None if "login" in asked.prompts else self.session
        if asked.immediate:
            return self._at_once(asked, session)
        user_id = None if session is None else session.user_id
        interaction = self.org.interactions.begin("authorize", asked.text(), self.browser, user_id)
        if session is not None and "select_account" in asked.prompts:
            return self._page("accounts", interaction)
        return self._next(interaction)

    def connect(self, user_code: str) -> Step:
        """The first step of a user who connects a device."""
        user_id = None if self.session is None else self.session.user_id
        interaction = self.org.interactions.begin("device", user_code, self.browser, user_id)
        return self._next(interaction)

    def go_on(self, form: Mapping[str, str]) -> Step:
        """The step after the form of a page."""
        interaction = self.org.interactions.find(form.get("ticket", ""), self.browser)
        if interaction is None:
            return Page("expired")
        match form.get("action"):
            case "login":
                return self._log_in(interaction, form)
            case "switch":
                return self._page("login", self.org.interactions.log_in(interaction, None))
            case "code":
                return self._take_code(interaction, form)
            case ("allow" | "deny") as action if self._is_here(interaction):
                return self._answer(interaction, allowed=action == "allow")
        return self._next(interaction)

    def _is_here(self, interaction: Interaction) -> bool:
        """Whether the one who logged in on this interaction's pages still is."""
        return self.session is not None and self.session.user_id == interaction.user_id

    def _log_in(self, interaction: Interaction, form: Mapping[str, str]) -> Step:
        username, password = form.get("username", ""), form.get("password", "")
        try:
            user = self.org.logins.by_password(
                username, password, anywhere=self._is_relaxed(interaction), on_page=True
            )
        except LoginRefusedError as refused:
            if refused.aftermath is not None:
                refused.aftermath()  # the page is no failed request: what it writes is kept
            return self._page("login", interaction, note=LOGIN_FAILED, login_hint=username)
        if self.org.users.state(user.id).password_expired:
            raise errors.refuse("changing an expired password on the login page")
        session = self.org.sessions.open(user.id, kind="ui")
        here = Authorizing(self.org, self.request, self.browser, session)
        return here._next(self.org.interactions.log_in(interaction, user.id))

    def _is_relaxed(self, interaction: Interaction) -> bool:
        """Whether the app that asks relaxes where its users log in from."""
        if interaction.purpose == "device":
            return False
        app = self._app(Asked.from_text(interaction.subject).app_id)
        return logs_in_anywhere(app, self.org.logins.policy.caller)

    def _take_code(self, interaction: Interaction, form: Mapping[str, str]) -> Step:
        if interaction.purpose != "device":
            return self._next(interaction)
        self.org.interactions.end(interaction)
        again = self.org.interactions.begin(
            "device", form.get("user_code", ""), self.browser, interaction.user_id
        )
        return self._next(again)

    def _next(self, interaction: Interaction) -> Step:
        """Where an interaction stands: somebody is to log in, is to be asked, or all is said."""
        if not self._is_here(interaction):
            return self._page("login", interaction)
        if interaction.purpose == "device":
            return self._next_of_device(interaction)
        asked, user = Asked.from_text(interaction.subject), self._user(interaction)
        app = self._app(asked.app_id)
        self._require_no_obstacle(asked, app, user)
        if not self._is_settled(asked, app, user) or "consent" in asked.prompts:
            return self._page("approval", interaction)
        return self._finish(interaction, asked, app, user)

    def _next_of_device(self, interaction: Interaction) -> Step:
        device = self.org.devices.of_user_code(interaction.subject)
        if device is None:
            note = UNKNOWN_USER_CODE if interaction.subject else ""
            return self._page("code", interaction, note=note)
        obstacle = self._obstacle(self._app(device.app_id), self._user(interaction))
        if obstacle is not None:
            return self._page("error", interaction, note=f"{obstacle.code} : {obstacle.template}")
        return self._page("approval", interaction)

    def _answer(self, interaction: Interaction, *, allowed: bool) -> Step:
        """The user has said yes or no."""
        user = self._user(interaction)
        if interaction.purpose == "device":
            device = self.org.devices.of_user_code(interaction.subject)
            if device is None:
                return self._next(interaction)
            return self._answer_device(interaction, device, user, allowed=allowed)
        asked = Asked.from_text(interaction.subject)
        if not allowed:
            raise asked.refusal(login_errors.ACCESS_DENIED)
        app = self._app(asked.app_id)
        self._require_no_obstacle(asked, app, user)
        self.org.consents.note(user.id, app.id, asked.scopes)
        return self._finish(interaction, asked, app, user)

    def _answer_device(
        self, interaction: Interaction, device: Device, user: User, *, allowed: bool
    ) -> Step:
        if allowed:
            self.org.consents.note(user.id, device.app_id, device.scopes)
        page = self._page("done", interaction, note="connected" if allowed else "denied")
        self.org.devices.answer(device, user.id, approved=allowed)
        self.org.interactions.end(interaction)
        return page

    def _at_once(self, asked: Asked, session: Session | None) -> Step:
        """The answer without any page (immediate=true)."""
        app = self._app(asked.app_id)
        user = None if session is None else self.org.users.get(session.user_id)
        if user is None or not self._is_settled(asked, app, user):
            raise asked.refusal(login_errors.IMMEDIATE_UNSUCCESSFUL)
        self._require_no_obstacle(asked, app, user)
        return SendTo(self._location(asked, app, user))

    def _finish(
        self, interaction: Interaction, asked: Asked, app: ConnectedApp, user: User
    ) -> Step:
        self.org.interactions.end(interaction)
        return SendTo(self._location(asked, app, user))

    def _location(self, asked: Asked, app: ConnectedApp, user: User) -> str:
        """The callback with what was asked for."""
        at = (
            self.org.clock.timestamp() if self.session is None else self.session.created.timestamp()
        )
        if asked.wants_code:
            codes = self.org.codes
            code = codes.issue(self.org.sessions.random, user.id, asked, authenticated=at)
            return asked.location({"code": code})
        return asked.location(fragment(self.org, self.request, asked, app, user.id, at))

    def _is_settled(self, asked: Asked, app: ConnectedApp, user: User) -> bool:
        """Whether nobody needs to be asked: the administrator has approved, or the user has before."""
        if app.permitted_users == "admin_approved":
            return True
        return self.org.consents.cover(user.id, app.id, asked.scopes)

    def _require_no_obstacle(self, asked: Asked, app: ConnectedApp, user: User) -> None:
        """Raise what the app is told instead, or what is shown on a page of its own (oauth.md 3.3)."""
        obstacle = login_errors.APPROVAL_ERROR if asked.lacking else self._obstacle(app, user)
        if obstacle is None:
            return
        if obstacle is login_errors.APPROVAL_ERROR:
            raise obstacle()
        raise asked.refusal(obstacle)

    def _obstacle(self, app: ConnectedApp, user: User) -> Kind | None:
        if not app.installed:
            external = app.kind == "external_client_app"
            return login_errors.EXTERNAL_APP_NOT_FOUND if external else login_errors.APPROVAL_ERROR
        if app.blocked:
            return login_errors.APP_BLOCKED
        if self.org.users.has_permission(user.id, _API_ONLY):
            return login_errors.APPROVAL_ERROR
        if app.permitted_users == "admin_approved" and not is_preauthorized(self.org, app, user):
            return login_errors.APP_ACCESS_DENIED
        return None

    def _page(
        self, name: PageName, interaction: Interaction, *, note: str = "", login_hint: str = ""
    ) -> Page:
        user = None if interaction.user_id is None else self.org.users.get(interaction.user_id)
        app_id: str | None = None
        scopes: tuple[str, ...] = ()
        display = "page"
        if interaction.purpose == "authorize":
            asked = Asked.from_text(interaction.subject)
            app_id, scopes, display = asked.app_id, asked.scopes, asked.display
            login_hint = login_hint or asked.login_hint
        else:
            device = self.org.devices.of_user_code(interaction.subject)
            if device is not None:
                app_id, scopes = device.app_id, device.scopes
        return Page(
            name=name,
            interaction=interaction,
            note=note,
            app=self.org.apps.by_id(app_id),
            user=user,
            scopes=scopes,
            display=display,
            login_hint=login_hint,
            session=self.session,
        )

    def _app(self, app_id: str) -> ConnectedApp:
        app = self.org.apps.by_id(app_id)
        if app is None:
            raise login_errors.UNKNOWN_CLIENT()
        return app

    def _user(self, interaction: Interaction) -> User:
        return self.org.users.find(interaction.user_id or "")
