"""Deleting a row: what goes with it, what forbids it, what forgets it (metadata.md 4.14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sfmock import errors
from sfmock.org.behaviour import contract, order
from sfmock.org.behaviour.draft import Change
from sfmock.org.behaviour.following import check_deletable, follow, is_followed, may_be_kept
from sfmock.org.behaviour.rows import live
from sfmock.org.dml import recycle_bin
from sfmock.org.dml.links import Link, links_to
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_CODES: Mapping[str, Callable[[Store, Row], Value]] = {
    "Contract": contract.code_of,
    "Order": order.code_of,
}
"""Sobjects whose drafts go along while activated rows forbid it: the category of a row's status."""


class Deletion(NamedTuple):
    """Who deletes, and when."""

    user_id: str
    now: str


def delete_row(store: Store, sobject: SObject, record_id: str, deletion: Deletion) -> None:
    """Delete a live row and all that goes with it; raises DELETE_FAILED where a child forbids it."""
    sobject = sobject.whole or sobject  # what follows does not ask what the user sees
    if _delete_leaf(store, sobject, record_id, deletion, record_id):
        return
    row = store.find(sobject, record_id)
    if row is None:
        raise errors.NO_SUCH_ROW()
    if row.get("IsDeleted"):
        raise errors.ENTITY_IS_DELETED()
    _delete(store, sobject, row, deletion, record_id)


def take_out(store: Store, plan: Plan, row: Row, deletion: Deletion, root: str) -> None:
    """Put one row into the recycle bin, or away for good where the sobject has none; its children stay."""
    record_id, (user_id, now) = str(row["Id"]), deletion
    if plan.soft_delete:
        store.update(plan, record_id, plan.deletion(user_id, now))
    else:
        store.remove(plan, record_id)
    binned = now if plan.soft_delete else None
    recycle_bin.put(store.db, plan.sobject, record_id, root, now, binned)
    if is_followed(store, plan.sobject):
        follow(Change(plan.sobject, row, None, store, user_id, now))


def display_name(sobject: SObject, row: Row) -> str:
    """A row as messages name it: its name, with the salutation before a person's."""
    field = sobject.name_field
    name = row["Id"] if field is None else row.get(field.name)
    salutation = row.get("Salutation")
    return f"{salutation} {name}" if salutation else str(name)


def _delete_leaf(
    store: Store, sobject: SObject, record_id: str, deletion: Deletion, root: str
) -> bool:
    """Delete a live row that has no children if nothing follows its delete: so are most, and one statement asks and writes."""
    if may_be_kept(sobject) or is_followed(store, sobject) or not store.is_free(sobject):
        return False
    links = links_to(store.catalogue, sobject.name, store.tables.used())
    if not links.plan.soft_delete or links.no_children is None:
        return False
    store.tables.ensure_all(links.sobjects)
    user_id, now = deletion
    changes = links.plan.deletion(user_id, now)
    if not store.update_if(links.plan, record_id, changes, links.no_children):
        return False
    recycle_bin.put(store.db, sobject, record_id, root, now, now)
    return True


def _delete(store: Store, sobject: SObject, row: Row, deletion: Deletion, root: str) -> None:
    """Delete a row on its own or, with another root, because its parent goes."""
    record_id = str(row["Id"])
    if may_be_kept(sobject):
        check_deletable(Change(sobject, row, None, store, deletion.user_id, deletion.now))
    links = links_to(store.catalogue, sobject.name, store.tables.used()).all
    forbidden = _forbidden(store, sobject, row, links)
    if forbidden and root != record_id:
        raise errors.refuse(f"the error for deleting the parent of a {sobject.label} that stays")
    if len(forbidden) > 1:
        raise errors.refuse(f"the error for deleting a {sobject.label} for several reasons")
    if forbidden:
        raise forbidden[0]
    take_out(store, store.plan(sobject), row, deletion, root)
    for link in links:
        for child_id in store.ids(link.child, link.field, record_id):
            _let_go(store, link, child_id, deletion, root)


def _forbidden(
    store: Store, sobject: SObject, row: Row, links: Iterable[Link]
) -> list[errors.SalesforceError]:
    """The reasons why a row must stay, one for each sobject of its children that holds it."""
    holding: dict[str, tuple[SObject, dict[str, Row]]] = {}
    for link in links:
        if link.restrict:
            rows = _rows(store, link.child, store.ids(link.child, link.field, row["Id"]))
            held = {each: child for each, child in rows.items() if _holds(store, link, child)}
            if held:
                holding.setdefault(link.child.name, (link.child, {}))[1].update(held)
    found = [
        errors.DELETE_RESTRICTED(
            name=display_name(sobject, row),
            children=child.label_plural.lower(),
            names=_names(child, rows),
        )
        for child, rows in holding.values()
    ]
    if sobject.name == "Account":
        found.extend(_closed_won(store, row))
    return found


def _holds(store: Store, link: Link, child: Row) -> bool:
    if not link.cascade:
        return True
    code_of = _CODES.get(link.child.name)
    return code_of is not None and code_of(store, child) == "Activated"


def _closed_won(store: Store, account: Row) -> list[errors.SalesforceError]:
    won = live(store, "Opportunity", AccountId=account["Id"], IsWon=1)
    if not won:
        return []
    names = ", ".join(sorted(str(row["Name"]) for row in won))
    return [errors.DELETE_CLOSED_WON(name=account["Name"], names=names)]


def _rows(store: Store, sobject: SObject, record_ids: Iterable[str]) -> dict[str, Row]:
    found = ((each, store.find(sobject, each)) for each in record_ids)
    return {each: row for each, row in found if row is not None}


def _names(sobject: SObject, rows: dict[str, Row]) -> str:
    return ", ".join(sorted(display_name(sobject, row) for row in rows.values()))


def _let_go(store: Store, link: Link, child_id: str, deletion: Deletion, root: str) -> None:
    """Delete a child, or clear its reference."""
    if link.cascade and _delete_leaf(store, link.child, child_id, deletion, root):
        return
    child = store.find(link.child, child_id)
    if child is None or child.get("IsDeleted"):
        return  # another way has led there already
    if link.cascade:
        _delete(store, link.child, child, deletion, root)
        return
    name = link.field.name
    recycle_bin.put_reference(store.db, link.child, child_id, name, str(child[name]))
    store.update(store.plan(link.child), child_id, {name: None})
    after: Row = {**child, name: None}
    follow(Change(link.child, child, after, store, deletion.user_id, deletion.now, cleared=True))
