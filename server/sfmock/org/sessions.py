"""Sessions and refresh tokens: who may call until when, by the org's clock (oauth.md 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Literal, TypeAlias, get_args

from sfmock.clock import Clock
from sfmock.org import jwt_tokens, session_settings, tokens
from sfmock.org.permissions import API_ENABLED
from sfmock.org.refresh_tokens import RefreshToken, RefreshTokens
from sfmock.org.session_settings import SessionSettings, positive
from sfmock.org.users import Users
from sfmock.store.database import Database, Value

Kind: TypeAlias = Literal["oauth", "soap", "api", "ui", "lightning", "visualforce", "content"]
"""How a session came about: a token request, `login()`, the test itself, a browser, or for another domain of the user interface."""
_KINDS = {each: each for each in get_args(Kind)}
Bar: TypeAlias = Literal["password expired", "API off", "no API Enabled"]
"""Why a live session may not work with the data APIs."""
_ADDRESS = "SELECT caller FROM sf_login_policy WHERE id = 1 AND lock_sessions = 1"
"""The address that a new session is locked to, where the org does so."""
_SHARED = frozenset({"oauth", "soap"})
_NEVER_API = frozenset({"lightning", "visualforce", "content"})

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_session (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, app_id TEXT,"
    " kind TEXT NOT NULL, scope TEXT NOT NULL, created REAL NOT NULL, expires REAL NOT NULL,"
    " lifetime REAL NOT NULL, refresh_token TEXT, parent TEXT, address TEXT)",
    *session_settings.DDL,
)

_COLUMNS = "s.token, s.user_id, s.app_id, s.kind, s.scope, s.created, s.expires, s.lifetime"
_NO_BAR = (None, 1, None)


@dataclass(frozen=True, slots=True)
class Session:
    """A live session; its token is both access token and SOAP session id."""

    token: str
    user_id: str
    app_id: str | None
    created: datetime
    expires: datetime
    kind: Kind
    scopes: tuple[str, ...] = ()
    bar: Bar | None = None

    @property
    def allows_api(self) -> bool:
        """Whether the data APIs accept it: OAuth needs scope `api` or `full`, Lightning's never do (oauth.md 8.1)."""
        if self.kind in _NEVER_API:
            return False
        return self.kind != "oauth" or not {"api", "full"}.isdisjoint(self.scopes)

    @property
    def allows_browser(self) -> bool:
        """Whether a browser may have it: OAuth needs scope `web` or `full` (oauth.md 5.5)."""
        if self.kind in _NEVER_API:
            return False
        return self.kind != "oauth" or not {"web", "full"}.isdisjoint(self.scopes)

    @property
    def is_jwt(self) -> bool:
        """Whether the token is a JWT: it is for REST only, and ends when it says so."""
        return jwt_tokens.is_jwt(self.token)

    def __repr__(self) -> str:
        token = tokens.masked(self.token)
        return (
            f"<Session {token} user={self.user_id} kind={self.kind} expires={self.expires:%FT%TZ}>"
        )


