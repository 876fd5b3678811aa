"""Deleting a row: what goes with it, what forbids it, what forgets it (metadata.md 4.14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sfmock import errors
from sfmock.org.behaviour import activity
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import Field, SObject
from sfmock.store.tables import quote


@dataclass(frozen=True, slots=True)
class Deletion:
    """Who deletes, and when."""

    user_id: str
    now: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A reference of a child sobject to the row's sobject, and what it means for deletes."""

    child: SObject
    field: Field
    cascade: bool
    restrict: bool


def delete_row(store: Store, sobject: SObject, record_id: str, deletion: Deletion) -> None:
    """Delete a live row and all that goes with it; raises DELETE_FAILED where a child forbids it."""
    row = store.find(sobject, record_id)
    if row is None:
        raise errors.NO_SUCH_ROW()
    if row.get("IsDeleted"):
        raise errors.ENTITY_IS_DELETED()
    _refuse_unknown(store, sobject, record_id)
    links = tuple(_links(store, sobject))
    for link in links:
        if link.restrict:
            _check_restricted(store, sobject, row, link)
    if sobject.name == "Account":
        _check_closed_won(store, row)
    _take_out(store, store.plan(sobject), record_id, deletion)
    if sobject.name == "Task":
        activity.tell(store, row, None, deletion.now)
    for link in links:
        for child_id in store.ids(link.child, link.field, record_id):
            _follow(store, link, child_id, deletion)


def display_name(sobject: SObject, row: Row) -> str:
    """A row as messages name it: its name, with the salutation before a person's."""
    field = sobject.name_field
    name = row["Id"] if field is None else row.get(field.name)
    salutation = row.get("Salutation")
    return f"{salutation} {name}" if salutation else str(name)


def _links(store: Store, parent: SObject) -> Iterator[_Link]:
    seen: set[tuple[str, str]] = set()
    for each in store.catalogue.children(parent):
        child = store.catalogue.find(each.child)
        field = None if child is None else child.find(each.field)
        if child is None or field is None or not field.stored or (child.name, field.name) in seen:
            continue
        seen.add((child.name, field.name))
        cascade = each.cascade_delete or field.cascade_delete
        restrict = each.restricted_delete or field.restricted_delete
        if cascade or restrict or (field.nillable and (field.createable or field.updateable)):
            yield _Link(child, field, cascade, restrict and not cascade)


def _check_restricted(store: Store, parent: SObject, row: Row, link: _Link) -> None:
    found = store.ids(link.child, link.field, row["Id"])
    if found:
        raise errors.DELETE_RESTRICTED(
            name=display_name(parent, row),
            children=link.child.label_plural.lower(),
            names=_names(store, link.child, found),
        )


def _check_closed_won(store: Store, account: Row) -> None:
    sobject = store.catalogue.find("Opportunity")
    key = None if sobject is None else sobject.find("AccountId")
    if sobject is None or key is None:
        return
    mine = store.ids(sobject, key, account["Id"])
    won = [each for each in mine if (row := store.find(sobject, each)) and row.get("IsWon")]
    if won:
        raise errors.DELETE_CLOSED_WON(name=account["Name"], names=_names(store, sobject, won))


def _names(store: Store, sobject: SObject, record_ids: list[str]) -> str:
    rows = [row for each in record_ids if (row := store.find(sobject, each)) is not None]
    return ", ".join(sorted(display_name(sobject, row) for row in rows))


def _follow(store: Store, link: _Link, child_id: str, deletion: Deletion) -> None:
    if not link.cascade:
        store.update(store.plan(link.child), child_id, {link.field.name: None})
        return
    child = store.find(link.child, child_id)
    if child is not None and not child.get("IsDeleted"):  # another way may have led there already
        delete_row(store, link.child, child_id, deletion)


def _take_out(store: Store, plan: Plan, record_id: str, deletion: Deletion) -> None:
    """Into the recycle bin where the sobject has one."""
    if not plan.soft_delete:
        store.db.execute(f'DELETE FROM {quote(plan.sobject.name)} WHERE "Id" = ?', (record_id,))
        return
    changes: Row = {"IsDeleted": 1}
    for name in plan.modified:
        changes[name] = deletion.user_id if name.endswith("Id") else deletion.now
    store.update(plan, record_id, changes)


def _refuse_unknown(store: Store, sobject: SObject, record_id: str) -> None:
    """Refuse deletes whose consequences the fake does not know."""
    if sobject.name == "Profile":
        raise errors.refuse("deleting profiles")
    if sobject.name != "Group":
        return
    for each in store.catalogue:
        owner = each.find("OwnerId")
        if owner and "Group" in owner.reference_to and store.ids(each, owner, record_id):
            raise errors.refuse("deleting a queue that owns records")
