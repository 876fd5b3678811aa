"""Records written: `create`, `update`, `upsert` (soap-apis.md 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from sfmock import batch_errors, errors, ids
from sfmock.errors import MultipleChoices
from sfmock.org.batches import Saved, save_all
from sfmock.represent.soap_rows import SentRow, read_row, saved_content, values
from sfmock.represent.xml import Content
from sfmock.resources.soap.asking import Asked, Operations
from sfmock.schema.model import Field, SObject
from sfmock.wire import Reply

OPERATIONS = Operations()

MOST = 200
"""Records of one call."""
_MOST_CHUNKS = 10
_CHANGING_HEADERS = {
    "AllowFieldTruncationHeader": ("allowFieldTruncation",),
    "AssignmentRuleHeader": ("useDefaultRule",),
}


@OPERATIONS.operation("create")
def create(asked: Asked) -> Reply:
    """New records."""
    rows = _rows(asked)
    return _answer(asked, [partial(_create, asked, each) for each in rows])


@OPERATIONS.operation("update")
def update(asked: Asked) -> Reply:
    """Changed records: what is not named stays."""
    rows = _rows(asked)
    known = Counter(ids.canonical(each.id) for each in rows if each.id is not None)
    return _answer(asked, [partial(_update, asked, each, known) for each in rows])


@OPERATIONS.operation("upsert")
def upsert(asked: Asked) -> Reply:
    """Records found by an external id and changed, or made."""
    name, rows = asked.text("externalIDFieldName"), _rows(asked)
    keys = [_key(asked.sobject(each.type), name) for each in rows]
    by_id = any(each.type == "id" for each in keys)
    known = Counter(
        ids.canonical(row.id) if by_id else _key_value(key, row)
        for row, key in zip(rows, keys, strict=True)
    )
    saves = [
        partial(_upsert, asked, each, key, known) for each, key in zip(rows, keys, strict=True)
    ]
    return _answer(asked, saves, upserted=True)


def _rows(asked: Asked) -> list[SentRow]:
    """The records of a call, each with a known type and known fields."""
    elements = list(asked.operation.elements("sObjects"))
    if len(elements) > MOST:
        raise batch_errors.TOO_MANY_RECORDS()
    for block, names in _CHANGING_HEADERS.items():
        for name in names:
            if asked.operation.flag(block, name):
                raise errors.refuse(f"the SOAP header {block} with {name}")
    if asked.operation.header("AssignmentRuleHeader", "assignmentRuleId"):
        raise errors.refuse("the SOAP header AssignmentRuleHeader with assignmentRuleId")
    rows = [read_row(each) for each in elements]
    if len(list(groupby(each.type.lower() for each in rows))) > _MOST_CHUNKS:
        raise errors.refuse("the fault for more than 10 chunks of equal types in a call")
    for each in rows:
        values(asked.sobject(each.type), each, asked.find)  # a fault comes before any row is saved
    return rows


def _create(asked: Asked, row: SentRow) -> Saved:
    sobject = asked.sobject(row.type)
    if row.id is not None:
        raise batch_errors.ID_IN_CREATE()
    if sobject.find("Id") is None:
        raise errors.refuse("publishing a platform event by SOAP")
    fields = values(sobject, row, asked.find)
    made = asked.org.records.insert(sobject, fields, user_id=asked.user_id)
    asked.viewed(sobject, made)
    return Saved(made, created=True)


def _update(asked: Asked, row: SentRow, known: Counter[str | None]) -> Saved:
    sobject = asked.sobject(row.type)
    if row.id is None:
        raise batch_errors.ID_MISSING()
    record_id = ids.canonical(row.id)
    if record_id is not None and known[record_id] > 1:
        raise batch_errors.ID_TWICE(id=record_id, fields=["Id"])
    fields = values(sobject, row, asked.find)
    asked.org.records.update(sobject, row.id, fields, user_id=asked.user_id)
    asked.viewed(sobject, record_id or row.id)
    return Saved(record_id)


def _upsert(asked: Asked, row: SentRow, key: Field, known: Counter[str | None]) -> Saved:
    sobject = asked.sobject(row.type)
    if key.type == "id":
        if row.id is None:
            return _create(asked, row)
        return _update(asked, row, known)
    value = row.text(key.name)
    if row.id is not None:
        raise errors.refuse(f"an Id in an upsert by {key.name}")
    if value is None:
        raise batch_errors.KEY_MISSING(name=key.name)
    if known[_key_value(key, row)] > 1:
        raise batch_errors.KEY_TWICE(value=value, fields=[key.name])
    fields = values(sobject, row.without(key.name), asked.find)
    try:
        record_id, created = asked.org.records.upsert(
            sobject, key, value, fields, user_id=asked.user_id
        )
    except MultipleChoices as several:
        found = ", ".join(several.ids)
        raise batch_errors.SEVERAL_BY_KEY(label=key.label, ids=found, fields=[key.name]) from None
    asked.viewed(sobject, record_id)
    return Saved(record_id, created=created)


def _key(sobject: SObject, name: str) -> Field:
    """The external id that an upsert goes by."""
    field = sobject.find(name)
    if field is None or not (field.external_id or field.id_lookup):
        raise errors.refuse(f"the fault for an upsert of {sobject.name} by {name}")
    return field


def _key_value(key: Field, row: SentRow) -> str | None:
    """What equal external ids have in common."""
    text = (row.text(key.name) or "").strip()
    return (text if key.case_sensitive else text.lower()) or None


def _answer(asked: Asked, saves: Sequence[Callable[[], Saved]], *, upserted: bool = False) -> Reply:
    saved = save_all(asked.org.db, saves, all_or_none=asked.all_or_none)
    result: list[Content] = [saved_content(each, upserted=upserted) for each in saved]
    return asked.answer(result)
