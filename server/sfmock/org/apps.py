"""Connected apps: who may ask for tokens, in whose name and with which scopes (oauth.md 9)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from sfmock import ids
from sfmock.org import tokens
from sfmock.org.users import User, Users
from sfmock.store.database import Database, Value

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_app (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " client_id TEXT NOT NULL UNIQUE, client_secret TEXT NOT NULL, run_as TEXT, scope TEXT NOT NULL,"
    " session_lifetime REAL)",
)

DEFAULT_NAME = "pytest-sfmock"
DEFAULT_SCOPES = ("api", "id", "refresh_token")
SCOPES = frozenset(
    {
        "api", "refresh_token", "offline_access", "full", "web", "id", "profile", "email", "address", "phone",
        "openid", "chatter_api", "content", "custom_permissions", "visualforce", "lightning", "wave_api",
        "eclair_api", "pardot_api", "sfap_api", "einstein_gpt_api", "mcp_api", "user_registration_api",
        "forgot_password", "pwdless_login_api",
    }
)  # fmt: skip
_OPTIONS = ("client_id", "client_secret", "run_as", "scopes", "session_lifetime")
_COLUMNS = "id, name, client_id, client_secret, run_as, scope, session_lifetime"


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """A connected app; `run_as` is the id of the user whom the client credentials flow acts for."""

    id: str
    name: str
    client_id: str
    client_secret: str
    run_as: str | None
    scopes: tuple[str, ...]
    session_lifetime: float | None
    """Seconds that its sessions live; None leaves it to the org."""

    def accepts(self, client_secret: str | None) -> bool:
        """Whether this is the app's secret."""
        given = (client_secret or "").encode()
        return hmac.compare_digest(given, self.client_secret.encode())

    def __repr__(self) -> str:
        return f"<ConnectedApp {self.name!r} {tokens.masked(self.client_id)}>"


class Apps:
    """The org's connected apps; the default one is made on first use."""

    def __init__(
        self,
        db: Database,
        users: Users,
        *,
        key: int,
        pod: str,
        admin_id: Callable[[], str],
    ) -> None:
        self._db = db
        self._users = users
        self._key = key
        self._pod = pod
        self._admin_id = admin_id

    def add(self, name: str, /, **options: object) -> ConnectedApp:
        """The app of this name, made if new.

        Options: `client_id`, `client_secret`, `run_as` (username, id or `User`), `scopes`, `session_lifetime` (seconds).
        Any other raises TypeError; one that differs from what an existing app has raises ValueError.
        """
        wanted = self._read(options)
        app = self._one("name = ?", name)
        if app is None:
            return self._make(name, wanted)
        for key, value in wanted.items():
            if getattr(app, key) != value:
                raise ValueError(f"connected app {name!r} is there already with another {key}")
        return app

    def find(self, client_id: str) -> ConnectedApp | None:
        """The app of this consumer key, or None."""
        return self._one("client_id = ?", client_id)

    def default(self) -> ConnectedApp:
        """The app behind the handle's credentials; its Run As user is the org's first administrator."""
        app = self._one("name = ?", DEFAULT_NAME)
        return app or self._make(DEFAULT_NAME, {"run_as": self._admin_id()})

    def by_id(self, app_id: str | None) -> ConnectedApp | None:
        """The app of this id, or None."""
        return None if app_id is None else self._one("id = ?", app_id)

    def _read(self, options: Mapping[str, object]) -> dict[str, object]:
        """Options checked, in the form of the app's attributes."""
        unknown = sorted(set(options) - set(_OPTIONS))
        if unknown:
            raise TypeError(
                f"org.connected_app() does not know {', '.join(unknown)}; it takes {', '.join(_OPTIONS)}"
            )
        wanted = {key: value for key, value in options.items() if value is not None}
        for key in ("client_id", "client_secret"):
            if key in wanted and not (isinstance(wanted[key], str) and wanted[key]):
                raise TypeError(f"{key} of a connected app is a text that is not empty")
        if "run_as" in wanted:
            wanted["run_as"] = self._user_id(wanted["run_as"])
        if "scopes" in wanted:
            wanted["scopes"] = _scopes(wanted["scopes"])
        if "session_lifetime" in wanted:
            wanted["session_lifetime"] = _seconds(wanted["session_lifetime"])
        return wanted

    def _user_id(self, user: object) -> str:
        if isinstance(user, User):
            return user.id
        if not isinstance(user, str):
            raise TypeError("run_as of a connected app is a username, a user id or a User")
        return self._users.find(user).id

    def _make(self, name: str, wanted: Mapping[str, object]) -> ConnectedApp:
        number = int(self._db.value("SELECT COUNT(*) FROM sf_app") or 0) + 1
        random = Random(
            f"{self._key}/{name}"
        )  # by name: after a reset of the org the same keys come again
        values: dict[str, Value] = {
            "id": ids.make("0H4", self._pod, number),
            "name": name,
            "client_id": str(wanted.get("client_id") or tokens.consumer_key(random)),
            "client_secret": str(wanted.get("client_secret") or tokens.consumer_secret(random)),
            "scope": " ".join(_scopes(wanted.get("scopes", DEFAULT_SCOPES))),
        }
        if "run_as" in wanted:
            values["run_as"] = str(wanted["run_as"])
        if "session_lifetime" in wanted:
            values["session_lifetime"] = _seconds(wanted["session_lifetime"])
        other = self.find(str(values["client_id"]))
        if other is not None:
            raise ValueError(f"connected app {other.name!r} has this client_id already")
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO sf_app ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )
        app = self._one("name = ?", name)
        if app is None:
            raise RuntimeError(f"connected app {name!r} was not stored")
        return app

    def _one(self, where: str, value: str) -> ConnectedApp | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM sf_app WHERE {where}", (value,))
        if row is None:
            return None
        app_id, name, client_id, client_secret, run_as, scope, lifetime = row
        return ConnectedApp(
            id=str(app_id),
            name=str(name),
            client_id=str(client_id),
            client_secret=str(client_secret),
            run_as=None if run_as is None else str(run_as),
            scopes=tuple(str(scope).split()),
            session_lifetime=None if lifetime is None else float(lifetime),
        )


def _scopes(scopes: object) -> tuple[str, ...]:
    if isinstance(scopes, str):
        scopes = scopes.split()
    if not isinstance(scopes, Iterable):
        raise TypeError("scopes of a connected app are a list of texts, or one text with blanks")
    found = tuple(str(each) for each in scopes)
    unknown = sorted(set(found) - SCOPES)
    if unknown:
        raise ValueError(
            f"unknown scopes: {', '.join(unknown)}; known are {', '.join(sorted(SCOPES))}"
        )
    return found


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError("session_lifetime is a positive number of seconds")
    return float(value)
