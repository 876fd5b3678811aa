"""Record types in a write: the default, which ids are valid, which values of restricted picklists (metadata.md 3, 4.13)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, ids
from sfmock.org.dml.plan import Plan, Row
from sfmock.schema.model import Field, RecordType, RecordTypePicklist, SObject, revised
from sfmock.store.database import Value

_FIELD = "RecordTypeId"


def give_record_type(plan: Plan, values: Row) -> None:
    """The default record type of a new row, and the defaults of the picklists that its record type restricts."""
    sobject = plan.sobject
    if not sobject.record_types:
        return
    default = next((each.id for each in sobject.record_types if each.default), None)
    if _FIELD not in values:
        values[_FIELD] = default
    _refuse_null(plan, values)


def give_picklists(plan: Plan, values: Row, supplied: frozenset[str]) -> None:
    """Defaults of picklists as the record type of a new row has them."""
    found = record_type_of(plan.sobject, values.get(_FIELD))
    for each in () if found is None else found.picklists:
        if each.field in supplied:
            continue
        if each.default is not None:
            values[each.field] = each.default
        elif values.get(each.field) not in (None, *each.values):
            name = f"{plan.sobject.name}.{each.field}"
            raise errors.refuse(f"a record type without the default value of {name}")


def check_record_type(plan: Plan, values: Row, old: Row | None) -> None:
    """Raise for a record type that is not valid."""
    if not plan.sobject.record_types:
        return
    if old is not None:
        _refuse_null(plan, values)
    record_id = values.get(_FIELD)
    if not isinstance(record_id, str):
        return
    found = record_type_of(plan.sobject, record_id)
    if found is None:
        raise errors.RECORD_TYPE_NOT_VALID(value=record_id, fields=[_FIELD])
    if not found.active and (old is None or old.get(_FIELD) != record_id):
        raise errors.refuse(f"a record of the inactive record type {found.developer_name}")


def choices_of_record_type(
    plan: Plan, values: Row, old: Row | None
) -> dict[str, errors.SalesforceError]:
    """The errors of values that the row's record type has not, by field; unrestricted picklists take all."""
    wrong: dict[str, errors.SalesforceError] = {}
    record_id = values.get(_FIELD) if _FIELD in values or old is None else old.get(_FIELD)
    found = record_type_of(plan.sobject, record_id)
    for each in () if found is None else found.picklists:
        field = plan.column(each.field).field
        strange = _strange(each, values.get(each.field)) if field.restricted_picklist else []
        if strange:
            wrong[field.name] = errors.BAD_PICKLIST_VALUE(
                label=field.label, value=strange[0], fields=[field.name]
            )
    return wrong


def record_type_of(sobject: SObject, record_id: Value) -> RecordType | None:
    """The record type of an id, None for the master record type and for what is none of the sobject's."""
    return next((each for each in sobject.record_types if each.id == record_id), None)


def as_its_record_type(
    sobject: SObject, fields: tuple[Field, ...], row: Mapping[str, object]
) -> tuple[Field, ...]:
    """The fields with the values of picklists that a new row's record type has."""
    if not sobject.record_types:
        return fields
    given = {name.lower(): value for name, value in row.items()}
    default = next((each.id for each in sobject.record_types if each.default), None)
    chosen = given.get(_FIELD.lower(), default)
    found = record_type_of(sobject, ids.canonical(chosen))
    if found is None:
        return fields
    narrowed = {each.field: each for each in found.picklists}
    return tuple(
        _narrowed(each, narrowed[each.name]) if each.name in narrowed else each for each in fields
    )


def _narrowed(field: Field, picklist: RecordTypePicklist) -> Field:
    default = picklist.default or field.default
    return revised(
        field,
        picklist=tuple(each for each in field.picklist if each.value in picklist.values),
        default=default,
        defaulted_on_create=field.defaulted_on_create or picklist.default is not None,
    )


def _strange(picklist: RecordTypePicklist, value: Value) -> list[str]:
    """The values that the record type has not."""
    chosen = [] if value is None else str(value).split(";")
    return [each for each in chosen if each not in picklist.values]


def _refuse_null(plan: Plan, values: Row) -> None:
    default = any(each.default for each in plan.sobject.record_types)
    if default and _FIELD in values and values[_FIELD] is None:
        raise errors.refuse("no record type where the user's profile has a default one")
