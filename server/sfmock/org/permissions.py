"""What a user may do, by the profile and the permission sets that are assigned."""

from __future__ import annotations

from sfmock.schema.catalogue import Catalogue
from sfmock.store.database import Database
from sfmock.store.tables import Tables, quote

VIEW_ENCRYPTED_DATA = "PermissionsViewEncryptedData"
API_ENABLED = "PermissionsApiEnabled"


def has_permission(
    db: Database, tables: Tables, catalogue: Catalogue, user_id: str, permission: str
) -> bool:
    """Whether a user has a permission, e.g. `PermissionsViewEncryptedData`; unknown ones nobody has."""
    sources = {
        "Profile": 'SELECT "ProfileId" FROM "User" WHERE "Id" = ?',
        "PermissionSet": 'SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ?',
    }
    for name in ("User", "Profile", "PermissionSet", "PermissionSetAssignment"):
        sobject = catalogue.find(name)
        if sobject is None:
            sources.pop("Profile" if name in ("User", "Profile") else "PermissionSet", None)
        else:
            tables.ensure(sobject)
    for name, ids in sources.items():
        sobject = catalogue.find(name)
        if sobject is None or sobject.find(permission) is None:
            continue
        sql = (
            f'SELECT 1 FROM {quote(name)} WHERE {quote(permission)} = 1 AND "Id" IN ({ids}) LIMIT 1'
        )
        if db.value(sql, (user_id,)):
            return True
    return False