class Sessions:
    """The org's sessions; iterating gives the live ones, oldest first."""

    def __init__(
        self,
        db: Database,
        users: Users,
        *,
        clock: Clock,
        key: int,
        org_id: str,
        domain: str,
        forget: Callable[[str, str], None],
    ) -> None:
        self._db = db
        self._users = users
        self._mark = db.mark
        self._rows: dict[str, tuple[Value, ...]] = {}
        """Of live sessions by token, as they were at that mark."""
        self._clock = clock
        # By the domain too: a token tells orgs of equal seeds apart on the login hosts that they share.
        self._key = f"{key}/{domain}"
        self.random = Random(self._key)
        """Of its own: logging in must not change what Org.create() makes up."""
        self._org_id = org_id
        self._domain = domain
        self._settings = SessionSettings(db, users)
        self._refresh = RefreshTokens(db, clock, self._key)
        self._forget = forget
        """Takes the consent of a user to an app back: whose last refresh token is revoked, is asked again."""

    def __iter__(self) -> Iterator[Session]:
        rows = self._db.rows(
            f'{self._select} WHERE s.expires > ? AND u."IsActive" = 1 AND x.frozen IS NOT 1'
            " ORDER BY s.created, s.rowid",
            (self._clock.timestamp(),),
        )
        return map(self._session, rows)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<Sessions {len(self)} live>"

    @property
    def lifetime(self) -> float:
        """Seconds that a session of this org lives without use: 2 h unless set."""
        return self._settings.lifetime

    @lifetime.setter
    def lifetime(self, seconds: float) -> None:
        self._settings.set(lifetime=seconds)

    @property
    def shared(self) -> bool:
        """Whether a further log-in of a user through the same app, or by SOAP, answers the session that lives already.

        Then who logs out, or revokes the token, ends it for all (oauth.md 9).
        """
        return self._settings.shared

    @shared.setter
    def shared(self, shared: bool) -> None:
        self._settings.set(shared=shared)

    def set_profile_lifetime(self, profile: str, seconds: float | None) -> None:
        """Let the sessions of a profile's users (its name or id) live so long; the app's own setting goes before it."""
        self._settings.set_profile(profile, seconds)

    def open(
        self,
        user_id: str,
        *,
        kind: Kind = "api",
        app_id: str | None = None,
        lifetime: float | None = None,
        scopes: Iterable[str] = ("full",),
        refresh_token: str | None = None,
        parent: str | None = None,
        jwt_for: str | None = None,
        token: str | None = None,
    ) -> Session:
        """A new session of an active user; raises LookupError for any other user.

        It ends with `refresh_token` (the family), if that is revoked, and with the session `parent`. `jwt_for`: the token is
        a JWT for the client of this id. `token`: one that is known already.
        """
        if not self._users.active(user_id):
            raise LookupError(f"{user_id} is not an active user of this org: no session for it")
        seconds = positive(self._settings.lifetime_of(user_id) if lifetime is None else lifetime)
        now = self._clock.timestamp()
        granted = tuple(scopes)
        if kind in _SHARED and refresh_token is None and jwt_for is None and self.shared:
            known = self._sibling(user_id, kind, app_id, granted)
            if known is not None:
                return known
        values: dict[str, Value] = {
            "user_id": user_id,
            "kind": kind,
            "scope": " ".join(granted),
            "created": now,
            "expires": now + seconds,
            "lifetime": seconds,
        }
        if app_id is not None:
            values["app_id"] = app_id
        if refresh_token is not None:
            values["refresh_token"] = refresh_token
        if parent is not None:
            values["parent"] = parent
        address = self._db.value(_ADDRESS)
        if address is not None:
            values["address"] = address
        with (
            self._db.transaction()
        ):  # where the org owns a file, the random goes there with the token
            if token is not None:
                pass
            elif jwt_for is None:
                token = tokens.access_token(self.random, self._org_id)
            else:
                issue = jwt_tokens.Issue(jwt_for, user_id, now, seconds)
                serial = self.random.getrandbits(256)
                token = jwt_tokens.access_token(issue, self._org_id, self._domain, granted, serial)
            self._insert("sf_session", {"token": token, **values})
        return self._session(
            (token, user_id, app_id, kind, values["scope"], now, now + seconds, seconds, *_NO_BAR)
        )

    def _sibling(
        self, user_id: str, kind: Kind, app_id: str | None, scopes: tuple[str, ...]
    ) -> Session | None:
        """The live session of an earlier log-in of this kind, used this moment."""
        found = self._db.value(
            "SELECT token FROM sf_session WHERE user_id = ? AND kind = ? AND app_id IS ? AND scope = ?"
            " AND refresh_token IS NULL AND expires > ? ORDER BY rowid LIMIT 1",
            (user_id, kind, app_id, " ".join(scopes), self._clock.timestamp()),
        )
        return None if found is None else self.find(str(found))

    def get(self, token: str) -> Session | None:
        """The live session of this token, or None; looking at it does not renew it."""
        row = self._live(token)
        return None if row is None else self._session(row)

    def find(self, token: str) -> Session | None:
        """The live session of this token, or None; use in the second half of its life renews it, unless it is a JWT."""
        row = self._live(token)
        if row is None:
            return None
        expires, lifetime = float(row[6] or 0.0), float(row[7] or 0.0)
        now = self._clock.timestamp()
        if expires - now >= lifetime / 2 or jwt_tokens.is_jwt(token):
            return self._session(row)
        self._db.execute(
            "UPDATE sf_session SET expires = ? WHERE token = ?", (now + lifetime, token)
        )
        return self._session((*row[:6], now + lifetime, *row[7:]))

    def expire(self, token: str | None = None) -> None:
        """End one session or all of them, as time would: refresh tokens live on."""
        if token is None:
            self._delete("1")
        else:
            self._end(token)

    def revoke(self, token: str | None = None) -> bool:
        """Revoke an access token, or a refresh token with all that came from it; None means every token.

        Answers whether anything was revoked.
        """
        if token is None:
            ended = self._delete("1")
            return self._revoke("1") or ended > 0
        if self.get(token) is not None:
            return self._end(token) > 0
        return self._revoke("replaced IS NULL AND token = ?", token)

    def revoke_app(self, app_id: str) -> None:
        """Revoke every token of an app (oauth.md 9: when its keys are replaced)."""
        self._revoke("app_id = ?", app_id)
        self._delete("app_id = ?", app_id)

    def refresh_token(self, user_id: str, app_id: str, scopes: Iterable[str]) -> RefreshToken:
        """A new refresh token of a user for an app; the sixth that would live revokes the oldest."""
        made = self._refresh.issue(user_id, app_id, scopes)
        for each in self._refresh.surplus(user_id, app_id):
            self._revoke("token = ?", each.token)
        return made

    def find_refresh(self, token: str) -> RefreshToken | None:
        """The refresh token of this text, or None where there is none or it was revoked."""
        return self._refresh.find(token)

    def refresh_of(self, user_id: str, app_id: str) -> RefreshToken | None:
        """The latest refresh token of a user for an app, or None."""
        return self._refresh.latest(user_id, app_id)

    def approved(self, user_id: str, app_id: str) -> tuple[str, ...]:
        """The scopes that a user has approved of an app together with refresh tokens that live."""
        return self._refresh.approved(user_id, app_id)

    def rotate(self, old: RefreshToken) -> RefreshToken:
        """The refresh token that takes the place of another."""
        return self._refresh.rotate(old)

    def note_use(self, refresh: RefreshToken) -> None:
        """A refresh token was used this moment."""
        self._refresh.note_use(refresh.token)

    def is_reused(self, token: str) -> bool:
        """Whether this is a refresh token that rotation has replaced: whoever sends it again may have stolen it."""
        return self._refresh.replaced(token) is not None

    def revoke_family(self, token: str) -> None:
        """Revoke what took the place of a refresh token, with all its access tokens (oauth.md 3.10)."""
        self._revoke("token = ?", token)

    def end_of(self, user_id: str, *, refresh: bool = False) -> None:
        """End all sessions of a user; with `refresh`, the refresh tokens, too."""
        self._delete("user_id = ?", user_id)
        if refresh:
            self._revoke("user_id = ?", user_id)

    @cached_property
    def _select(self) -> str:
        """All about a session that a request needs to know, in one statement."""
        return (
            f"SELECT {_COLUMNS}, x.password_expired, {self._users.api_enabled}, p.api_enabled FROM sf_session s"
            ' JOIN "User" u ON u."Id" = s.user_id'
            ' LEFT JOIN "Profile" r ON r."Id" = u."ProfileId"'
            " LEFT JOIN sf_user_state x ON x.user_id = s.user_id"
            " LEFT JOIN sf_login_policy p ON p.id = 1"
        )

    def _live(self, token: str) -> tuple[Value, ...] | None:
        """A session's row, kept as long as nothing is written: most requests follow another one of the same session."""
        now = self._clock.timestamp()
        with self._db.lock:
            mark = self._db.mark
            if mark != self._mark:
                self._mark = mark
                self._rows.clear()
            row = self._rows.get(token)
            if row is None:
                row = self._db.row(
                    f'{self._select} WHERE s.token = ? AND s.expires > ? AND u."IsActive" = 1 AND x.frozen IS NOT 1'
                    " AND (s.address IS NULL OR s.address = p.caller)",
                    (token, now),
                )
                if row is not None:
                    self._rows[token] = row
            return row if row is not None and float(row[6] or 0.0) > now else None

    def _session(self, row: tuple[Value, ...]) -> Session:
        token, user_id, app_id, kind, scope, created, expires, _, expired, enabled, org = row
        bar: Bar | None = None
        if expired:
            bar = "password expired"
        elif org == 0:
            bar = "API off"
        elif enabled != 1 and not self._users.has_permission(str(user_id), API_ENABLED):
            bar = "no API Enabled"
        return Session(
            token=str(token),
            user_id=str(user_id),
            app_id=None if app_id is None else str(app_id),
            created=datetime.fromtimestamp(float(created or 0.0), UTC),
            expires=datetime.fromtimestamp(float(expires or 0.0), UTC),
            kind=_KINDS[str(kind)],
            scopes=tuple(str(scope).split()),
            bar=bar,
        )

    def _insert(self, table: str, values: dict[str, Value]) -> None:
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )

    def _delete(self, where: str, *values: str) -> int:
        return self._db.execute(f"DELETE FROM sf_session WHERE {where}", values)

    def _end(self, token: str) -> int:
        """End a session with those that it is the parent of."""
        return self._delete("token = ? OR parent = ?", token, token)

    def _revoke(self, where: str, *values: str) -> bool:
        """Revoke refresh tokens with all that came from them; answers whether there were any."""
        families, users = self._refresh.revoke(where, *values)
        for user_id, app_id in users:
            if self._refresh.latest(user_id, app_id) is None:
                self._forget(user_id, app_id)
        for each in families:
            for (token,) in self._db.rows(
                "SELECT token FROM sf_session WHERE refresh_token = ?", (each,)
            ):
                self._end(str(token))
        return bool(families)
