"""Operations on the org as a whole: what it is, its start, snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import Given, Operation, in_path
from sfmock.control.remote.schemas import BY_NAME, TEXT_SCHEMA, TEXTS_SCHEMA, schema
from sfmock.control.remote.shown import moment_json, record_json, value_json
from sfmock.control.remote.values import TEXT
from sfmock.org.changes import Changes
from sfmock.wire import JSON

_SNAPSHOT = in_path("snapshot", TEXT, "the name that `snapshot` has answered")


def _about(desk: Desk, _: Given) -> dict[str, JSON]:
    handle, org = desk.handle, desk.org
    return {
        "org_id": org.id,
        "my_domain": org.my_domain,
        "seed": org.seed,
        "durable": org.db.durable,
        "instance_url": handle.instance_url,
        "login_url": handle.login_url,
        "api_version": handle.api_version,
        "now": moment_json(org.clock.now),
    }


def _reset(desk: Desk, _: Given) -> dict[str, JSON]:
    if desk.org.db.durable:
        raise WrongError(
            409,
            "no_start",
            "this org owns its file, so it has no start to go back to: take a snapshot and restore it, or serve a pack, which"
            " `sfmock org export` makes of the file",
        )
    desk.handle.reset()
    return {}


def _snapshot(desk: Desk, _: Given) -> dict[str, JSON]:
    return {"snapshot": desk.keep(desk.org.snapshot())}


def _snapshots(desk: Desk, _: Given) -> dict[str, JSON]:
    return {"snapshots": [*desk.snapshots()]}


def _restore(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.restore(desk.snapshot(given["snapshot"]))
    return {}


def _changes(desk: Desk, given: Given) -> dict[str, JSON]:
    return changes_json(desk.org.changes(desk.snapshot(given["snapshot"])))


def changes_json(changes: Changes) -> dict[str, JSON]:
    """What differs, by sobject: records, pairs of values by field, ids."""
    return {
        "created": {
            name: [record_json(each) for each in found] for name, found in changes.created.items()
        },
        "updated": {
            name: [{"Id": each.id, "fields": _pairs(each.fields)} for each in found]
            for name, found in changes.updated.items()
        },
        "deleted": {name: [*found] for name, found in changes.deleted.items()},
        "undeleted": {name: [*found] for name, found in changes.undeleted.items()},
    }


def _pairs(fields: Mapping[str, tuple[Any, Any]]) -> dict[str, JSON]:
    return {name: [value_json(old), value_json(new)] for name, (old, new) in fields.items()}


def _digest(desk: Desk, _: Given) -> dict[str, JSON]:
    return {"digest": desk.org.digest()}


OPERATIONS = (
    Operation(
        "about",
        "GET",
        "/",
        "What is served: the org's id and My Domain, where it answers, its time.",
        _about,
        answer={
            "org_id": TEXT_SCHEMA,
            "my_domain": TEXT_SCHEMA,
            "seed": schema("integer"),
            "durable": schema(
                "boolean", "whether the org owns its file, so that every write is in it"
            ),
            "instance_url": TEXT_SCHEMA,
            "login_url": TEXT_SCHEMA,
            "api_version": TEXT_SCHEMA,
            "now": schema("string", "the org's time"),
        },
    ),
    Operation(
        "reset",
        "POST",
        "/reset",
        "Go back to the start: the org as it was when serving began, its faults planned anew, an empty journal.",
        _reset,
        refusals=(409,),
    ),
    Operation(
        "snapshot",
        "POST",
        "/snapshots",
        "Keep the present state for `restore` and `changes`.",
        _snapshot,
        answer={"snapshot": schema("string", "its name")},
        status=201,
    ),
    Operation(
        "snapshots",
        "GET",
        "/snapshots",
        "The names of the snapshots that still stand.",
        _snapshots,
        answer={"snapshots": TEXTS_SCHEMA},
    ),
    Operation(
        "restore",
        "POST",
        "/snapshots/{snapshot}/restore",
        "Back to a snapshot: records, schema, users, apps and sessions; journal, limits, faults and clock stay. Later"
        " snapshots are gone.",
        _restore,
        (_SNAPSHOT,),
        refusals=(409,),
    ),
    Operation(
        "changes",
        "GET",
        "/snapshots/{snapshot}/changes",
        "The records that were created, updated, deleted and undeleted since a snapshot.",
        _changes,
        (_SNAPSHOT,),
        answer={
            "created": BY_NAME,
            "updated": schema("object", "by sobject: ids, and by field the value then and now"),
            "deleted": BY_NAME,
            "undeleted": BY_NAME,
        },
        refusals=(409,),
    ),
    Operation(
        "digest",
        "GET",
        "/digest",
        "One hash of records, recycle bin, schema, users and apps: reads and refused calls do not move it.",
        _digest,
        answer={"digest": TEXT_SCHEMA},
    ),
)
