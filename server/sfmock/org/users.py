"""Users of an org: finding them, adding them, and checking what they log in with (oauth.md 7)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, Protocol, TypeAlias

from sfmock import ids
from sfmock.errors import Kind, SalesforceError, refuse
from sfmock.org import tokens
from sfmock.org.permissions import API_ENABLED, has_permission
from sfmock.org.user_rows import ADMINISTRATOR, STANDARD_PROFILES, new_profile, new_user
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold
from sfmock.store.tables import Tables
from sfmock.wire import JSON

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_user_secret (user_id TEXT PRIMARY KEY, password TEXT NOT NULL,"
    " security_token TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_password_reset (user_id TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS sf_user_state (user_id TEXT PRIMARY KEY, frozen INTEGER NOT NULL,"
    " password_expired INTEGER NOT NULL)",
)

Refusal: TypeAlias = Literal[
    "unknown", "token missing", "inactive", "locked", "address", "hours", "rate"
]


class LoginRefusedError(Exception):
    """Why a user is not let in; each API family words it in its own way.

    `aftermath` is what is written all the same: it goes with the error that the family answers.
    """

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason
        self.aftermath: Callable[[], None] | None = None

    def as_error(self, kind: Kind) -> SalesforceError:
        """The error that an API family answers."""
        error = kind()
        return error if self.aftermath is None else error.leaving(self.aftermath)


class Loader(Protocol):
    """What adding a user needs of the org's records."""

    def load(self, sobject: SObject, rows: Iterable[Mapping[str, JSON]]) -> None:
        """Store rows as they are."""
        ...

    def new_id(self, sobject: SObject) -> str:
        """The next id of an sobject."""
        ...


@dataclass(frozen=True, slots=True)
class User:
    """A user of the org, as far as logging in goes."""

    id: str
    username: str
    name: str
    email: str
    profile_id: str
    active: bool


@dataclass(frozen=True, slots=True)
class UserSecrets:
    """What a user logs in with."""

    password: str
    security_token: str

    def __repr__(self) -> str:
        return "<UserSecrets ***>"


@dataclass(frozen=True, slots=True)
class UserState:
    """What an administrator or time has done to a user."""

    frozen: bool = False
    password_expired: bool = False


