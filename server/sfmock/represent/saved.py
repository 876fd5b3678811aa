"""The replies to a create and to an upsert (rest.md 2.6)."""

from __future__ import annotations

from sfmock.represent.records import row_path
from sfmock.schema.model import SObject
from sfmock.versions import UPSERT_REPLY, Version
from sfmock.wire import JSON, NO_CONTENT, Reply


def created_reply(sobject: SObject, record_id: str, version: Version) -> Reply:
    """201 with the id and where the row is."""
    location = ("Location", row_path(sobject, record_id, version))
    return Reply(201, {"id": record_id, "success": True, "errors": []}, headers=(location,))


def upserted_reply(sobject: SObject, record_id: str, version: Version, *, created: bool) -> Reply:
    """201 or 200 with `created`; before version 46.0 without it, and 204 for an update."""
    if not version.has(UPSERT_REPLY):
        return created_reply(sobject, record_id, version) if created else NO_CONTENT
    body: JSON = {"id": record_id, "success": True, "errors": [], "created": created}
    location = ("Location", row_path(sobject, record_id, version))
    return Reply(201 if created else 200, body, headers=(location,))
