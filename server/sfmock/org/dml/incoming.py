"""A request's fields as stored values: known, writable, of the right kind (rest.md 6.1, the stages before the rules)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sfmock import errors
from sfmock.errors import SalesforceError, SeveralErrors
from sfmock.org.dml.plan import Column, Plan, Row
from sfmock.org.dml.record_types import choices_of_record_type
from sfmock.org.dml.references import ParentKey, References
from sfmock.org.dml.values import Place, Unfit, parser_error

Locate: TypeAlias = Callable[[str], Place]
"""Line and column of a key in the request's body."""

Sent: TypeAlias = list[tuple[Column, object]]
"""The columns that a request names, with what it sent for them."""


def read_fields(
    plan: Plan,
    fields: Mapping[str, object],
    references: References,
    *,
    creating: bool,
    locate: Locate | None = None,
) -> tuple[Row, Sent]:
    """The values by field name, null as None, and what they were read from. Each stage raises before the next one looks."""
    values, sent, blocked, nested = _parse(plan, fields, references, creating, locate)
    if blocked:
        raise errors.FIELD_NOT_WRITABLE(names=", ".join(blocked), fields=blocked)
    if len(values) != len(sent):
        raise errors.refuse("a body that names a field twice")
    for name, key in nested.items():
        values[name] = references.parent_by(key)
    return values, sent


def check_values(
    plan: Plan, values: Row, sent: Sent, references: References, old: Row | None
) -> None:
    """Length, picklist, email, range and form of ids: all that is wrong is told at once, as the request names it."""
    found: dict[str, SalesforceError] = {}
    for column, raw in sent:
        name = column.name
        value = values[name]
        try:
            if value is None:
                _check_null(column)
            elif column.check is not None:
                values[name] = column.check(value, raw)
            elif column.reference:
                values[name] = references.canonical(column.field, str(value))
        except errors.Refused:
            raise
        except SalesforceError as error:
            found[name] = error
    if plan.sobject.record_types:
        found = {**choices_of_record_type(plan, values, old), **found}
    if found:
        told = [found[column.name] for column, _ in sent if column.name in found]
        raise told[0] if len(told) == 1 else SeveralErrors(told)


def _parse(
    plan: Plan,
    fields: Mapping[str, object],
    references: References,
    creating: bool,
    locate: Locate | None,
) -> tuple[Row, Sent, list[str], dict[str, ParentKey]]:
    """Values, what they were read from, fields that cannot be written, parents by external id: key by key, as a parser goes."""
    values: Row = {}
    sent: Sent = []
    blocked: list[str] = []
    nested: dict[str, ParentKey] = {}
    columns = plan.columns
    for key, raw in fields.items():
        column = columns.get(key.lower())
        if column is None or key.lower() in plan.hidden:
            if key == "attributes":
                continue
            column = _referring(plan, key, raw)
            if isinstance(raw, Mapping) and (column.createable if creating else column.updateable):
                nested[column.name] = references.parent_key(column.field, raw)
                raw = None  # no parent is looked for before all is parsed
        if column.name == "Id":
            raise errors.FIELD_NOT_IN_BODY(name="Id")
        if not (column.createable if creating else column.updateable):
            blocked.append(column.name)
            continue
        try:
            values[column.name] = None if raw is None else column.parse(raw)
        except Unfit:
            place = (1, 2) if locate is None else locate(key)
            raise parser_error(column.field.type, raw, place) from None
        sent.append((column, raw))
    return values, sent, blocked, nested


def _referring(plan: Plan, key: str, raw: object) -> Column:
    """The reference behind a relationship name: `{"Account": {"Ext__c": "x"}}` (rest.md 2.6)."""
    field = plan.sobject.by_relationship.get(key.lower())
    if field is None:
        raise errors.NO_SUCH_COLUMN_ON_SOBJECT(name=key, sobject=plan.sobject.name)
    if raw is not None and not isinstance(raw, Mapping):
        raise errors.refuse(f"a plain value for the relationship {key}")
    return plan.column(field.name)


def _check_null(column: Column) -> None:
    if column.field.type == "boolean":
        raise errors.WRONG_VALUE_TYPE(label=column.field.label, value="", fields=[column.name])
