"""`/sobjects/User/<id>/password`: whether it is expired, setting it, resetting it (rest.md 2.9)."""

from __future__ import annotations

from sfmock import errors, ids
from sfmock.routing import Call, Router
from sfmock.wire import NO_CONTENT, Reply

router = Router()

_PATH = "/services/data/<version>/sobjects/User/<record_id>/password"
_KEY = "NewPassword"


@router.route("GET", _PATH, name="password", reserved=True)
def is_expired(call: Call) -> Reply:
    """Whether the password of a user is expired."""
    expired = call.org.passwords.is_expired(_user_id(call), by=call.user_id)
    return Reply(body={"isExpired": expired})


@router.route("POST", _PATH, name="set_password", reserved=True)
def set_password(call: Call) -> Reply:
    """Set the password of a user: 204."""
    body = call.json_object()
    password = body.get(_KEY)
    if not isinstance(password, str) or len(body) != 1:
        raise errors.refuse("a body of /sobjects/User/<id>/password that is not one NewPassword")
    call.org.passwords.set(_user_id(call), password, by=call.user_id)
    return NO_CONTENT


@router.route("DELETE", _PATH, name="reset_password", reserved=True)
def reset_password(call: Call) -> Reply:
    """Reset the password of a user: the reply holds the generated one."""
    return Reply(body={_KEY: call.org.passwords.reset(_user_id(call), by=call.user_id)})


def _user_id(call: Call) -> str:
    found = ids.canonical(call.params["record_id"])
    if found is None or found[:3] != "005":
        raise errors.NOT_FOUND()
    return found
