"""What tasks and events tell the records they are about: last activity, open and overdue tasks (metadata.md 3).

`LastActivityDate` is the latest due date of closed tasks and past events; an account counts all activities that roll up to
it by `AccountId`. A write changes what it adds or takes away and no more, so dates of a backup stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from sfmock.errors import refuse
from sfmock.org.behaviour import days
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.related import key_to_account
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_ABOUT = ("WhatId", "WhoId", "AccountId")
_COUNTS = {
    "Task": '"IsClosed" = 1',
    "Event": (
        '(("IsAllDayEvent" = 0 AND coalesce("EndDateTime", "ActivityDateTime") <= ?)'
        ' OR ("IsAllDayEvent" = 1 AND coalesce("EndDate", "ActivityDate") < ?))'
    ),
}
"""Which activities date the last activity of their records; the others are open."""
_OVERDUE = (
    '(SELECT coalesce(min("ActivityDate") < ?, 0) FROM "Task"'
    ' WHERE "WhatId" = "Opportunity"."Id" AND "IsDeleted" = 0 AND "IsClosed" = 0)'
)
_CATCH_UP = (
    f'UPDATE "Opportunity" SET "HasOverdueTask" = {_OVERDUE} WHERE "HasOverdueTask" <> {_OVERDUE}'
    ' AND "Id" IN (SELECT "WhatId" FROM "Task" WHERE "ActivityDate" IS NOT NULL'
    ' AND "IsDeleted" = 0 AND "IsClosed" = 0)'
)


def follow(change: Change) -> None:
    """After a change of a task or an event."""
    tell(
        change.store,
        _counted(change.store, change.sobject, change.before, change.now),
        _counted(change.store, change.sobject, change.after, change.now),
        {str(row["WhatId"]) for row in (change.before, change.after) if row and row.get("WhatId")},
        change.now,
    )


def tell(
    store: Store, was: dict[str, str], becomes: dict[str, str], about: set[str], now: str
) -> None:
    """Bring records up to date: the dates that an activity gave and gives them, and those it is about."""
    for record_id in sorted(was.keys() | becomes.keys()):
        if was.get(record_id) != becomes.get(record_id):
            _move_last(store, record_id, was.get(record_id), becomes.get(record_id), now)
    for record_id in sorted(about):
        _count_open(store, record_id, now)


def keep_account(draft: Draft) -> None:
    """Refuse to move what has activities to another account: which of them go along is not known."""
    if draft.creating:
        return
    key = key_to_account(draft.plan.sobject) or "AccountId"
    if draft.plan.sobject.find(key) is None or not draft.changes(key):
        return
    for sobject in _kinds(draft.store):
        for name in ("WhatId", "WhoId"):
            field = sobject.find(name)
            if field is not None and draft.store.ids(sobject, field, draft.record_id):
                raise refuse(
                    f"another account for a {draft.plan.sobject.label.lower()} that has activities"
                )


def dates(row: Row) -> dict[str, str]:
    """The records of an activity that counts, with its due date."""
    if row.get("ActivityDate") is None:
        return {}
    return {str(row[name]): str(row["ActivityDate"]) for name in _ABOUT if row.get(name)}


def catch_up(store: Store, now: str) -> None:
    """Set `HasOverdueTask` anew for this day: time alone makes a task overdue."""
    sobjects = [store.catalogue.find(name) for name in ("Opportunity", "Task")]
    present = [each for each in sobjects if each is not None and store.tables.may_have_rows(each)]
    if len(present) == len(sobjects):
        for each in present:
            store.plan(each)
        today = days.today(store, now)
        store.db.execute(_CATCH_UP, (today, today))
        store.rollups.forget()  # of opportunities, that may count those with overdue tasks


def _counted(store: Store, sobject: SObject, row: Row | None, now: str) -> dict[str, str]:
    if row is None:
        return {}
    counts = row.get("IsClosed") if sobject.name == "Task" else days.is_past(store, row, now)
    return dates(row) if counts else {}


def _kinds(store: Store) -> Iterator[SObject]:
    """Task and Event, as far as there may be rows."""
    for name in _COUNTS:
        sobject = store.catalogue.find(name)
        if sobject is not None and store.tables.may_have_rows(sobject):
            store.plan(sobject)
            yield sobject


def _move_last(
    store: Store, record_id: str, was: str | None, becomes: str | None, now: str
) -> None:
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
        latest = _latest(store, record_id, now)
        store.update(store.plan(sobject), record_id, {"LastActivityDate": latest})


def _latest(store: Store, record_id: str, now: str) -> Value:
    found = []
    for each in _kinds(store):
        text = (
            f'SELECT max("ActivityDate") FROM "{each.name}" WHERE'
            ' ("WhatId" = ? OR "WhoId" = ? OR "AccountId" = ?)'
            f' AND "IsDeleted" = 0 AND {_COUNTS[each.name]}'
        )
        found.append(store.db.value(text, (*(record_id,) * 3, *_moments(store, each, now))))
    return max((each for each in found if isinstance(each, str)), default=None)


def _count_open(store: Store, record_id: str, now: str) -> None:
    """An opportunity's `HasOpenActivity`, which events count for too, and `HasOverdueTask`."""
    sobject = store.catalogue.by_id(record_id)
    if sobject is None or sobject.name != "Opportunity":
        return
    is_open = is_overdue = False
    for each in _kinds(store):
        text = (
            f'SELECT count(*), min("ActivityDate") FROM "{each.name}" WHERE "WhatId" = ?'
            f' AND "IsDeleted" = 0 AND NOT {_COUNTS[each.name]}'
        )
        count, first = store.db.row(text, (record_id, *_moments(store, each, now))) or (0, None)
        is_open |= bool(count)
        if each.name == "Task":
            is_overdue = isinstance(first, str) and first < days.today(store, now)
    changes: Row = {"HasOpenActivity": int(is_open), "HasOverdueTask": int(is_overdue)}
    store.update(store.plan(sobject), record_id, changes)


def _moments(store: Store, kind: SObject, now: str) -> tuple[str, ...]:
    """The values of the parameters in `_COUNTS`."""
    return () if kind.name == "Task" else (now, days.today(store, now))
