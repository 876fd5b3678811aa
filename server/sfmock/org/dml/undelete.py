"""The way back from the recycle bin: a row comes with all that its delete took along (metadata.md 4.14).

Rows that cannot be undeleted by themselves, such as campaign members, come with their parent all the same. A child that was
deleted earlier stays deleted. What the service answers where an undelete is not possible is not known, so all of that is refused.
"""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Change
from sfmock.org.behaviour.following import follow
from sfmock.org.dml import recycle_bin
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject

_RESTORED = frozenset(
    {
        ("Account", "ParentId"),
        ("Asset", "Product2Id"),
        ("Case", "ParentId"),
        ("Contact", "ReportsToId"),
    }
)
"""References of standard sobjects that an undelete sets again; all custom lookups are such, too."""


def undelete_row(store: Store, sobject: SObject, record_id: str, user_id: str, now: str) -> None:
    """Bring a row back, and what its delete took along."""
    row = store.find(sobject, record_id)
    if row is None or not row.get("IsDeleted"):
        raise errors.refuse("undelete of a record that is not in the recycle bin")
    root = recycle_bin.root_of(store.db, record_id)
    if root is None:
        raise errors.refuse("undelete of a record that no delete of this org took")
    if root != record_id:
        raise errors.refuse("undelete of a record that was deleted together with its parent")
    if not sobject.undeletable:
        raise errors.refuse(f"undelete of {sobject.name}, which is not undeletable")
    found = recycle_bin.taken_along(store.db, record_id)
    for name, each in found:
        _bring_back(store, name, each, user_id, now)
    for name, each in found:  # a delete may take a child first by another parent: here all are back
        returned = _sobject(store, name)
        follow(Change(returned, None, store.find(returned, each), store, user_id, now))
    for name, each in found:
        _check(store, name, each)
        for cleared in recycle_bin.cleared(store.db, each):
            _point_again(store, cleared, each, user_id, now)
        recycle_bin.take(store.db, each)


def _bring_back(store: Store, name: str, record_id: str, user_id: str, now: str) -> None:
    sobject = _sobject(store, name)
    plan = store.plan(sobject)
    changes: Row = {
        "IsDeleted": 0,
        **plan.modification(user_id, now),
    }  # stamps as a delete gives them (unverified)
    if sobject.find("MasterRecordId") is not None:  # null in all that is not deleted by a merge
        changes["MasterRecordId"] = None
    store.update(plan, record_id, changes)


def _sobject(store: Store, name: str) -> SObject:
    sobject = store.catalogue.find(name)
    if sobject is None:
        raise errors.refuse(f"undelete of a record in an org that lacks {name} by now")
    return sobject


def _point_again(
    store: Store, cleared: recycle_bin.Cleared, parent_id: str, user_id: str, now: str
) -> None:
    """Set a reference again that the delete cleared, unless it has another value by now (Apex guide, Undelete Operation)."""
    sobject = store.catalogue.find(cleared.sobject)
    field = None if sobject is None else sobject.find(cleared.field)
    if sobject is None or field is None:
        return
    if not field.custom and (sobject.name, field.name) not in _RESTORED:
        return
    row = store.named(sobject.name, cleared.record_id)
    if row is None or row[field.name] is not None:
        return
    if sobject.name in field.reference_to:
        _check_circle(store, sobject, field.name, parent_id, cleared.record_id)
    store.update(store.plan(sobject), cleared.record_id, {field.name: parent_id})
    after: Row = {**row, field.name: parent_id}
    follow(Change(sobject, row, after, store, user_id, now))


def _check_circle(store: Store, sobject: SObject, name: str, parent_id: str, own: str) -> None:
    """Refuse a row that would come to stand above itself."""
    above, seen = parent_id, set[str]()
    while above not in seen:
        if above == own:
            raise errors.refuse(f"undelete of a record below what stood below it ({name})")
        seen.add(above)
        row = store.find(sobject, above)
        above = "" if row is None else str(row[name] or "")


def _check(store: Store, name: str, record_id: str) -> None:
    """Refuse what came back where it cannot be: a parent is gone, a unique value is taken."""
    sobject = store.catalogue.find(name)
    row = None if sobject is None else store.find(sobject, record_id)
    if sobject is None or row is None:
        return
    plan = store.plan(sobject)
    for each in plan.references:
        _check_parent(store, plan, each, row)
    for field in plan.unique:
        value = row[field.name]
        if value is not None and store.ids(sobject, field, value) != [record_id]:
            raise errors.refuse("undelete of a record whose unique value another record has now")


def _check_parent(store: Store, plan: Plan, name: str, row: Row) -> None:
    value = row[name]
    target = store.catalogue.by_id(str(value)) if value is not None else None
    if target is None:
        return
    parent = store.find(target, str(value))
    if parent is None or parent.get("IsDeleted"):
        raise errors.refuse(f"undelete of a record whose {plan.sobject.name}.{name} is deleted")
