"""The user's password expires in the org: until it is set anew, the user can do nothing else."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import grant_of, username_of
from sfmock.faultkind import FaultKind, door_of
from sfmock.org.users import User
from sfmock.routing import Call
from sfmock.wire import Effect


def _user(call: Call) -> User | None:
    """Whose request it is, or who logs in by a password."""
    users = call.org.users
    if call.session is not None:
        return users.find(call.session.user_id)
    username = username_of(call) if grant_of(call) in (None, "password") else None
    return None if username is None else users.get(username)


def _meets(call: Call, options: Any) -> bool:
    """Only a user of the org has a password."""
    return _user(call) is not None


def _expire(call: Call, options: Any) -> Effect | None:
    """The stages and handlers then answer as they do for any such user; what the fake does not serve yet, does not."""
    user = _user(call)
    if user is not None:
        call.org.passwords.expire(user)
    return KIND.answer(call) if door_of(call) in ("bulk1", "soap") else None


KIND = FaultKind(
    name="password_expired",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": login_errors.AUTHENTICATION_FAILURE,
        "rest": errors.PASSWORD_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": fault_errors.SOAP_PASSWORD_EXPIRED,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    besides=("login",),
    wire="SOAP login(): 200, and `passwordExpired` is true",
    state="the password has expired; nothing else is written",
    reaction="stop and report; a new token does not help",
    source="oauth.md 11; 7, 8.1",
    unverified="the wording of Bulk 1.0",
    suffers=_meets,
    ahead=_expire,
)
