"""Field history tracking: which fields can be tracked, and the companions of standard sobjects (metadata.md 4.16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from sfmock.errors import refuse
from sfmock.schema.companions import DATA_TYPES, RELATIONSHIPS, history_of
from sfmock.schema.model import Field, SObject, revised

MOST = 20
"""How many fields of an sobject can be tracked."""
_SYSTEM = frozenset({"CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp"})  # fmt: skip


def tracked(owner: SObject, names: Iterable[str]) -> SObject:
    """An sobject that tracks these fields, too."""
    wanted = {name.lower() for name in names}
    unknown = sorted(wanted - owner.by_name.keys())
    if unknown:
        raise KeyError(f"{owner.name} has no field {unknown[0]!r}")
    fields = [
        revised(_trackable(owner, each), track_history=True)
        if each.name.lower() in wanted
        else each
        for each in owner.fields
    ]
    return replace(owner, fields=tuple(fields))


def check(owner: SObject) -> None:
    """Raise ValueError where more fields are tracked than Salesforce allows."""
    if sum(each.track_history for each in owner.fields) > MOST:
        raise ValueError(f"{owner.name} cannot track more than {MOST} fields")


def missing_history(owner: SObject, find: Callable[[str], SObject | None]) -> Iterator[SObject]:
    """The history of a standard sobject that tracks fields, where it is not shipped."""
    if owner.custom or not any(each.track_history for each in owner.fields):
        return
    end = next((each for each in owner.children if each.name == RELATIONSHIPS["History"]), None)
    if end is None:
        raise refuse(f"field history of {owner.name}")
    if find(end.child) is None:
        yield history_of(owner, end.child, end.field)


def _trackable(owner: SObject, field: Field) -> Field:
    """The field, if what its history rows look like is known."""
    name = f"{owner.name}.{field.name}"
    if (
        field.name in _SYSTEM
        or field.calculated
        or field.auto_number
        or field.type not in DATA_TYPES
    ):
        raise ValueError(f"{name} cannot be tracked")
    of_a_person = (field.extra_type_info or "").endswith("personname")
    if not field.custom and (field.compound or of_a_person):
        raise refuse(f"the history of {name}, which is part of a name or an address")
    return field
