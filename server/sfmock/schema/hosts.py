"""Standard references that take rows of every custom object: attachments, notes, files, posts, activities.

Their `referenceTo` grows with the org, so it is never written down: the catalogue completes these sobjects when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from sfmock.schema.model import ChildRelationship, SObject

_FIELDS: Mapping[str, str] = {
    "attachment": "ParentId",
    "contentdocumentlink": "LinkedEntityId",
    "contentversion": "FirstPublishLocationId",
    "event": "WhatId",
    "feeditem": "ParentId",
    "note": "ParentId",
    "task": "WhatId",
}

ROWS = (
    ("AttachedContentDocument", "LinkedEntityId", "AttachedContentDocuments", True),
    ("Attachment", "ParentId", "Attachments", True),
    ("CollaborationGroupRecord", "RecordId", "RecordAssociatedGroups", True),
    ("CombinedAttachment", "ParentId", "CombinedAttachments", True),
    ("ContentDocumentLink", "LinkedEntityId", "ContentDocumentLinks", True),
    ("ContentVersion", "FirstPublishLocationId", None, False),
    ("DuplicateRecordItem", "RecordId", "DuplicateRecordItems", True),
    ("EntitySubscription", "ParentId", "FeedSubscriptionsForEntity", True),
    ("FeedComment", "ParentId", None, False),
    ("FeedItem", "ParentId", None, True),
    ("Note", "ParentId", "Notes", True),
    ("NoteAndAttachment", "ParentId", "NotesAndAttachments", True),
    ("ProcessInstance", "TargetObjectId", "ProcessInstances", True),
    ("ProcessInstanceHistory", "TargetObjectId", "ProcessSteps", False),
    ("RecordAction", "RecordId", "RecordActions", True),
    ("TopicAssignment", "EntityId", "TopicAssignments", True),
)
"""Child sobject, field, relationship and cascade of what every custom object has (metadata.md 6.1; recorded in 2015)."""

ACTIVITIES = (
    ("ActivityHistory", "WhatId", "ActivityHistories", True),
    ("Event", "WhatId", "Events", True),
    ("OpenActivity", "WhatId", "OpenActivities", True),
    ("Task", "WhatId", "Tasks", True),
)
"""What a custom object with activities has besides."""


def relationships(
    rows: Iterable[tuple[str, str, str | None, bool]],
) -> tuple[ChildRelationship, ...]:
    """The child relationships of a table above."""
    return tuple(
        ChildRelationship(child, field, name, cascade) for child, field, name, cascade in rows
    )


def end_of(name: str) -> str | None:
    """The reference of an sobject that takes rows of custom objects, whichever there are; None for other sobjects."""
    return _FIELDS.get(name.lower())


def opened(host: SObject, custom: AbstractSet[str]) -> SObject:
    """A host whose reference takes rows of these custom objects, too."""
    field = host.find(_FIELDS[host.name.lower()])
    if field is None or custom <= set(field.reference_to):
        return host
    wider = replace(field, reference_to=tuple(sorted({*field.reference_to, *custom})))
    return replace(host, fields=tuple(wider if each is field else each for each in host.fields))
