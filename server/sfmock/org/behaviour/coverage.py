"""What the fake does not know yet of the shipped sobjects: writing or reading these is refused, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from sfmock.errors import refuse
from sfmock.schema.model import SObject

WITHOUT_RULES = frozenset(
    {
        "AccountContactRelation", "AccountShare", "ApexClass", "ApexTrigger",
        "Attachment", "BusinessHours", "Campaign", "CampaignMember", "CampaignMemberStatus",
        "CollaborationGroup", "ContentDocument", "ContentDocumentLink", "ContentVersion", "ContentWorkspace",
        "Document", "EmailMessage", "EmailTemplate", "FeedItem", "FieldPermissions", "Folder", "GroupMember",
        "Holiday", "Idea", "Note", "ObjectPermissions",
        "PermissionSet", "PermissionSetAssignment",
        "QueueSobject", "RecordType", "Solution",
        "StaticResource", "Topic", "UserRole",
    }
)  # fmt: skip
"""Sobjects whose rules of writing are missing."""

VIRTUAL = frozenset({"EntityDefinition", "FieldDefinition"})
"""Sobjects whose rows the platform computes (metadata.md 7)."""

FILLED_BY_THE_PLATFORM = frozenset(
    {
        "AccountShare", "AuthSession", "ConnectedApplication", "Dashboard", "DuplicateRule", "EmailTemplate",
        "Folder", "ListView", "LoginHistory", "Report", "UserLicense",
    }
)  # fmt: skip
"""Sobjects of which every org has rows: while this one has none, an empty answer would be untrue."""


def check_writable(sobject: SObject) -> None:
    """Refuse to create, change or delete rows whose rules are not known."""
    if sobject.name in WITHOUT_RULES or sobject.associate or sobject.custom_setting:
        raise refuse(f"writing {sobject.name}")
    if sobject.find("Id") is None:
        raise refuse(f"publishing {sobject.name}")


def check_readable(sobject: SObject, is_empty: Callable[[], bool]) -> None:
    """Refuse to read rows unless what the table holds is the truth."""
    name = sobject.name
    if name in VIRTUAL:
        raise refuse(f"rows of {name}")
    if (name in FILLED_BY_THE_PLATFORM or sobject.associate) and is_empty():
        raise refuse(f"rows of {name}, which the platform fills: give them by org.load()")
