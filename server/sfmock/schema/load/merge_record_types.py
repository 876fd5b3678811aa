"""Record types of the sources, put into their sobjects: ids, picklists, and the rows that go with them (metadata.md 4.13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b

from sfmock import ids
from sfmock.schema import record_types
from sfmock.schema.load.definitions import Definitions, RecordTypeDefinition
from sfmock.schema.load.loaded import Row
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.load.wrong import WRONG, words
from sfmock.schema.model import PicklistValue, RecordType, RecordTypePicklist, SObject

_TABLE = "RecordType"
_POD = "0sf"
"""Ids that no describe tells come from the name: they are the same in every org of a pack."""
_STATUSES: Mapping[str, str] = {
    "Case": "Status",
    "Lead": "Status",
    "Opportunity": "StageName",
    "Solution": "Status",
}
"""The picklist that a business process is about."""


def merge_record_types(space: Workspace, definitions: Definitions, notes: Notes) -> Iterator[Row]:
    """Put all record types into the workspace; answers the rows that they have in RecordType."""
    for described in definitions.described:
        yield from _add(space, described.name, described.record_types, {}, notes)
    for each in definitions.objects:
        yield from _add(space, each.name, each.record_types, each.processes, notes)


def _add(
    space: Workspace,
    name: str,
    found: Iterable[RecordTypeDefinition],
    processes: Mapping[str, tuple[str, ...]],
    notes: Notes,
) -> Iterator[Row]:
    for definition in found:
        owner, table = space.find(name), space.find(_TABLE)
        if owner is None or table is None:
            return  # that it is missing has been noted
        made = _made(owner, definition, processes, notes)
        others = tuple(
            each
            for each in owner.record_types
            if each.developer_name.lower() != made.developer_name.lower()
        )
        is_new = len(others) == len(owner.record_types)
        owner = record_types.with_record_type(replace(owner, record_types=others), made)
        space.put(owner, record_types.with_sobject(table, owner.name))
        if is_new:
            yield {
                "Id": made.id,
                "Name": made.label,
                "DeveloperName": made.developer_name,
                "SobjectType": owner.name,
                "IsActive": made.active,
            }


def _made(
    owner: SObject,
    definition: RecordTypeDefinition,
    processes: Mapping[str, tuple[str, ...]],
    notes: Notes,
) -> RecordType:
    known = next(
        (each for each in owner.record_types if each.developer_name == definition.name), None
    )
    return RecordType(
        id=known.id if known is not None else _id(owner, definition),
        developer_name=definition.name,
        label=definition.label,
        active=definition.active,
        default=definition.default and definition.active,
        picklists=tuple(_picklists(owner, definition, processes, notes)),
    )


def _picklists(
    owner: SObject,
    definition: RecordTypeDefinition,
    processes: Mapping[str, tuple[str, ...]],
    notes: Notes,
) -> Iterator[RecordTypePicklist]:
    """The values that the record type restricts its picklists to; one that is not known is noted."""
    element = f"RecordType {owner.name}.{definition.name}"
    chosen = dict(definition.picklists)
    status = _STATUSES.get(owner.name)
    if definition.process is not None:
        if definition.process in processes and status is not None:
            chosen[status] = processes[definition.process]
        else:
            reason = f"the business process {definition.process} is not in the sources"
            notes.behaviour(definition.file, element, reason)
    for name, values in chosen.items():
        field = owner.find(name)
        known = set() if field is None else {each.value for each in field.picklist}
        default = definition.defaults.get(name)
        entries = [
            PicklistValue(each, each, default=each == default) for each in values if each in known
        ]
        try:
            yield from record_types.picklists(owner, {name: entries})
        except WRONG as error:
            notes.behaviour(definition.file, element, words(error))
            continue
        strange = [each for each in values if each not in known]
        if strange:
            reason = f"{owner.name}.{name} has no value {', '.join(map(repr, strange))}"
            notes.behaviour(definition.file, element, reason)


def _id(owner: SObject, definition: RecordTypeDefinition) -> str:
    """The described id, or one that follows from the name."""
    given = ids.canonical(definition.record_type_id)
    if given is not None:
        return given
    name = f"{owner.name}.{definition.name}".lower().encode()
    number = int.from_bytes(blake2b(name, digest_size=5).digest(), "big")
    return ids.make("012", _POD, number)
