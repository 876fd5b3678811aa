"""Shares of custom objects: the owner's row, and those that users add by hand (Object Reference, Apex Developer Guide).

The companion is there where the organization-wide default is not Public Read/Write, as others have observed: a new record has
one row, with the cause `Owner` and the access `All`.
"""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.dml.plan import Row

_GRANTED = ("Read", "Edit")
_BY_HAND = "Manual"


def begin(change: Change) -> None:
    """Write the owner's row of a new record."""
    end = change.sobject.companions.get("Share")
    sobject = None if end is None else change.store.catalogue.find(end.child)
    if sobject is None:
        return
    store = change.store
    row: Row = {
        "Id": store.new_id(sobject),
        "ParentId": change.row["Id"],
        "UserOrGroupId": change.row["OwnerId"],
        "AccessLevel": "All",
        "RowCause": "Owner",
        "LastModifiedDate": change.now,
        "LastModifiedById": change.user_id,
    }
    store.insert(store.plan(sobject), row)


def follow(change: Change) -> None:
    """Another owner: the old one's row and all rows by hand are gone."""
    end = change.sobject.companions.get("Share")
    if end is None or change.before is None or change.after is None:
        return
    if change.before.get("OwnerId") == change.after.get("OwnerId"):
        return
    sobject = change.store.catalogue.find(end.child)
    if sobject is not None:
        plan = change.store.plan(sobject)
        for each in change.store.ids(sobject, plan.column("ParentId").field, change.row["Id"]):
            change.store.remove(plan, each)
        begin(change)


def check(draft: Draft) -> None:
    """Complete a row that a user adds; refuse those whose errors nobody has told."""
    if draft["RowCause"] is None:
        draft.values["RowCause"] = _BY_HAND
    check_by_hand(draft.old or draft.values)
    level = draft["AccessLevel"]
    _, parent = draft.plan.sobject.associate or ("", "")
    owner = draft.store.catalogue.find(parent)
    sharing = None if owner is None else owner.sharing
    if level not in _GRANTED or (sharing == "Read" and level == "Read"):
        raise refuse(f"the error for sharing a record of {parent} with the access {level}")
    if draft.creating and _is_shared(draft):
        raise refuse(f"sharing a record of {parent} a second time with the same user or group")


def check_by_hand(row: Row) -> None:
    """Refuse to touch rows that the platform keeps."""
    if row.get("RowCause") != _BY_HAND:
        raise refuse(f"writing a share with the cause {row.get('RowCause')}")


def _is_shared(draft: Draft) -> bool:
    found = draft.store.db.value(
        f'SELECT 1 FROM {draft.plan.table} WHERE "ParentId" = ? AND "UserOrGroupId" = ? AND "IsDeleted" = 0',
        (draft["ParentId"], draft["UserOrGroupId"]),
    )
    return found is not None
