"""User licenses: how many there are, and how many active users take one by their profile (metadata.md 5.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store

_NEEDED = ("User", "Profile", "UserLicense")
_USED = (
    'SELECT count(*) FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"'
    ' WHERE u."IsActive" = 1 AND p."UserLicenseId" = '
)
_COUNT = f'UPDATE "UserLicense" SET "UsedLicenses" = ({_USED}"UserLicense"."Id")'


def check(store: Store, profile: Row | None, *, but_for: str) -> None:
    """Raise LICENSE_LIMIT_EXCEEDED where no license of the profile's kind is left for one more active user."""
    license_id = None if profile is None else profile.get("UserLicenseId")
    row = store.named("UserLicense", license_id) if isinstance(license_id, str) else None
    if row is None:
        return
    used = store.db.value(f'{_USED}? AND u."Id" <> ?', (row["Id"], but_for))
    if int(used or 0) >= int(row["TotalLicenses"] or 0):
        raise errors.LICENSE_LIMIT()


def count(store: Store) -> None:
    """Bring `UsedLicenses` up to date, where anybody has looked at licenses yet."""
    if store.present("UserLicense"):
        for name in _NEEDED:
            sobject = store.catalogue.find(name)
            if sobject is not None:
                store.plan(sobject)
        store.db.execute(_COUNT)
