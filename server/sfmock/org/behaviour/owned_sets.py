"""Rows that the platform keeps beside others: each profile owns a permission set, which its users are assigned (metadata.md 5.2).

They are made when their table is, for most tests never look at them, and kept from then on.
"""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import licenses
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_SET, _ASSIGNMENT = "PermissionSet", "PermissionSetAssignment"
OWN: Mapping[str, str] = {
    _SET: '"IsOwnedByProfile" = 0',
    _ASSIGNMENT: f'"PermissionSetId" NOT IN (SELECT "Id" FROM "{_SET}" WHERE "IsOwnedByProfile" = 1)',
}
"""What tells rows of their own from those that follow from others: looking at a table may make the latter."""
_OWNED = 'SELECT "Id" FROM "PermissionSet" WHERE "ProfileId" = ? AND "IsOwnedByProfile" = 1'
_ASSIGNED = (
    'SELECT a."Id" FROM "PermissionSetAssignment" a JOIN "PermissionSet" s ON s."Id" = a."PermissionSetId"'
    ' WHERE a."AssigneeId" = ? AND s."IsOwnedByProfile" = 1'
)


def fill(store: Store, sequences: Sequences, sobject: SObject) -> None:
    """Make the rows of a table that was made this moment."""
    if sobject.name == _SET:
        for profile_id in _all(store, "Profile"):
            keep_set(store, sequences, profile_id)
    elif sobject.name == _ASSIGNMENT:
        _all(store, _SET)
        for user_id in _all(store, "User"):
            keep_assignment(store, sequences, user_id)
    elif sobject.name == "UserLicense":
        licenses.count(store)


def follow_user(draft: Draft) -> None:
    """After a user's create or change: the profile's permission set, and the licenses in use."""
    if draft.changes("ProfileId") and draft.store.present(_ASSIGNMENT):
        keep_assignment(draft.store, draft.sequences, draft.record_id)
    if draft.changes("IsActive", "ProfileId"):
        licenses.count(draft.store)


def follow_profile(draft: Draft) -> None:
    """After a profile's change: its permission set says the same."""
    if draft.store.present(_SET):
        keep_set(draft.store, draft.sequences, draft.record_id)


def follow_loaded(store: Store, sequences: Sequences, name: str, record_id: str) -> None:
    """After a row was taken over from a backup."""
    if name == "User":
        if store.present(_ASSIGNMENT):
            keep_assignment(store, sequences, record_id)
        licenses.count(store)
    elif name == "Profile" and store.present(_SET):
        keep_set(store, sequences, record_id)


def keep_set(store: Store, sequences: Sequences, profile_id: str) -> None:
    """Make the permission set of a profile, or bring its permissions up to date."""
    sobject = store.catalogue.find(_SET)
    profile = store.named("Profile", profile_id)
    if sobject is None or profile is None:
        return
    plan = store.plan(sobject)
    permissions: Row = {
        name: profile[name]
        for name in plan.names
        if name.startswith("Permissions") and profile.get(name) is not None
    }
    found = store.db.value(_OWNED, (profile_id,))
    if isinstance(found, str):
        store.update(plan, found, permissions)
        return
    stamps = (
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    )
    row: Row = {
        "Id": sequences.record_id(str(sobject.id_prefix), sobject.name),
        "Name": f"X{profile_id[:15]}",
        "Label": profile_id[:15],
        "ProfileId": profile_id,
        "IsOwnedByProfile": 1,
        **{name: profile.get(name) for name in ("Description", *stamps)},
        **permissions,
    }
    store.insert(plan, {name: value for name, value in row.items() if value is not None})


def keep_assignment(store: Store, sequences: Sequences, user_id: str) -> None:
    """Assign a user the permission set of the profile, in the place of a former one."""
    sobject = store.catalogue.find(_ASSIGNMENT)
    owner = store.catalogue.find(_SET)
    user = store.named("User", user_id)
    if sobject is None or owner is None or user is None or user["ProfileId"] is None:
        return
    plan = store.plan(sobject)
    store.plan(owner)
    owned = store.db.value(_OWNED, (user["ProfileId"],))
    if owned is None:
        return
    changes: Row = {"PermissionSetId": owned, "SystemModstamp": user["SystemModstamp"]}
    found: Value = store.db.value(_ASSIGNED, (user_id,))
    if isinstance(found, str):
        store.update(plan, found, changes)
        return
    made = sequences.record_id(str(sobject.id_prefix), sobject.name)
    store.insert(plan, {"Id": made, "AssigneeId": user_id, "IsActive": 1, **changes})


def _all(store: Store, name: str) -> list[str]:
    sobject = store.catalogue.find(name)
    if sobject is None:
        return []
    plan = store.plan(sobject)
    return [str(each) for (each,) in store.db.rows(f'SELECT "Id" FROM {plan.table} ORDER BY "Id"')]
