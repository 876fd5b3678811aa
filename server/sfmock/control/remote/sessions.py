"""Operations on users, what they log in with, and their sessions."""

from __future__ import annotations

from sfmock.control.credentials import find_user, make_credentials
from sfmock.control.remote.desk import Desk
from sfmock.control.remote.operation import LEFT_OUT, Given, Operation, Parameter, in_query
from sfmock.control.remote.schemas import TEXT_SCHEMA, listed, schema
from sfmock.control.remote.shown import moment_json
from sfmock.control.remote.values import OBJECT, TEXT, TEXTS, YES, number
from sfmock.org.session_settings import LONGEST
from sfmock.org.tokens import masked
from sfmock.org.users import User
from sfmock.wire import JSON

_USER = "a username or id; by default the one that is served"


def _user_of(desk: Desk, given: Given) -> User:
    return find_user(desk.org, given["user"]) if "user" in given else desk.handle.user


def _add_user(desk: Desk, given: Given) -> dict[str, JSON]:
    names = ("profile", "password", "security_token", "active", "permissions")
    user = desk.org.user(given["name"], **given.only(*names), **given["fields"])
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "profile_id": user.profile_id,
        "active": user.active,
    }


def _credentials(desk: Desk, given: Given) -> dict[str, JSON]:
    handle = desk.handle
    own = "user" not in given
    found = handle.credentials if own else make_credentials(desk.org, _user_of(desk, given))
    return {
        "username": found.username,
        "password": found.password,
        "security_token": found.security_token,
        "client_id": found.client_id,
        "client_secret": found.client_secret,
        "refresh_token": found.refresh_token,
        "private_key": found.private_key,
        "instance_url": handle.instance_url,
        "login_url": handle.login_url,
    }


def _sessions(desk: Desk, _: Given) -> dict[str, JSON]:
    return {
        "sessions": [
            {
                "token": masked(each.token),
                "user": each.user_id,
                "app": each.app_id,
                "kind": each.kind,
                "scopes": [*each.scopes],
                "created": moment_json(each.created),
                "expires": moment_json(each.expires),
            }
            for each in desk.org.sessions
        ]
    }


def _open(desk: Desk, given: Given) -> dict[str, JSON]:
    user = _user_of(desk, given)
    made = desk.org.sessions.open(user.id, **given.only("lifetime", "scopes"))
    return {"token": made.token, "user": made.user_id, "expires": moment_json(made.expires)}


def _expire(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.sessions.expire(given.get("token"))
    return {}


def _revoke(desk: Desk, given: Given) -> dict[str, JSON]:
    return {"revoked": desk.org.sessions.revoke(given.get("token"))}


OPERATIONS = (
    Operation(
        "user",
        "POST",
        "/users",
        "The user of this name or username, made if new: an active System Administrator unless told otherwise.",
        _add_user,
        (
            Parameter("name", TEXT, "a name or a username"),
            Parameter("profile", TEXT, "the name of the profile", LEFT_OUT),
            Parameter("password", TEXT, "by default one is made up", LEFT_OUT),
            Parameter("security_token", TEXT, "by default one is made up", LEFT_OUT),
            Parameter("active", YES, "whether the user is active", LEFT_OUT),
            Parameter("permissions", OBJECT, "what the user may do, in place of all", LEFT_OUT),
            Parameter("fields", OBJECT, "fields of User", {}),
        ),
        answer={
            "id": TEXT_SCHEMA,
            "username": TEXT_SCHEMA,
            "name": TEXT_SCHEMA,
            "email": TEXT_SCHEMA,
            "profile_id": TEXT_SCHEMA,
            "active": schema("boolean"),
        },
        status=201,
    ),
    Operation(
        "credentials",
        "GET",
        "/credentials",
        "What a user logs in with.",
        _credentials,
        (in_query("user", TEXT, _USER),),
        answer={
            "username": TEXT_SCHEMA,
            "password": TEXT_SCHEMA,
            "security_token": TEXT_SCHEMA,
            "client_id": TEXT_SCHEMA,
            "client_secret": TEXT_SCHEMA,
            "refresh_token": TEXT_SCHEMA,
            "private_key": schema("string", "PEM, for the JWT bearer flow"),
            "instance_url": TEXT_SCHEMA,
            "login_url": TEXT_SCHEMA,
        },
    ),
    Operation(
        "sessions",
        "GET",
        "/sessions",
        "The live sessions, oldest first; of their tokens only the public part.",
        _sessions,
        answer={"sessions": listed(schema("object"))},
    ),
    Operation(
        "open_session",
        "POST",
        "/sessions",
        "A new session of a user.",
        _open,
        (
            Parameter("user", TEXT, _USER, LEFT_OUT),
            Parameter(
                "lifetime", number(0, LONGEST), "seconds that it lives without use", LEFT_OUT
            ),
            Parameter("scopes", TEXTS, "by default `full`", LEFT_OUT),
        ),
        answer={"token": TEXT_SCHEMA, "user": TEXT_SCHEMA, "expires": schema("string")},
        status=201,
    ),
    Operation(
        "expire_sessions",
        "POST",
        "/sessions/expire",
        "End one session or all of them, as time would: refresh tokens live on.",
        _expire,
        (Parameter("token", TEXT, "its token; by default all", LEFT_OUT),),
    ),
    Operation(
        "revoke_tokens",
        "POST",
        "/sessions/revoke",
        "Revoke an access token, a refresh token with all that came from it, or every token.",
        _revoke,
        (Parameter("token", TEXT, "the token; by default all", LEFT_OUT),),
        answer={"revoked": schema("boolean", "whether anything was revoked")},
    ),
)
