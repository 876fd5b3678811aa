"""What tasks tell the records they are about: last activity, open and overdue tasks (metadata.md 3).

`LastActivityDate` is the latest due date of closed tasks; an account counts all tasks that roll up to it by `Task.AccountId`.
A write changes what it adds or takes away and no more, so dates of a backup, in which events count too, stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_ABOUT = ("WhatId", "WhoId", "AccountId")
_OPEN = '"IsDeleted" = 0 AND "IsClosed" = 0'
_ANY = 'SELECT 1 FROM "Task" WHERE ("WhatId" = ? OR "WhoId" = ?) AND "IsDeleted" = 0 LIMIT 1'
_LATEST = (
    'SELECT max("ActivityDate") FROM "Task" WHERE ("WhatId" = ? OR "WhoId" = ? OR "AccountId" = ?)'
    ' AND "IsDeleted" = 0 AND "IsClosed" = 1'
)
_FIRST_DUE = f'SELECT count(*), min("ActivityDate") FROM "Task" WHERE "WhatId" = ? AND {_OPEN}'
_OVERDUE = f'(SELECT coalesce(min("ActivityDate") < ?, 0) FROM "Task" WHERE "WhatId" = "Opportunity"."Id" AND {_OPEN})'
_CATCH_UP = (
    f'UPDATE "Opportunity" SET "HasOverdueTask" = {_OVERDUE} WHERE "HasOverdueTask" <> {_OVERDUE}'
    f' AND "Id" IN (SELECT "WhatId" FROM "Task" WHERE "ActivityDate" IS NOT NULL AND {_OPEN})'
)
_TABLES = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('Opportunity', 'Task')"
)


def follow_task(draft: Draft) -> None:
    """After a task's create or change."""
    after = draft.values if draft.old is None else {**draft.old, **draft.values}
    tell(draft.store, draft.old, after, draft.now)


def tell(store: Store, before: Row | None, after: Row | None, now: str) -> None:
    """Bring the records of a task up to date; None stands for no task, before a create and after a delete."""
    was, becomes = _closed_dates(before), _closed_dates(after)
    for record_id in sorted(was.keys() | becomes.keys()):
        if was.get(record_id) != becomes.get(record_id):
            _move_last(store, record_id, was.get(record_id), becomes.get(record_id))
    for record_id in sorted(
        {str(row["WhatId"]) for row in (before, after) if row and row.get("WhatId")}
    ):
        _count_open(store, record_id, now)


def keep_account(draft: Draft) -> None:
    """Refuse to move what has tasks to another account: which tasks go along (Task.AccountId) is not known."""
    if draft.creating or not draft.changes("AccountId"):
        return
    task = draft.store.catalogue.find("Task")
    if task is None:
        return
    draft.store.plan(task)
    if draft.store.db.row(_ANY, (draft.record_id, draft.record_id)) is not None:
        raise refuse(f"another account for a {draft.plan.sobject.label.lower()} that has tasks")


def catch_up(store: Store, now: str) -> None:
    """Set `HasOverdueTask` anew for this day: time alone makes a task overdue."""
    if store.db.value(_TABLES) == 2:
        day = _today(store, now)
        store.db.execute(_CATCH_UP, (day, day))


def _closed_dates(row: Mapping[str, Value] | None) -> dict[str, str]:
    """The records that a closed task counts for, with its due date."""
    if row is None or not row.get("IsClosed") or row.get("ActivityDate") is None:
        return {}
    return {str(row[name]): str(row["ActivityDate"]) for name in _ABOUT if row.get(name)}


def _move_last(store: Store, record_id: str, was: str | None, becomes: str | None) -> None:
    sobject = store.catalogue.by_id(record_id)
    if sobject is None or sobject.find("LastActivityDate") is None:
        return
    row = store.named(sobject.name, record_id)
    if row is None:
        return
    last = row["LastActivityDate"]
    if becomes is not None and (last is None or becomes > str(last)):
        store.update(store.plan(sobject), record_id, {"LastActivityDate": becomes})
    elif was == last:
        latest = store.db.value(_LATEST, (record_id,) * 3)
        store.update(store.plan(sobject), record_id, {"LastActivityDate": latest})


def _count_open(store: Store, record_id: str, now: str) -> None:
    sobject = store.catalogue.by_id(record_id)
    if sobject is None or sobject.name != "Opportunity":
        return
    count, first = store.db.row(_FIRST_DUE, (record_id,)) or (0, None)
    overdue = isinstance(first, str) and first < _today(store, now)
    changes: Row = {"HasOpenActivity": int(bool(count)), "HasOverdueTask": int(overdue)}
    store.update(store.plan(sobject), record_id, changes)


def _today(store: Store, now: str) -> str:
    """The date in the time zone of the organization."""
    organization = store.catalogue.find("Organization")
    zone: Value = None
    if organization is not None:
        store.plan(organization)
        zone = store.db.value('SELECT "TimeZoneSidKey" FROM "Organization" LIMIT 1')
    try:
        found = ZoneInfo(str(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        raise refuse(f"overdue tasks in the time zone {zone}") from None
    return datetime.fromisoformat(f"{now[:19]}+00:00").astimezone(found).date().isoformat()
