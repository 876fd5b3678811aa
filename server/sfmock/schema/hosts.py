"""Standard references that take rows of every custom object: attachments, notes, files, posts, activities.

Their `referenceTo` grows with the org, so it is never written down: the catalogue completes these sobjects when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def is_host(name: str) -> bool:
    """Whether an sobject refers to rows of custom objects, whichever there are."""
    return name.lower() in _FIELDS


def opened(host: SObject, custom: Iterable[SObject]) -> SObject:
    """A host whose reference takes rows of these custom objects, too."""
    field = host.find(_FIELDS[host.name.lower()])
    if field is None:
        return host
    end = (host.name, field.name)
    names = {
        each.name for each in custom if any((one.child, one.field) == end for one in each.children)
    }
    if names <= set(field.reference_to):
        return host
    wider = replace(field, reference_to=tuple(sorted({*field.reference_to, *names})))
    return replace(host, fields=tuple(wider if each is field else each for each in host.fields))
