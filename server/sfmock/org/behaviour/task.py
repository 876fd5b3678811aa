"""Tasks: what follows from status, priority and the records they are about (metadata.md 4.8)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.store.database import Value

CLOSED_STATUSES = frozenset({"Completed"})
HIGH_PRIORITIES = frozenset({"High"})


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.values.get("IsRecurrence"):
        raise refuse("recurring tasks")
    if str(draft["WhoId"]).startswith("00Q") and draft["WhatId"] is not None:
        raise refuse("the error for a task with both a lead and a related record")
    if draft.changes("Status"):
        closed = draft["Status"] in CLOSED_STATUSES
        if draft.creating or closed != bool(draft.before("IsClosed")):
            draft.truth("IsClosed", closed)
            draft.values["CompletedDateTime"] = draft.now if closed else None
    if draft.changes("Priority"):
        draft.truth("IsHighPriority", draft["Priority"] in HIGH_PRIORITIES)
    if draft.changes("WhatId", "WhoId"):
        draft.values["AccountId"] = _account(draft)


def _account(draft: Draft) -> Value:
    """The account behind the related record, else behind the person."""
    for reference in ("WhatId", "WhoId"):
        record_id = draft[reference]
        if not isinstance(record_id, str):
            continue
        sobject = draft.store.catalogue.by_id(record_id)
        if sobject is None:
            continue
        if sobject.name == "Account":
            return record_id
        row = draft.store.named(sobject.name, record_id)
        account = None if row is None else row.get("AccountId")
        if account is not None:
            return account
    return None