class Users:
    """The org's users, kept as rows of User and Profile."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        records: Loader,
        *,
        catalogue: Callable[[], Catalogue],
        key: int,
        domain: str,
        host: str,
    ) -> None:
        self._db = db
        self._tables = tables
        self._records = records
        self._catalogue = catalogue
        self._key = key
        self._domain = domain
        self._host = host

    def add(
        self,
        name: str,
        /,
        *,
        profile: str | None = None,
        password: str | None = None,
        security_token: str | None = None,
        active: bool | None = None,
        **fields: JSON,
    ) -> User:
        """The user of this username or name, made if new; `fields` are fields of User.

        A user who is there already keeps the row: password and security token are set anew, and ValueError is raised
        where anything else differs. New users are active System Administrators unless told otherwise.
        """
        self._check_fields(fields)
        user = self.get(str(fields.get("Username") or name)) or self._by_name(name)
        if user is None:
            user = self._make(name, profile or ADMINISTRATOR, active is not False, fields)
        else:
            wanted = dict(fields)
            if profile is not None:
                wanted["ProfileId"] = self.profile_id(profile)
            if active is not None:
                wanted["IsActive"] = active
            self._check_same(user, wanted)
        if password is not None or security_token is not None:
            self._set_secrets(user.id, password, security_token)
        return user

    def find(self, key: str) -> User:
        """The user of this username or id; raises LookupError."""
        user = self.get(key)
        if user is None:
            raise LookupError(f"this org has no user {key!r}; add it by org.user({key!r})")
        return user

    def get(self, key: str) -> User | None:
        """The user of this username (in any case) or id, or None."""
        user_id = ids.canonical(key) if key.startswith("005") else None
        if user_id is not None:
            return self._one('"Id" = ?', user_id)
        return self._one('"f:Username" = ?', fold(key))

    def active(self, user_id: str) -> bool:
        """Whether this id is that of a user who may work: active, and not frozen."""
        self._ensure("User")
        sql = (
            'SELECT 1 FROM "User" u LEFT JOIN sf_user_state s ON s.user_id = u."Id"'
            ' WHERE u."Id" = ? AND u."IsActive" = 1 AND s.frozen IS NOT 1'
        )
        return self._db.value(sql, (user_id,)) is not None

    def state(self, user_id: str) -> UserState:
        """What an administrator or time has done to a user."""
        row = self._db.row(
            "SELECT frozen, password_expired FROM sf_user_state WHERE user_id = ?", (user_id,)
        )
        return UserState() if row is None else UserState(row[0] == 1, row[1] == 1)

    def set_state(
        self, user_id: str, *, frozen: bool | None = None, password_expired: bool | None = None
    ) -> None:
        """Note that a user is frozen or that the password is expired, or that it is no longer so."""
        old = self.state(user_id)
        state = UserState(
            old.frozen if frozen is None else frozen,
            old.password_expired if password_expired is None else password_expired,
        )
        self._db.execute("DELETE FROM sf_user_state WHERE user_id = ?", (user_id,))
        if state != UserState():
            self._db.execute(
                "INSERT INTO sf_user_state (user_id, frozen, password_expired) VALUES (?, ?, ?)",
                (user_id, state.frozen, state.password_expired),
            )

    def has_permission(self, user_id: str, permission: str) -> bool:
        """Whether profile or permission sets give a user a permission, e.g. `PermissionsViewEncryptedData`."""
        return has_permission(self._db, self._tables, self._catalogue(), user_id, permission)

    @property
    def api_enabled(self) -> str:
        """What tells of a row `r` of Profile whether its users have API Enabled, in SQL."""
        for name in ("User", "Profile"):
            self._ensure(name)
        field = self._ensure("Profile").find(API_ENABLED)
        return "1" if field is None else f'r."{field.name}"'

    def row(self, user_id: str) -> dict[str, Value]:
        """The columns of a user that identity documents and log-in replies show."""
        sobject = self._ensure("User")
        names = [each.name for each in sobject.columns if each.stored and each.name in _SHOWN]
        columns = ", ".join(f'"{name}"' for name in names)
        found = self._db.row(f'SELECT {columns} FROM "User" WHERE "Id" = ?', (user_id,))
        if found is None:
            raise LookupError(f"this org has no user {user_id}")
        return dict(zip(names, found, strict=True))

    def secrets(self, user_id: str) -> UserSecrets:
        """Password and security token of a user, made on first use."""
        return self._secrets(user_id) or self._set_secrets(user_id, None, None)

    def login(self, username: str, secret: str, *, trusted: bool = False) -> User:
        """The user whom this username and password let in; raises LoginRefusedError.

        The security token follows the password without a gap; who has the empty token needs none, nor who is in a trusted place.
        """
        user = self.get(username)
        secrets = None if user is None else self._secrets(user.id)
        if user is None or secrets is None or not secret:
            raise LoginRefusedError("unknown")
        bare = _same(secret, secrets.password)
        if not bare and not _same(secret, secrets.password + secrets.security_token):
            raise LoginRefusedError("unknown")
        if not self.active(user.id):
            raise LoginRefusedError("inactive")
        if bare and secrets.security_token and not trusted:
            raise LoginRefusedError("token missing")
        if self.was_reset(user.id):
            raise refuse("logging in with a password that was reset")
        return user

    def was_reset(self, user_id: str) -> bool:
        """Whether the password is one that was generated by a reset."""
        sql = "SELECT 1 FROM sf_password_reset WHERE user_id = ?"
        return self._db.value(sql, (user_id,)) is not None

    def mark_reset(self, user_id: str, *, reset: bool) -> None:
        """Remember whether the password was generated by a reset."""
        self._db.execute("DELETE FROM sf_password_reset WHERE user_id = ?", (user_id,))
        if reset:
            self._db.execute("INSERT INTO sf_password_reset (user_id) VALUES (?)", (user_id,))

    def _by_name(self, name: str) -> User | None:
        return self._one('"f:Name" = ? ORDER BY "Id"', fold(name))

    def _one(self, where: str, value: str) -> User | None:
        self._ensure("User")
        row = self._db.row(
            'SELECT "Id", "Username", "Name", "Email", "ProfileId", "IsActive" FROM "User"'
            f" WHERE {where} LIMIT 1",
            (value,),
        )
        if row is None:
            return None
        *texts, is_active = row
        user_id, username, name, email, profile_id = (str(each or "") for each in texts)
        return User(user_id, username, name, email, profile_id, is_active == 1)

    def _make(self, name: str, profile: str, active: bool, fields: Mapping[str, JSON]) -> User:
        sobject = self._ensure("User")
        user_id = self._records.new_id(sobject)
        row = new_user(sobject, name, user_id, self._domain, self._host) | dict(fields)
        row |= {
            "ProfileId": fields.get("ProfileId") or self.profile_id(profile),
            "IsActive": active,
        }
        first, last = row.get("FirstName"), row["LastName"]
        row["Name"] = f"{first} {last}" if first else last
        author = self._db.value('SELECT "Id" FROM "User" ORDER BY "Id" LIMIT 1')
        for key in ("CreatedById", "LastModifiedById"):
            row.setdefault(key, str(author or user_id))
        self._records.load(sobject, [row])
        return self.find(user_id)

    def profile_id(self, name: str) -> str:
        """The id of a profile, by its name or id; a standard one is made where it is missing (pack `bare` has none)."""
        sobject = self._ensure("Profile")
        if name.startswith("00e") and (canonical := ids.canonical(name)) is not None:
            return canonical
        found = self._db.value(
            'SELECT "Id" FROM "Profile" WHERE "f:Name" = ? ORDER BY "Id" LIMIT 1', (fold(name),)
        )
        if found is not None:
            return str(found)
        if name not in STANDARD_PROFILES:
            known = ", ".join(sorted(STANDARD_PROFILES))
            raise LookupError(f"this org has no profile {name!r}; the standard ones are: {known}")
        profile_id = self._records.new_id(sobject)
        self._records.load(sobject, [new_profile(sobject, name, profile_id)])
        return profile_id

    def _secrets(self, user_id: str) -> UserSecrets | None:
        row = self._db.row(
            "SELECT password, security_token FROM sf_user_secret WHERE user_id = ?", (user_id,)
        )
        return None if row is None else UserSecrets(str(row[0]), str(row[1]))

    def _set_secrets(self, user_id: str, password: str | None, token: str | None) -> UserSecrets:
        """Set what is given; what is not given stays, or is drawn where the user has none yet."""
        old = self._secrets(user_id)
        random = Random(
            f"{self._key}/{user_id}"
        )  # by id: after a reset of the org the same secrets come again
        drawn = UserSecrets(tokens.password(random), tokens.security_token(random))
        if password is None:
            password = (old or drawn).password
        if token is None:
            token = (old or drawn).security_token
        self._db.execute(
            "INSERT OR REPLACE INTO sf_user_secret (user_id, password, security_token) VALUES (?, ?, ?)",
            (user_id, password, token),
        )
        return UserSecrets(password, token)

    def _check_fields(self, fields: Mapping[str, JSON]) -> None:
        sobject = self._ensure("User")
        unknown = [
            name
            for name in fields
            if name not in {each.name for each in sobject.fields if each.stored}
        ]
        if unknown:
            raise TypeError(
                f"org.user() does not know {', '.join(unknown)}; it takes profile, password,"
                " security_token, active and fields of User by their API names"
            )

    def _check_same(self, user: User, wanted: Mapping[str, JSON]) -> None:
        for name, value in wanted.items():
            found = self._db.value(f'SELECT "{name}" FROM "User" WHERE "Id" = ?', (user.id,))
            if found != (None if value == "" else value):
                raise ValueError(
                    f"user {user.name!r} is there already with another {name}:"
                    f" change it by org.update({user.id!r}, {name}=...)"
                )

    def _ensure(self, name: str) -> SObject:
        sobject = self._catalogue().find(name)
        if sobject is None:
            raise LookupError(f"the schema of this org lacks {name}")
        self._tables.ensure(sobject)
        return sobject


_SHOWN = frozenset(
    {
        "Id", "Username", "Name", "FirstName", "LastName", "Email", "CommunityNickname", "TimeZoneSidKey",
        "LocaleSidKey", "LanguageLocaleKey", "UserType", "ProfileId", "UserRoleId", "IsActive", "Street", "City",
        "State", "PostalCode", "Country", "MobilePhone", "LastModifiedDate",
    }
)  # fmt: skip


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
