"""Connected apps: who may ask for tokens, in whose name and with which scopes (oauth.md 9)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sfmock import ids
from sfmock.clock import Clock
from sfmock.org import tokens
from sfmock.org.app_settings import (
    NAMES,
    AppSettings,
    read_settings,
    require_whole,
    restored,
    stored,
)
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE
from sfmock.org.users import User, Users
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_app (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " client_id TEXT NOT NULL UNIQUE, client_secret TEXT NOT NULL, settings TEXT NOT NULL, known_from REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_app_old_keys (app_id TEXT NOT NULL, client_id TEXT NOT NULL,"
    " client_secret TEXT NOT NULL, until REAL NOT NULL)",
)

DEFAULT_NAME = "pytest-sfmock"
OLD_KEYS_LIVE = 600.0
"""Seconds that replaced keys work beside the new ones (oauth.md 9: up to 10 minutes)."""
_KEYS = ("client_id", "client_secret")
OPTIONS = (*_KEYS, *NAMES)
"""What `org.connected_app()` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedApp(AppSettings):
    """A connected app: its keys, and its settings."""

    id: str
    name: str
    client_id: str
    client_secret: str
    old_secrets: tuple[str, ...] = ()
    """Secrets that were replaced and work for some minutes yet."""

    def accepts(self, client_secret: str | None) -> bool:
        """Whether this is one of the app's secrets."""
        given = (client_secret or "").encode()
        known = (self.client_secret, *self.old_secrets)
        return any(hmac.compare_digest(given, each.encode()) for each in known)

    def __repr__(self) -> str:
        return f"<ConnectedApp {self.name!r} {tokens.masked(self.client_id)}>"


