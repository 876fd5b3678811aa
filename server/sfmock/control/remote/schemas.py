"""The JSON schemas of answers that several operations have in common."""

from __future__ import annotations

from sfmock.control.remote.values import Schema


def schema(kind: str, description: str = "") -> Schema:
    """A type, and what it means."""
    return {"type": kind, **({"description": description} if description else {})}


def reference(name: str) -> Schema:
    """One of the components of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema) -> Schema:
    """A list of something."""
    return {"type": "array", "items": items}


TEXT_SCHEMA = schema("string")
TEXTS_SCHEMA = listed(TEXT_SCHEMA)
RECORD = reference("Record")
BY_NAME = schema("object", "lists by sobject")
COUNT = schema("integer")
