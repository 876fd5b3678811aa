"""Permission sets, their assignments, and permissions on objects and fields: as rows, which give and take nothing (metadata.md 5.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import naming
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_ALONE = frozenset(
    {"PermissionsApiEnabled", "PermissionsRunReports", "PermissionsViewSetup", "PermissionsPasswordNeverExpires"}
)  # fmt: skip
"""Permissions that need no other one."""
_NEEDS = {
    "PermissionsCreate": ("PermissionsRead",),
    "PermissionsEdit": ("PermissionsRead",),
    "PermissionsDelete": ("PermissionsRead", "PermissionsEdit"),
    "PermissionsViewAllRecords": ("PermissionsRead",),
    "PermissionsModifyAllRecords": (
        "PermissionsRead", "PermissionsEdit", "PermissionsDelete", "PermissionsViewAllRecords",
    ),
}  # fmt: skip
"""Permissions on an object or a field and those that they need."""


def derive(draft: Draft) -> None:
    """A permission set of one's own: custom, owned by no profile."""
    if draft.before("IsOwnedByProfile"):
        raise errors.refuse("changing the permission set of a profile")
    naming.check(draft, "Name")
    for name in sorted(draft.supplied):
        if name.startswith("Permissions") and draft[name] and name not in _ALONE:
            raise errors.refuse(f"PermissionSet.{name}, which may need other permissions")
    if draft.creating:
        draft.truth("IsCustom", True)


def assign(draft: Draft) -> None:
    """Assign a permission set; a second time is refused with both ids (recorded in errors-quoted.jsonl)."""
    if draft["PermissionSetGroupId"] is not None or draft["PermissionSetId"] is None:
        raise errors.refuse("assignments of permission set groups")
    if draft["ExpirationDate"] is not None:
        raise errors.refuse("assignments of permission sets that expire")
    store, set_id, user_id = draft.store, str(draft["PermissionSetId"]), str(draft["AssigneeId"])
    found = store.named("PermissionSet", set_id)
    user = store.named("User", user_id)
    if found is None or user is None or found["IsOwnedByProfile"]:
        raise errors.refuse("assigning the permission set of a profile")
    if not user["IsActive"]:
        raise errors.refuse("permission sets for inactive users")
    _check_license(store, found, user)
    field = draft.plan.sobject.find("AssigneeId")
    for each in [] if field is None else store.ids(draft.plan.sobject, field, user_id):
        other = store.find(draft.plan.sobject, each)
        if each != draft.record_id and other is not None and other["PermissionSetId"] == set_id:
            raise errors.DUPLICATE_ASSIGNMENT(
                assignee15=user_id[:15], set15=set_id[:15], fields=["AssigneeId", "PermissionSetId"]
            )
    draft.truth("IsActive", True)


def permit_object(draft: Draft) -> None:
    """Permissions on an object: one row a permission set and object, and none without Read."""
    _check_parent(draft)
    _check_needs(draft)
    name = str(draft["SobjectType"])
    sobject = draft.store.catalogue.find(name)
    if sobject is None or sobject.name != name:
        raise errors.refuse(f"object permissions on {name}")
    _refuse_second(draft, "SobjectType")


def permit_field(draft: Draft) -> None:
    """Permissions on a field, named as `Account.Industry`."""
    _check_parent(draft)
    _check_needs(draft)
    owner, _, name = str(draft["Field"]).partition(".")
    sobject = draft.store.catalogue.find(owner)
    field = None if sobject is None else sobject.find(name)
    if sobject is None or owner != draft["SobjectType"] or field is None or field.name != name:
        raise errors.refuse(f"field permissions on {draft['Field']} of {draft['SobjectType']}")
    if not field.permissionable:
        raise errors.refuse(f"field permissions on {owner}.{name}, which everybody sees")
    _refuse_second(draft, "Field")


def check_deletable(change: Change) -> None:
    """Refuse to delete a permission set that is a profile's, or assigned."""
    store, row = change.store, change.row
    assignment = store.catalogue.find("PermissionSetAssignment")
    field = None if assignment is None else assignment.find("PermissionSetId")
    if row["IsOwnedByProfile"]:
        raise errors.refuse("deleting the permission set of a profile")
    if assignment is not None and field is not None and store.ids(assignment, field, row["Id"]):
        raise errors.refuse("deleting a permission set that is assigned")


def check_withdrawal(change: Change) -> None:
    """Refuse to take the permission set of the profile from a user."""
    store, row = change.store, change.row
    found = store.named("PermissionSet", str(row["PermissionSetId"]))
    if found is not None and found["IsOwnedByProfile"]:
        raise errors.refuse("withdrawing the permission set of a profile")


def _check_license(store: Store, permission_set: Row, user: Row) -> None:
    profile = store.named("Profile", str(user["ProfileId"]))
    license_id: Value = None if profile is None else profile["UserLicenseId"]
    if permission_set["LicenseId"] not in (None, license_id):
        raise errors.refuse("a permission set of another license than the user's")


def _check_parent(draft: Draft) -> None:
    parent = draft.store.named("PermissionSet", str(draft["ParentId"]))
    if parent is None or parent["IsOwnedByProfile"]:
        raise errors.refuse("permissions on objects and fields of a profile")


def _check_needs(draft: Draft) -> None:
    if not draft["PermissionsRead"]:
        raise errors.refuse(f"{draft.plan.sobject.label_plural} without Read")
    for name, needed in _NEEDS.items():
        if draft[name] and not all(draft[each] for each in needed if draft.plan.sobject.find(each)):
            raise errors.refuse(f"the error for {name} without the permissions that it needs")


def _refuse_second(draft: Draft, name: str) -> None:
    field = draft.plan.sobject.find("ParentId")
    for each in (
        [] if field is None else draft.store.ids(draft.plan.sobject, field, draft["ParentId"])
    ):
        other = draft.store.find(draft.plan.sobject, each)
        if each != draft.record_id and other is not None and other[name] == draft[name]:
            raise errors.refuse(
                f"the error for second {draft.plan.sobject.label_plural.lower()} on {draft[name]}"
            )
