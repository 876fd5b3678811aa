"""Passwords of users as administrators and the users themselves set and reset them (rest.md 2.9)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sfmock import errors
from sfmock.clock import Clock, system_datetime
from sfmock.org import tokens
from sfmock.org.users import User, Users
from sfmock.store.database import Database

_SHORTEST = 8
_MAY_RESET = (
    'SELECT 1 FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = ?'
    ' AND (p."PermissionsManageUsers" = 1 OR p."PermissionsResetPasswords" = 1)'
)


class Passwords:
    """Looking at, setting and resetting the password of a user, as another one."""

    def __init__(
        self, db: Database, users: Users, clock: Clock, end_sessions: Callable[[str], None]
    ) -> None:
        self._db = db
        self._users = users
        self._clock = clock
        self._end_sessions = end_sessions

    def expire(self, user: str | User) -> None:
        """Let the password of a user run out: until it is set anew, sessions can do nothing else."""
        found = user if isinstance(user, User) else self._users.find(user)
        self._users.set_state(found.id, password_expired=True)

    def is_expired(self, user_id: str, *, by: str) -> bool:
        """Whether the password has run out: here only `expire` does that."""
        user = self._user(user_id, by)
        if self._users.was_reset(user.id):
            raise errors.refuse("whether a password that was reset is expired")
        return self._users.state(user.id).password_expired

    def set(self, user_id: str, password: str, *, by: str) -> None:
        """Set a password that the default policy allows: eight characters, letters and digits, none of the last ones."""
        user = self._user(user_id, by)
        if not _is_good(password, user) or password == self._users.secrets(user.id).password:
            raise errors.refuse("the error for a password that breaks the policy")
        self._change(user, password)
        self._users.mark_reset(user.id, reset=False)

    def reset(self, user_id: str, *, by: str) -> str:
        """Set a generated password, and answer it."""
        user = self._user(user_id, by)
        old = self._users.secrets(user.id).password
        password = tokens.password(Random(f"{user.id}/{old}"))
        self._change(user, password)
        self._users.mark_reset(user.id, reset=True)
        return password

    def _user(self, user_id: str, by: str) -> User:
        """The user of this id; raises NOT_FOUND, and INSUFFICIENT_ACCESS for one whom the caller may not manage."""
        user = self._users.get(user_id)
        if user is None:
            raise errors.NOT_FOUND()
        if user.id != by and self._db.value(_MAY_RESET, (by,)) is None:
            raise errors.NO_ACCESS_TO_RECORD()
        return user

    def _change(self, user: User, password: str) -> None:
        """A new password ends all sessions and refresh tokens of its user (oauth.md 9)."""
        self._users.add(user.username, password=password)
        self._users.set_state(user.id, password_expired=False)
        self._end_sessions(user.id)
        now = system_datetime(self._clock.now)
        self._db.execute(
            'UPDATE "User" SET "LastPasswordChangeDate" = ? WHERE "Id" = ?', (now, user.id)
        )


def _is_good(password: str, user: User) -> bool:
    return (
        len(password) >= _SHORTEST
        and any(each.isalpha() for each in password)
        and any(each.isdigit() for each in password)
        and user.username.lower() not in password.lower()
        and "password" not in password.lower()
    )
