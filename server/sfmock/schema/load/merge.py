"""Definitions laid over a catalogue: the sobjects that are new or other than before, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.load.definitions import Definitions
from sfmock.schema.load.loaded import Row
from sfmock.schema.load.merge_describes import merge_describes, note_missing
from sfmock.schema.load.merge_metadata import merge_metadata
from sfmock.schema.load.merge_record_types import merge_record_types
from sfmock.schema.load.merge_records import merge_records
from sfmock.schema.load.merge_value_sets import merge_value_sets
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.model import SObject


@dataclass(frozen=True, slots=True)
class Merged:
    """What a load makes of a catalogue."""

    sobjects: tuple[SObject, ...]
    missing: tuple[str, ...]
    """Sobjects that the sources name and that are nowhere."""
    objects: tuple[str, ...]
    """The sobjects that the sources are about, and those that are other than before because of them."""
    fields: tuple[str, ...]
    removed: tuple[str, ...]
    added: Mapping[str, Sequence[Row]]
    replaced: Mapping[str, Sequence[Row]]


def merge(base: Catalogue, definitions: Definitions, notes: Notes) -> Merged:
    """Lay definitions over a catalogue: describes first, for they are whole, then metadata files."""
    space = Workspace(base)
    removed = merge_describes(space, definitions.described, notes)
    merge_metadata(space, definitions, notes)
    statuses = merge_value_sets(
        space, definitions.standard_value_sets, definitions.value_set_files, notes
    )
    replaced = _grouped(statuses)
    record_types = list(merge_record_types(space, definitions, notes))
    added = _grouped(merge_records(space, definitions.records, notes))
    if record_types:
        added["RecordType"] = record_types
    for each in definitions.described:
        note_missing(space, each, notes)
    named = {each.name for each in definitions.described}
    named |= {each.name for each in definitions.objects}
    changed = [
        each
        for each in space.changed
        if each.name in named or (each.associate is None and each.name != "RecordType")
    ]
    objects = tuple(
        each.name for each in changed if each.name in named or _differs(base.find(each.name), each)
    )
    fields = tuple(name for each in changed for name in _fields(base.find(each.name), each))
    return Merged(space.changed, space.missing, objects, fields, tuple(removed), added, replaced)


def _differs(before: SObject | None, after: SObject) -> bool:
    """Whether more than child relationships changed: those follow from the fields of others."""
    return before is None or replace(before, children=after.children) != after


def _fields(before: SObject | None, after: SObject) -> Iterator[str]:
    for each in after.fields:
        known = None if before is None else before.find(each.name)
        if known != each and (each.custom or before is not None):
            yield f"{after.name}.{each.name}"


def _grouped(rows: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for name, row in rows:
        found.setdefault(name, []).append(row)
    return found
