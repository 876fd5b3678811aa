"""Roles: names, and the access to what belongs to an account owner's accounts (metadata.md 4.12, 5)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import naming
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.dml.store import Store

_ACCESS = {
    "OpportunityAccessForAccountOwner": "DefaultOpportunityAccess",
    "CaseAccessForAccountOwner": "DefaultCaseAccess",
    "ContactAccessForAccountOwner": "DefaultContactAccess",
}
"""Fields of a role and the defaults of the organization that bound them from below."""
_FULL = frozenset({"Edit", "ReadEditTransfer", "ControlledByParent"})


def derive(draft: Draft) -> None:
    """Fill in developer name and access of a new role."""
    naming.derive(draft)
    if not draft.creating:
        return
    for name, default in _ACCESS.items():
        if draft["Name"] is not None and draft[name] is None:
            draft.values[name] = _default(draft.store, name, default)


def check_deletable(change: Change) -> None:
    """Refuse to delete a role in use: what becomes of users and roles below is not known."""
    store, role = change.store, change.row
    for name, key in (("User", "UserRoleId"), ("UserRole", "ParentRoleId")):
        sobject = store.catalogue.find(name)
        field = None if sobject is None else sobject.find(key)
        if sobject is not None and field is not None and store.ids(sobject, field, role["Id"]):
            raise errors.refuse("deleting a role that has users or roles below it")


def _default(store: Store, name: str, default: str) -> str:
    """Where everybody may edit, owners of accounts may too; less open orgs leave a choice whose default is not known."""
    sobject = store.catalogue.find("Organization")
    if sobject is not None:
        store.plan(sobject)
        if store.db.value(f'SELECT "{default}" FROM "Organization" LIMIT 1') in _FULL:
            return "Edit"
    raise errors.refuse(f"the default of UserRole.{name}")
