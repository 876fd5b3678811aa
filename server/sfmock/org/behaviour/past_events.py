"""Events become past as time goes by: the records they are about show it from that moment on."""

from __future__ import annotations

from sfmock.org.behaviour import activity, days
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store

DDL = ("CREATE TABLE IF NOT EXISTS sf_past_events (Moment TEXT NOT NULL)",)
"""One row: up to when the events' records are up to date. Rows of a backup keep the dates that they brought."""

_COLUMNS = ("WhatId", "WhoId", "AccountId", "ActivityDate")
_BETWEEN = (
    '("IsAllDayEvent" = 0 AND coalesce("EndDateTime", "ActivityDateTime") > ?'
    ' AND coalesce("EndDateTime", "ActivityDateTime") <= ?)'
    ' OR ("IsAllDayEvent" = 1 AND coalesce("EndDate", "ActivityDate") >= ?'
    ' AND coalesce("EndDate", "ActivityDate") < ?)'
)


def begin(store: Store, now: str) -> None:
    """Take note that from this moment on there are events to look after."""
    if store.db.value("SELECT Moment FROM sf_past_events") is None:
        store.db.execute("INSERT INTO sf_past_events (Moment) VALUES (?)", (now,))


def catch_up(store: Store, now: str) -> None:
    """Follow up the events that ended since the last time, or, where the clock went back, that did not end yet."""
    last = store.db.value("SELECT Moment FROM sf_past_events")
    event = store.catalogue.find("Event")
    if not isinstance(last, str) or event is None or last == now:
        return
    store.plan(event)
    earlier, later = sorted((last, now))
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    found = store.db.rows(
        f'SELECT {columns} FROM "Event" WHERE "IsDeleted" = 0 AND ({_BETWEEN})',
        (earlier, later, days.today(store, earlier), days.today(store, later)),
    )
    store.db.execute("UPDATE sf_past_events SET Moment = ?", (now,))
    for values in found:
        row: Row = dict(zip(_COLUMNS, values, strict=True))
        counted = activity.dates(row)
        about = {str(row["WhatId"])} if row["WhatId"] else set()
        was, becomes = ({}, counted) if last < now else (counted, {})
        activity.tell(store, was, becomes, about, now)