class Apps:
    """The org's connected apps; the default one is made on first use."""

    def __init__(
        self,
        db: Database,
        users: Users,
        *,
        clock: Clock,
        key: int,
        pod: str,
        admin_id: Callable[[], str],
        revoke: Callable[[str], None],
    ) -> None:
        self._db = db
        self._users = users
        self._clock = clock
        self._key = key
        self._pod = pod
        self._admin_id = admin_id
        self._revoke = revoke

    def add(self, name: str, /, **options: object) -> ConnectedApp:
        """The app of this name, made if new.

        Options: `client_id`, `client_secret`, and the settings of `AppSettings`; `run_as` is a username, an id or a `User`.
        Any other raises TypeError; one that differs from what an existing app has raises ValueError: see `change`.
        """
        wanted = self._read(options)
        app = self._one("name = ?", name)
        if app is None:
            return self._make(name, wanted)
        for key, value in wanted.items():
            if getattr(app, key) != value:
                raise ValueError(
                    f"connected app {name!r} is there already with another {key}:"
                    f" change it by org.apps.change({name!r}, {key}=...)"
                )
        return app

    def change(self, name: str, /, **options: object) -> ConnectedApp:
        """Set options of the app of this name; raises LookupError where there is none.

        New keys are what applying staged ones is: all tokens of the app are revoked, and the old keys work beside the new ones
        for 10 minutes.
        """
        app = self._one("name = ?", name)
        if app is None:
            raise LookupError(f"this org has no connected app {name!r}")
        wanted = self._read(options, unset=True)
        changed = replace(app, **wanted)
        require_whole(changed)
        self._require_free(changed)
        now = self._clock.timestamp()
        if (app.client_id, app.client_secret) != (changed.client_id, changed.client_secret):
            self._db.execute(
                "INSERT INTO sf_app_old_keys (app_id, client_id, client_secret, until) VALUES (?, ?, ?, ?)",
                (app.id, app.client_id, app.client_secret, now + OLD_KEYS_LIVE),
            )
            self._revoke(app.id)
        self._db.execute(
            "UPDATE sf_app SET client_id = ?, client_secret = ?, settings = ?, known_from = ? WHERE id = ?",
            (changed.client_id, changed.client_secret, *self._settings(changed), app.id),
        )
        return self._stored(name)

    def find(self, client_id: str) -> ConnectedApp | None:
        """The app of this consumer key, or None; one that was replaced counts for ten minutes."""
        now = self._clock.timestamp()
        app_id = self._db.value(
            "SELECT id FROM sf_app WHERE client_id = ? AND known_from <= ?", (client_id, now)
        )
        if app_id is None:
            app_id = self._db.value(
                "SELECT app_id FROM sf_app_old_keys WHERE client_id = ? AND until > ?",
                (client_id, now),
            )
        return None if app_id is None else self.by_id(str(app_id))

    def default(self) -> ConnectedApp:
        """The app behind the handle's credentials; its Run As user is the org's first administrator."""
        app = self._one("name = ?", DEFAULT_NAME)
        settings = {"run_as": self._admin_id(), "certificate": CLIENT_CERTIFICATE}
        return app or self._make(DEFAULT_NAME, settings)

    def by_id(self, app_id: str | None) -> ConnectedApp | None:
        """The app of this id, or None."""
        return None if app_id is None else self._one("id = ?", app_id)

    def _read(self, options: Mapping[str, object], *, unset: bool = False) -> dict[str, Any]:
        """Options checked, in the form of the app's attributes; `unset`: None sets the default."""
        unknown = sorted(set(options) - set(OPTIONS))
        if unknown:
            raise TypeError(
                f"org.connected_app() does not know {', '.join(unknown)}; it takes {', '.join(OPTIONS)}"
            )
        given = {key: value for key, value in options.items() if value is not None}
        wanted: dict[str, Any] = {}
        for key in _KEYS:
            value = given.pop(key, None)
            if value is None:
                continue
            if not (isinstance(value, str) and value):
                raise TypeError(f"{key} of a connected app is a text that is not empty")
            wanted[key] = value
        if "run_as" in given:
            given["run_as"] = self._user_id(given["run_as"])
        wanted |= read_settings(given)
        if unset:
            defaults = AppSettings()
            wanted |= {
                key: getattr(defaults, key)
                for key, value in options.items()
                if value is None and key in NAMES
            }
        return wanted

    def _user_id(self, user: object) -> str:
        if isinstance(user, User):
            return user.id
        if not isinstance(user, str):
            raise TypeError("run_as of a connected app is a username, a user id or a User")
        return self._users.find(user).id

    def _make(self, name: str, wanted: Mapping[str, Any]) -> ConnectedApp:
        number = int(self._db.value("SELECT COUNT(*) FROM sf_app") or 0) + 1
        random = Random(
            f"{self._key}/{name}"
        )  # by name: after a reset of the org the same keys come again
        values: dict[str, Any] = {
            "client_id": tokens.consumer_key(random),
            "client_secret": tokens.consumer_secret(random),
            **wanted,
        }
        app = ConnectedApp(id=ids.make("0H4", self._pod, number), name=name, **values)
        require_whole(app)
        self._require_free(app)
        self._db.execute(
            "INSERT INTO sf_app (id, name, client_id, client_secret, settings, known_from)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (app.id, name, app.client_id, app.client_secret, *self._settings(app)),
        )
        return app

    def _settings(self, app: ConnectedApp) -> tuple[str, float]:
        """Settings as they are stored, and the moment from which the app is known."""
        known_from = self._clock.timestamp() + app.known_after if app.known_after else 0.0
        return json.dumps(stored(app)), known_from  # a clock that goes back loses no app

    def _require_free(self, app: ConnectedApp) -> None:
        other = self._one("client_id = ?", app.client_id)
        if other is not None and other.id != app.id:
            raise ValueError(f"connected app {other.name!r} has this client_id already")

    def _stored(self, name: str) -> ConnectedApp:
        app = self._one("name = ?", name)
        if app is None:
            raise RuntimeError(f"connected app {name!r} was not stored")
        return app

    def _one(self, where: str, value: str) -> ConnectedApp | None:
        row = self._db.row(
            f"SELECT id, name, client_id, client_secret, settings FROM sf_app WHERE {where}",
            (value,),
        )
        if row is None:
            return None
        app_id, name, client_id, client_secret, settings = (str(each) for each in row)
        old = self._db.rows(
            "SELECT client_secret FROM sf_app_old_keys WHERE app_id = ? AND until > ?",
            (app_id, self._clock.timestamp()),
        )
        return ConnectedApp(
            id=app_id,
            name=name,
            client_id=client_id,
            client_secret=client_secret,
            old_secrets=tuple(str(secret) for (secret,) in old),
            **restored(json.loads(settings)),
        )
