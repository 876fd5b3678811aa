"""Rows of User and Profile with a value in every field that such rows always have."""

from __future__ import annotations

import re

from sfmock.schema.model import SObject
from sfmock.wire import JSON

ADMINISTRATOR = "System Administrator"
STANDARD_PROFILES = frozenset(
    {
        ADMINISTRATOR, "Standard User", "Read Only", "Solution Manager", "Marketing User",
        "Contract Manager", "Standard Platform User", "Minimum Access - Salesforce",
    }
)  # fmt: skip
"""Profiles of the Salesforce license that every org has: made where the pack lacks them."""
_ADMIN_PERMISSIONS = (
    "ModifyAllData", "ViewAllData", "ManageUsers", "CustomizeApplication", "ViewSetup", "AuthorApex", "EditTask",
)  # fmt: skip


def new_user(sobject: SObject, name: str, user_id: str, domain: str, host: str) -> dict[str, JSON]:
    """A row of User with a value in every field that a user always has."""
    local, mark, _ = name.partition("@")
    first, _, last = ("" if mark else name).rpartition(" ")
    slug = re.sub(r"[^a-z0-9]+", ".", local.lower()).strip(".") or "user"
    username = name if mark else f"{slug}@{domain}.sfmock.example"
    row: dict[str, JSON] = {
        each.name: False if each.default is None else each.default
        for each in sobject.columns
        if each.type == "boolean" and not each.nillable
    }
    row |= {
        "Id": user_id,
        "Username": username,
        "LastName": last or local,
        "Email": username,
        "Alias": local.replace(" ", "").lower()[:8],
        "CommunityNickname": local[:40],
        "UserType": "Standard",
        "TimeZoneSidKey": "America/Los_Angeles",
        "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
        "DigestFrequency": "D",
        "DefaultGroupNotificationFrequency": "N",
        "FullPhotoUrl": f"{_photo(host)}/F",
        "SmallPhotoUrl": f"{_photo(host)}/T",
        "MediumPhotoUrl": f"{_photo(host)}/M",
        "BannerPhotoUrl": "/profilephoto/005/B",
        "SmallBannerPhotoUrl": "/profilephoto/005/D",
        "MediumBannerPhotoUrl": "/profilephoto/005/E",
        "BadgeText": "",
        "OutOfOfficeMessage": "",
    }
    if first:
        row["FirstName"] = first
    return row


def _photo(host: str) -> str:
    """Where the photo of everybody who has not chosen one is."""
    return f"https://{host}/profilephoto/005"


def new_profile(sobject: SObject, name: str, profile_id: str) -> dict[str, JSON]:
    """A row of Profile: a standard profile whose users may use the API."""
    allowed = {"PermissionsApiEnabled"}
    if name == ADMINISTRATOR:
        allowed |= {f"Permissions{each}" for each in _ADMIN_PERMISSIONS}
    row: dict[str, JSON] = {
        each.name: each.name in allowed for each in sobject.columns if each.type == "boolean"
    }
    return row | {"Id": profile_id, "Name": name, "UserType": "Standard"}
