"""Records of custom metadata types as rows (metadata.md 6.1, 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sfmock.schema.load.definitions import MetadataRecord
from sfmock.schema.load.loaded import Row
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace


def merge_records(
    space: Workspace, records: Iterable[MetadataRecord], notes: Notes
) -> Iterator[tuple[str, Row]]:
    """The rows of the records whose type is there, each with the name of its table."""
    for record in records:
        owner = space.find(record.type)
        if owner is None:
            reason = f"{record.type} is not in the sources"
            notes.behaviour(record.file, f"{record.type}.{record.name}", reason)
            continue
        row: dict[str, object] = {
            "DeveloperName": record.name,
            "MasterLabel": record.label,
            "Label": record.label,
            "Language": "en_US",
            "QualifiedApiName": record.name,
        }
        for name, value in record.values.items():
            field = owner.find(name)
            if field is None or field.type == "reference":
                kind = (
                    "no such field" if field is None else "relationships of metadata are not read"
                )
                notes.behaviour(record.file, f"{owner.name}.{record.name}: {name}", kind)
            else:
                row[field.name] = value
        if record.protected:
            reason = "protected records are seen as all others"
            notes.effectless(record.file, "CustomMetadata: protected", reason)
        yield owner.name, row
