"""Users: type and nickname come from elsewhere, licenses are counted, names are unique (metadata.md 4.11)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import licenses
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.checks import EMAIL
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_INTERNAL = frozenset({"Standard", "CsnOnly"})
"""Types of users who belong to no account: those of portals have contacts and roles of their own."""
_PORTAL = ("ContactId", "IsPortalEnabled", "PortalRole")
_PHOTOS = (
    "FullPhotoUrl", "SmallPhotoUrl", "MediumPhotoUrl", "BannerPhotoUrl", "SmallBannerPhotoUrl", "MediumBannerPhotoUrl",
)  # fmt: skip
_DEFAULT_PHOTO = f'SELECT {", ".join(_PHOTOS)} FROM "User" WHERE "FullPhotoUrl" LIKE \'%/profilephoto/005/F\' LIMIT 1'
_TAKEN_IS_UNKNOWN = ("CommunityNickname", "FederationIdentifier")
"""Fields that no two users share; the wording of the error is not known."""


def derive(draft: Draft) -> None:
    """Fill in what the profile and the platform give a user."""
    _refuse_unknown(draft)
    if draft.changes("Username") and not EMAIL.fullmatch(str(draft["Username"])):
        raise errors.USERNAME_NOT_AN_EMAIL(fields=["Username"])
    profile = _enter_profile(draft)
    if draft.creating:
        draft.values |= _default_photos(draft.store)
    if draft.creating and draft["CommunityNickname"] is None:
        number = draft.sequences.next("User.CommunityNickname", after=0)
        draft.values["CommunityNickname"] = f"User{number:018d}"
    if draft["IsActive"] and draft.changes("IsActive", "ProfileId"):
        licenses.check(draft.store, profile, but_for=draft.record_id)


def end_sessions(draft: Draft) -> None:
    """Who is deactivated has no sessions any more, also when active again (oauth.md 9)."""
    if draft.before("IsActive") and not draft["IsActive"]:
        draft.store.db.execute("DELETE FROM sf_session WHERE user_id = ?", (draft.record_id,))


def _default_photos(store: Store) -> Row:
    """The addresses of the photo that everybody has who has not chosen one, and texts that are empty (recorded)."""
    row = store.db.row(_DEFAULT_PHOTO)
    photos: Row = {} if row is None else dict(zip(_PHOTOS, row, strict=True))
    return photos | {"BadgeText": "", "OutOfOfficeMessage": ""}


def _refuse_unknown(draft: Draft) -> None:
    for name in _PORTAL:
        if draft.values.get(name):
            raise errors.refuse(f"users of portals and communities (User.{name})")
    if draft.before("IsActive") and not draft["IsActive"] and draft.record_id == draft.user_id:
        raise errors.refuse("the error for a user who deactivates the own account")
    for name in _TAKEN_IS_UNKNOWN:
        field, value = draft.plan.sobject.find(name), draft.values.get(name)
        if field is None or value is None or not draft.changes(name):
            continue
        if set(draft.store.ids(draft.plan.sobject, field, value)) - {draft.record_id}:
            raise errors.refuse(f"the error for a {field.label.lower()} that another user has")


def _enter_profile(draft: Draft) -> Row | None:
    """The profile, which decides the type; None in a user that has none, as those of the platform."""
    profile = draft.store.named("Profile", str(draft["ProfileId"]))
    if draft.changes("ProfileId"):
        kind: Value = None if profile is None else profile.get("UserType")
        if kind not in _INTERNAL:
            raise errors.refuse(f"users of type {kind}")
        if not draft.creating and kind != draft.before("UserType"):
            raise errors.refuse("a profile of another user type for a user")
        draft.values["UserType"] = kind
    return profile
