"""Operations on the org's limits."""

from __future__ import annotations

from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import LEFT_OUT, Given, Operation, Parameter, in_path
from sfmock.control.remote.schemas import listed, reference, schema
from sfmock.control.remote.shown import moment_json
from sfmock.control.remote.values import TEXT, YES, whole
from sfmock.org.app_limits import AppLimit
from sfmock.org.limits import Limit
from sfmock.wire import JSON

_LIMIT = in_path("limit", TEXT, "its name in Salesforce's words, e.g. DailyApiRequests")
_APP = in_path("app", TEXT, "the name of the connected app")
_AMOUNTS = (
    Parameter("max", whole(), "how much there is in all", LEFT_OUT),
    Parameter("used", whole(), "how much is spent", LEFT_OUT),
    Parameter("remaining", whole(), "how much is left", LEFT_OUT),
)


def _limits(desk: Desk, _: Given) -> dict[str, JSON]:
    limits = desk.org.limits
    return {
        "limits": {name: _amounts(each) for name, each in limits.items()},
        "apps": {name: _amounts(each) for name, each in limits.apps.items()},
        "concurrent_requests": limits.concurrent_requests,
        "stale_counter": limits.stale_counter,
    }


def _amounts(limit: Limit | AppLimit) -> dict[str, JSON]:
    return {"max": limit.max, "used": limit.used, "remaining": limit.remaining}


def _limit(desk: Desk, given: Given) -> dict[str, JSON]:
    return _amounts(desk.org.limits[given["limit"]])


def _set_limit(desk: Desk, given: Given) -> dict[str, JSON]:
    limit = desk.org.limits[given["limit"]]
    _set(limit, given)
    return _amounts(limit)


def _set(limit: Limit | AppLimit, given: Given) -> None:
    amounts = given.only("max", "used", "remaining")
    if not amounts or {"used", "remaining"} <= amounts.keys():
        raise WrongError(
            422, "wrong_value", "max, and one of used and remaining, are given, or one of the three"
        )
    if amounts.get("remaining", 0) > amounts.get("max", limit.max):
        raise WrongError(422, "wrong_value", "remaining is max at most", field="remaining")
    for name, value in amounts.items():  # `max` comes first, for `remaining` depends on it
        setattr(limit, name, value)


def _set_others(desk: Desk, given: Given) -> dict[str, JSON]:
    limits = desk.org.limits
    if "concurrent_requests" in given:
        limits.concurrent_requests = given["concurrent_requests"]
    if "stale_counter" in given:
        limits.stale_counter = given["stale_counter"]
    return _limits(desk, given)


def _set_app(desk: Desk, given: Given) -> dict[str, JSON]:
    apps = desk.org.limits.apps
    if given["app"] not in apps and "max" not in given:
        raise WrongError(422, "missing_value", "max: this app has no quota yet", field="max")
    limit = apps[given["app"]] if "max" not in given else apps.allot(given["app"], given["max"])
    _set(limit, given)
    return _amounts(limit)


def _history(desk: Desk, _: Given) -> dict[str, JSON]:
    return {
        "history": [
            {"at": moment_json(each.at), "limit": each.limit, "used": each.used}
            for each in desk.org.limits.history
        ]
    }


_ANSWER = {"max": schema("integer"), "used": schema("integer"), "remaining": schema("integer")}
_ALL = {
    "limits": schema("object", "`max`, `used` and `remaining` by name"),
    "apps": schema("object", "the same of each connected app with a quota"),
    "concurrent_requests": schema("integer", "how many long requests may be under way"),
    "stale_counter": schema("boolean", "whether the usage header is as inexact as the service's"),
}

OPERATIONS = (
    Operation("limits", "GET", "/limits", "All limits.", _limits, answer=_ALL),
    Operation(
        "set_limits",
        "PATCH",
        "/limits",
        "How many long requests may be under way, and whether the usage header is exact.",
        _set_others,
        (
            Parameter("concurrent_requests", whole(1), "how many at once", LEFT_OUT),
            Parameter("stale_counter", YES, "whether the header is inexact", LEFT_OUT),
        ),
        answer=_ALL,
    ),
    Operation(
        "limits_history",
        "GET",
        "/limits/history",
        "Used values as they came, oldest first; the last ones of a long run.",
        _history,
        answer={"history": listed(reference("Usage"))},
    ),
    Operation("limit", "GET", "/limits/{limit}", "One limit.", _limit, (_LIMIT,), _ANSWER),
    Operation(
        "set_limit",
        "PATCH",
        "/limits/{limit}",
        "Change a limit.",
        _set_limit,
        (_LIMIT, *_AMOUNTS),
        answer=_ANSWER,
    ),
    Operation(
        "set_app_limit",
        "PATCH",
        "/limits/apps/{app}",
        "Give a connected app a quota of its own, or change it.",
        _set_app,
        (_APP, *_AMOUNTS),
        answer=_ANSWER,
    ),
)
