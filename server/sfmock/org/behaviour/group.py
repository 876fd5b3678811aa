"""Public groups and queues (metadata.md 4.12)."""

from __future__ import annotations

import re

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft

CREATEABLE_TYPES = frozenset({"Regular", "Queue"})


def derive(draft: Draft) -> None:
    """Fill in developer name and owner of a new group."""
    if not draft.creating:
        _refuse_taken(draft)
        return
    if draft["Type"] not in CREATEABLE_TYPES:
        raise refuse(f"creating groups of type {draft['Type']}")
    if draft["DeveloperName"] is None:
        draft.values["DeveloperName"] = _developer_name(str(draft["Name"]))
    _refuse_taken(draft)
    organization = draft.store.catalogue.find("Organization")
    if organization is not None:
        draft.store.plan(organization)
        draft.values["OwnerId"] = draft.store.db.value('SELECT "Id" FROM "Organization" LIMIT 1')


def check_deletable(change: Change) -> None:
    """Refuse to delete a queue that owns records."""
    store = change.store
    for each in store.catalogue:
        owner = each.find("OwnerId")
        if owner and "Group" in owner.reference_to and store.ids(each, owner, change.row["Id"]):
            raise refuse("deleting a queue that owns records")


def _refuse_taken(draft: Draft) -> None:
    field = draft.plan.sobject.find("DeveloperName")
    name = draft["DeveloperName"]
    if field is None or name is None or not draft.changes("DeveloperName"):
        return
    if set(draft.store.ids(draft.plan.sobject, field, name)) - {draft.record_id}:
        raise refuse(f"the error for a second group with the developer name {name}")


def _developer_name(name: str) -> str:
    """Letters, digits and single underscores, the first a letter."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    if not stem:
        raise refuse(f"the developer name of a group called {name}")
    if not stem[0].isalpha():
        stem = f"X{stem}"
    return stem[:80]
