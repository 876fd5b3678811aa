"""Operations on connected apps, and the browser that logs in for one."""

from __future__ import annotations

from sfmock.control.remote.desk import Desk
from sfmock.control.remote.operation import LEFT_OUT, Given, Operation, Parameter
from sfmock.control.remote.schemas import TEXT_SCHEMA, schema
from sfmock.control.remote.values import OBJECT, TEXT, YES
from sfmock.wire import JSON

_VISITOR = (
    Parameter(
        "user", TEXT, "who logs in: a username or id; by default the one that is served", LEFT_OUT
    ),
    Parameter("allow", YES, "whether Allow is pressed, and not Deny", True),
)


def _connected_app(desk: Desk, given: Given) -> dict[str, JSON]:
    made = desk.org.connected_app(given["name"], **given["options"])
    return {
        "id": made.id,
        "name": made.name,
        "client_id": made.client_id,
        "client_secret": made.client_secret,
    }


def _authorize(desk: Desk, given: Given) -> dict[str, JSON]:
    sent = desk.handle.authorize(given["url"], given.get("user"), allow=given["allow"])
    return {"location": sent}


def _connect_device(desk: Desk, given: Given) -> dict[str, JSON]:
    code, user = given["user_code"], given.get("user")
    return {"text": desk.handle.connect_device(code, user, allow=given["allow"])}


OPERATIONS = (
    Operation(
        "connected_app",
        "POST",
        "/apps",
        "The connected app of this name, made if new.",
        _connected_app,
        (
            Parameter("name", TEXT, "its name"),
            Parameter("options", OBJECT, "its settings, by the names that Python has for them", {}),
        ),
        answer={
            "id": TEXT_SCHEMA,
            "name": TEXT_SCHEMA,
            "client_id": TEXT_SCHEMA,
            "client_secret": TEXT_SCHEMA,
        },
        status=201,
    ),
    Operation(
        "authorize",
        "POST",
        "/authorize",
        "Go to an authorize URL as a browser does, log in, say yes or no. The pages stand in the journal, as those of a browser do.",
        _authorize,
        (Parameter("url", TEXT, "the URL"), *_VISITOR),
        answer={"location": schema("string", "where the app's callback is called")},
    ),
    Operation(
        "connect_device",
        "POST",
        "/connect-device",
        "Go to the page of the device flow as a browser does, log in, type the code, say yes or no.",
        _connect_device,
        (Parameter("user_code", TEXT, "what the device shows"), *_VISITOR),
        answer={"text": schema("string", "what the page says")},
    ),
)
