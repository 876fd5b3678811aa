"""What the fake does not know yet of the shipped sobjects: writing or reading these is refused, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sfmock.errors import refuse
from sfmock.schema.model import SObject
from sfmock.soql.virtual import VIRTUAL

WITHOUT_RULES = frozenset(
    {
        "AccountContactRelation", "CollaborationGroup", "FeedItem", "Idea",
    }
)  # fmt: skip
"""Sobjects whose rules of writing are missing."""

REFUSED: Mapping[str, str] = {
    "AccountShare": "manual shares, for sharing is not faked",
    "ApexClass": "Apex, which nothing here compiles",
    "ApexTrigger": "Apex, which nothing here compiles",
    "ContentWorkspace": "libraries, whose members and permissions are not faked",
    "EmailTemplate": "email templates, whose type describe does not let one choose",
    "RecordType": "record types: add them to the schema",
}
"""Sobjects that are not written, and why."""

NOT_CREATED: Mapping[str, str] = {"Profile": "creating profiles"}
"""Sobjects whose rows can be changed, while a new one takes more than a row."""

FILLED_BY_THE_PLATFORM = frozenset(
    {
        "AccountContactRelation", "AccountShare", "AuthSession", "ConnectedApplication", "ContentWorkspace", "Dashboard",
        "DuplicateRule", "EmailTemplate", "FieldPermissions", "Folder", "ListView", "LoginHistory", "ObjectPermissions", "Report",
        "UserLicense",
    }
)  # fmt: skip
"""Sobjects of which every org has rows: while this one has none, an empty answer would be untrue."""


def check_writable(sobject: SObject, *, creating: bool = False) -> None:
    """Refuse to create, change or delete rows whose rules are not known."""
    name = sobject.name
    if name in WITHOUT_RULES or _is_feed(sobject):
        raise refuse(f"writing {name}")
    if sobject.described:
        raise refuse(
            f"writing {name}, of which only the describe is known: give rows by org.load()"
        )
    if name in REFUSED:
        raise refuse(f"writing {name}: {REFUSED[name]}")
    if creating and name in NOT_CREATED:
        raise refuse(NOT_CREATED[name])


def check_readable(sobject: SObject, is_empty: Callable[[SObject], bool]) -> None:
    """Refuse to read rows unless what the table holds is the truth."""
    if sobject.name in VIRTUAL:
        raise refuse(f"rows of {sobject.name} outside of queries")
    if sobject.veiled:
        raise refuse(f"rows of {sobject.name} for a user who does not see every field they tell of")
    if not holds_all_rows(sobject, is_empty):
        raise refuse(f"rows of {sobject.name}, which the platform fills: give them by org.load()")


def holds_all_rows(sobject: SObject, is_empty: Callable[[SObject], bool]) -> bool:
    """Whether the table holds the rows that a real org would have."""
    if sobject.name in VIRTUAL:
        return False
    filled = sobject.name in FILLED_BY_THE_PLATFORM or _is_feed(sobject)
    return not (filled and is_empty(sobject))


def _is_feed(sobject: SObject) -> bool:
    return sobject.associate is not None and sobject.associate[0] == "Feed"
