"""What an app asks for at `/services/oauth2/authorize`, and how it is answered: by a redirect to its callback (oauth.md 3.3, 3.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Self
from urllib.parse import urlencode

from sfmock import errors, login_errors
from sfmock.errors import Kind, SentBack
from sfmock.org.app_settings import SCOPES
from sfmock.org.apps import Apps, ConnectedApp

RESPONSE_TYPES = frozenset({"code", "token", "token id_token", "code id_token", "hybrid_token"})
_REFRESH = frozenset({"refresh_token", "offline_access"})
_PARTS_OF_ID = frozenset({"profile", "email", "address", "phone", "openid"})
_ERROR_PAGE_SCOPES = _REFRESH | {"mcp_api"}
_PROMPTS = frozenset({"login", "consent", "select_account"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for authorization whose callback can be trusted."""

    app_id: str
    response_type: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    challenge: str | None = None
    prompts: tuple[str, ...] = ()
    display: str = "page"
    login_hint: str = ""
    immediate: bool = False
    lacking: bool = False
    """It wants a scope that the app lacks and that is answered by a page of its own."""

    @property
    def wants_code(self) -> bool:
        """Whether it ends in a code for the token endpoint."""
        return self.response_type == "code"

    def location(self, values: Mapping[str, str]) -> str:
        """The callback with values and the state: in the query for a code alone, else behind the `#`."""
        if self.state is not None:
            values = {**values, "state": self.state}
        if self.response_type != "code" and self.response_type in RESPONSE_TYPES:
            return f"{self.redirect_uri}#{urlencode(values)}"
        mark = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{mark}{urlencode(values)}"

    def refusal(self, kind: Kind) -> SentBack:
        """The error that tells the app by a redirect."""
        values = {"error": kind.code}
        if kind.template:
            values["error_description"] = kind.template
        return SentBack(kind.code, kind.template, location=self.location(values))

    def text(self) -> str:
        """It as text, for the time that its user needs."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """It again."""
        values = json.loads(text)
        for name in ("scopes", "prompts"):
            values[name] = tuple(values[name])
        return cls(**values)


def read(form: Mapping[str, str], apps: Apps) -> Asked:
    """The request in a form; raises what is shown on the spot, and SentBack once the callback is trusted (oauth.md 3.3)."""
    app = apps.find(form.get("client_id", ""))
    if app is None:
        raise login_errors.UNKNOWN_CLIENT()
    redirect_uri = form.get("redirect_uri", "")
    if redirect_uri not in app.callback_urls:
        raise login_errors.REDIRECT_URI_MISMATCH()
    if form.get("sso_provider"):
        raise errors.refuse("authorize with sso_provider")
    asked = Asked(
        app_id=app.id,
        response_type=" ".join(sorted(form.get("response_type", "").split(), key=_response_order)),
        redirect_uri=redirect_uri,
        scopes=app.scopes,
        state=form.get("state"),
        nonce=form.get("nonce"),
        challenge=form.get("code_challenge") or None,
        prompts=_prompts(form.get("prompt", "")),
        display=form.get("display", "page"),
        login_hint=form.get("login_hint", ""),
        immediate=form.get("immediate") == "true",
    )
    if asked.response_type not in RESPONSE_TYPES:
        raise asked.refusal(login_errors.UNKNOWN_RESPONSE_TYPE)
    if asked.response_type == "code id_token":
        raise errors.refuse("response_type=code id_token")
    if form.get("code_challenge_method", "S256") != "S256":
        raise errors.refuse(f"code_challenge_method={form['code_challenge_method']}")
    if app.require_pkce and asked.wants_code and asked.challenge is None:
        raise login_errors.NO_CODE_CHALLENGE()
    return _with_scopes(asked, app, form.get("scope", ""))


def is_granted(scope: str, app: ConnectedApp) -> bool:
    """Whether an app may be granted a scope: `full` has all but refresh_token, `id` has its parts (oauth.md 9)."""
    if scope in _REFRESH:
        return not _REFRESH.isdisjoint(app.scopes)
    if scope in app.scopes:
        return True
    if "full" in app.scopes and scope in SCOPES:
        return True
    return "id" in app.scopes and scope in _PARTS_OF_ID


def has_refresh_token(scopes: tuple[str, ...]) -> bool:
    """Whether these scopes bring a refresh token."""
    return not _REFRESH.isdisjoint(scopes)


def _with_scopes(asked: Asked, app: ConnectedApp, scope: str) -> Asked:
    """The request with the scopes that it names; all of the app's where it names none."""
    wanted = tuple(dict.fromkeys(scope.split()))
    if not wanted:
        return asked
    missing = [each for each in wanted if not is_granted(each, app)]
    if any(each not in _ERROR_PAGE_SCOPES for each in missing):
        raise asked.refusal(login_errors.INVALID_SCOPE)
    return replace(asked, scopes=wanted, lacking=bool(missing))


def _prompts(text: str) -> tuple[str, ...]:
    prompts = tuple(text.split())
    for each in prompts:
        if each not in _PROMPTS:
            raise errors.refuse(f"authorize with prompt={each}")
    return prompts


def _response_order(word: str) -> int:
    """`id_token` stands last."""
    return int(word == "id_token")
