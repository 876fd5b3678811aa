"""Record types in the schema: the field that they bring, and which values of picklists each has (metadata.md 3, 4.13)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sfmock.schema.model import Field, PicklistValue, RecordType, RecordTypePicklist, SObject

_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")
_LONGEST = 80
_BEHIND: Mapping[str, str] = {"Account": "Type"}
"""Where `RecordTypeId` stands, as recorded; elsewhere behind the other standard fields."""


def check_name(name: str) -> None:
    """Raise ValueError for what cannot be a developer name."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise ValueError(
            f"{name!r} is no developer name: letters, digits and single underscores, at most {_LONGEST}"
        )


def with_record_type(owner: SObject, added: RecordType) -> SObject:
    """The sobject with one more record type, and with the field `RecordTypeId`."""
    if any(
        each.developer_name.lower() == added.developer_name.lower() for each in owner.record_types
    ):
        raise ValueError(f"{owner.name} has a record type {added.developer_name} already")
    if added.default and not added.active:
        raise ValueError(f"{owner.name}: the default record type is active")
    others = (
        replace(each, default=each.default and not added.default) for each in owner.record_types
    )
    return replace(
        owner,
        fields=owner.fields if owner.find("RecordTypeId") else tuple(_with_field(owner)),
        record_types=tuple(sorted((*others, added), key=lambda each: each.label)),
    )


def picklists(
    owner: SObject, given: Mapping[str, Iterable[str | PicklistValue]]
) -> tuple[RecordTypePicklist, ...]:
    """The values that a record type has of some picklists; raises ValueError for those that the field lacks."""
    return tuple(_picklist(owner, name, tuple(values)) for name, values in given.items())


def with_sobject(record_type: SObject, name: str) -> SObject:
    """The sobject RecordType with one more value of `SobjectType`."""
    kind = record_type.by_name["sobjecttype"]
    if any(each.value == name for each in kind.picklist):
        return record_type
    entries = sorted((*kind.picklist, PicklistValue(name, name)), key=lambda each: each.value)
    wider = replace(kind, picklist=tuple(entries))
    fields = tuple(wider if each is kind else each for each in record_type.fields)
    return replace(record_type, fields=fields)


def _picklist(
    owner: SObject, name: str, values: tuple[str | PicklistValue, ...]
) -> RecordTypePicklist:
    field = owner.find(name)
    if field is None or field.type not in ("picklist", "multipicklist"):
        raise ValueError(f"{owner.name} has no picklist {name}")
    chosen = [
        each if isinstance(each, PicklistValue) else PicklistValue(each, each) for each in values
    ]
    strange = {each.value for each in chosen} - {each.value for each in field.picklist}
    if strange:
        raise ValueError(f"{owner.name}.{field.name} has no value {sorted(strange)[0]!r}")
    preset = next((each.value for each in chosen if each.default), None)
    return RecordTypePicklist(field.name, tuple(each.value for each in chosen), preset)


def _with_field(owner: SObject) -> Iterator[Field]:
    behind = "Name" if owner.custom else _BEHIND.get(owner.name, "")
    if owner.find(behind) is None:
        behind = [each.name for each in owner.fields if not each.custom][-1]
    for each in owner.fields:
        yield each
        if each.name == behind:
            yield _FIELD


_FIELD = Field(
    name="RecordTypeId",
    label="Record Type ID",
    type="reference",
    length=18,
    reference_to=("RecordType",),
    relationship_name="RecordType",
)
