"""Logging in: who may, from where, when and how often; and what becomes of users who try in vain (oauth.md 7, 9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

from sfmock.clock import Clock
from sfmock.org.ip_ranges import require_range
from sfmock.org.login_policy import LoginPolicy, ProfileLimits, read_hours, read_options
from sfmock.org.users import LoginRefusedError, User, Users
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_login_policy (id INTEGER PRIMARY KEY, settings TEXT NOT NULL,"
    " api_enabled INTEGER NOT NULL, caller TEXT NOT NULL, lock_sessions INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_profile_login (profile_id TEXT PRIMARY KEY, ranges TEXT NOT NULL,"
    " hours TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_login_failure (user_id TEXT PRIMARY KEY, failures INTEGER NOT NULL, until REAL)",
    "CREATE TABLE IF NOT EXISTS sf_login (user_id TEXT NOT NULL, minute INTEGER NOT NULL, logins INTEGER NOT NULL,"
    " PRIMARY KEY (user_id, minute))",
)

_FOREVER = float("inf")
_HOUR = 60
"""Minutes in which logins of a user are counted."""


class Logins:
    """The org's log-ins, and what an administrator does about them."""

    def __init__(
        self, db: Database, users: Users, clock: Clock, end_sessions: Callable[[str], None]
    ) -> None:
        self._db = db
        self._users = users
        self._clock = clock
        self._end_sessions = end_sessions

    def __repr__(self) -> str:
        return f"<Logins from {self.policy.caller}>"

    @property
    def policy(self) -> LoginPolicy:
        """The org's settings about logging in; `change` sets them."""
        text = self._db.value("SELECT settings FROM sf_login_policy WHERE id = 1")
        if text is None:
            return LoginPolicy()
        known = json.loads(str(text))
        return LoginPolicy(**{**known, "trusted_ranges": tuple(known["trusted_ranges"])})

    def change(self, **options: object) -> LoginPolicy:
        """Set some of the org's settings; an unknown one raises TypeError."""
        changed = replace(self.policy, **read_options(options))
        self._db.execute(
            "INSERT OR REPLACE INTO sf_login_policy (id, settings, api_enabled, caller, lock_sessions)"
            " VALUES (1, ?, ?, ?, ?)",
            (
                json.dumps(asdict(changed)),
                changed.api_enabled,
                changed.caller,
                changed.lock_sessions,
            ),
        )
        return changed

    def restrict(
        self,
        profile: str,
        *,
        ip_ranges: Iterable[str] = (),
        hours: Mapping[str, str | None] | None = None,
    ) -> None:
        """Let users of a profile (name or id) log in only from these addresses, and only at these hours of the org's zone.

        `hours` maps days to `08:00-18:00`, or to None for a day without log-ins. Without either, the profile is free again.
        """
        ranges = [ip_ranges] if isinstance(ip_ranges, str) else list(ip_ranges)
        for each in ranges:
            require_range(each)
        values = (
            self._users.profile_id(profile),
            json.dumps(ranges),
            json.dumps(read_hours(hours or {})),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO sf_profile_login (profile_id, ranges, hours) VALUES (?, ?, ?)",
            values,
        )

    def freeze(self, user: str | User) -> None:
        """Freeze a user: all sessions end, and no new ones begin."""
        found = self._user(user)
        self._users.set_state(found.id, frozen=True)
        self._end_sessions(found.id)

    def unfreeze(self, user: str | User) -> None:
        """Let a frozen user log in again."""
        self._users.set_state(self._user(user).id, frozen=False)

    def lock(self, user: str | User) -> None:
        """Lock a user out, as too many wrong passwords do, until `unlock`; sessions live on."""
        self._store_failures(self._user(user).id, 0, _FOREVER)

    def unlock(self, user: str | User) -> None:
        """Let a user who is locked out log in again, and forget the failures."""
        self._forget_failures(self._user(user).id)

    def is_locked(self, user: str | User) -> bool:
        """Whether a user is locked out at this moment."""
        until = self._db.value(
            "SELECT until FROM sf_login_failure WHERE user_id = ?", (self._user(user).id,)
        )
        return until is not None and float(until) > self._clock.timestamp()

    def by_password(
        self, username: str, secret: str, *, anywhere: bool = False, on_page: bool = False
    ) -> User:
        """The user whom this username and password let in; raises LoginRefusedError, whose aftermath counts the failure.

        `on_page`: the login page, where nobody is asked for the security token.
        """
        user = self._users.get(username)
        if user is not None and self.is_locked(user):
            raise LoginRefusedError("locked")
        try:
            trusted = on_page or self.policy.trusts_caller()
            found = self._users.login(username, secret, trusted=trusted)
        except LoginRefusedError as refused:
            if user is not None and refused.reason == "unknown":
                refused.aftermath = lambda: self._count_failure(user.id)
            raise
        self.admit(found, anywhere=anywhere)
        self._forget_failures(found.id)
        return found

    def admit(self, user: User, *, anywhere: bool = False) -> None:
        """Count a log-in of a user; raises LoginRefusedError for a wrong place or time, and beyond the rate.

        `anywhere`: the app relaxes IP restrictions.
        """
        policy, limits = self.policy, self._limits(user.profile_id)
        if limits is not None:
            if not anywhere and not limits.allow_address(policy.caller):
                raise LoginRefusedError("address")
            if not limits.allow_time(self._clock.now.astimezone(self._zone())):
                raise LoginRefusedError("hours")
        minute = int(self._clock.timestamp() // 60)
        spent = self._db.value(
            "SELECT sum(logins) FROM sf_login WHERE user_id = ? AND minute > ?",
            (user.id, minute - _HOUR),
        )
        if int(spent or 0) >= policy.logins_per_hour:
            raise LoginRefusedError("rate")
        self._db.execute(
            "INSERT INTO sf_login VALUES (?, ?, 1)"
            " ON CONFLICT (user_id, minute) DO UPDATE SET logins = logins + 1",
            (user.id, minute),
        )

    def _user(self, user: str | User) -> User:
        return user if isinstance(user, User) else self._users.find(user)

    def _limits(self, profile_id: str) -> ProfileLimits | None:
        row = self._db.row(
            "SELECT ranges, hours FROM sf_profile_login WHERE profile_id = ?", (profile_id,)
        )
        if row is None:
            return None
        return ProfileLimits(tuple(json.loads(str(row[0]))), json.loads(str(row[1])))

    def _zone(self) -> ZoneInfo:
        """The org's default time zone."""
        found = self._db.value('SELECT "TimeZoneSidKey" FROM "Organization" LIMIT 1')
        return ZoneInfo(str(found or "GMT"))

    def _count_failure(self, user_id: str) -> None:
        """One wrong password more; the last one that the policy allows locks the user and starts anew."""
        policy = self.policy
        known = self._db.value(
            "SELECT failures FROM sf_login_failure WHERE user_id = ?", (user_id,)
        )
        failures = int(known or 0) + 1
        if failures < policy.maximum_failures or not policy.maximum_failures:
            self._store_failures(user_id, failures, None)
            return
        minutes = policy.lockout_minutes
        until = _FOREVER if minutes is None else self._clock.timestamp() + minutes * 60
        self._store_failures(user_id, 0, until)

    def _store_failures(self, user_id: str, failures: int, until: float | None) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO sf_login_failure (user_id, failures, until) VALUES (?, ?, ?)",
            (user_id, failures, until),
        )

    def _forget_failures(self, user_id: str) -> None:
        self._db.execute("DELETE FROM sf_login_failure WHERE user_id = ?", (user_id,))
