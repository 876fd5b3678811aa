"""Records by their ids: `retrieve`, `delete`, `undelete`, `emptyRecycleBin` (soap-apis.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sfmock import batch_errors, errors, ids
from sfmock.org.batches import Saved, save_all
from sfmock.org.fieldlist import field_list
from sfmock.org.permissions import VIEW_ENCRYPTED_DATA
from sfmock.represent.soap_records import nested, record
from sfmock.represent.soap_rows import saved_content
from sfmock.represent.xml import Content
from sfmock.resources.soap.asking import Asked, Operations
from sfmock.schema.model import Field, SObject
from sfmock.wire import Reply

OPERATIONS = Operations()

_MOST = 200
_MOST_READ = 2_000


@OPERATIONS.operation("retrieve")
def retrieve(asked: Asked) -> Reply:
    """Fields of records in the order of their ids; null for an id that is no record's."""
    sobject, wanted = asked.sobject(asked.text("sObjectType")), asked.operation.arguments("ids")
    if len(wanted) > _MOST_READ:
        raise errors.refuse("the fault for retrieving more than 2,000 records")
    fields = _fields(asked, sobject)
    if len(wanted) > 1 and any(each.type == "base64" for each in fields):
        raise errors.refuse("files of several records by retrieve()")
    return asked.answer([_retrieved(asked, sobject, each.strip(), fields) for each in wanted])


@OPERATIONS.operation("delete")
def delete(asked: Asked) -> Reply:
    """Records into the recycle bin, with all that goes with them."""
    return _each(asked, _delete)


@OPERATIONS.operation("undelete")
def undelete(asked: Asked) -> Reply:
    """Records out of the recycle bin, with all that went there with them."""
    return _each(asked, _undelete)


@OPERATIONS.operation("emptyRecycleBin")
def empty_recycle_bin(asked: Asked) -> Reply:
    """Records gone for good."""
    return _each(asked, _purge)


def _each(asked: Asked, work: Callable[[Asked, SObject, str], None]) -> Reply:
    """One result for each id."""
    wanted = [each.strip() for each in asked.operation.arguments("ids")]
    if len(wanted) > _MOST:
        raise batch_errors.TOO_MANY_RECORDS()
    saves = [partial(_one, asked, each, work) for each in wanted]
    saved = save_all(asked.org.db, saves, all_or_none=asked.all_or_none)
    result: list[Content] = [saved_content(each) for each in saved]
    return asked.answer(result)


def _one(asked: Asked, text: str, work: Callable[[Asked, SObject, str], None]) -> Saved:
    record_id = ids.canonical(text)
    if record_id is None:
        raise batch_errors.BAD_ID(value=text)
    sobject = asked.org.records.owner_of(record_id)
    if sobject is None:
        raise errors.refuse(f"the error for the id {text}, whose prefix no sobject has")
    work(asked, sobject, record_id)
    return Saved(record_id)


def _delete(asked: Asked, sobject: SObject, record_id: str) -> None:
    asked.org.records.delete(sobject, record_id, user_id=asked.user_id)


def _undelete(asked: Asked, sobject: SObject, record_id: str) -> None:
    asked.org.records.undelete(sobject, record_id, user_id=asked.user_id)


def _purge(asked: Asked, sobject: SObject, record_id: str) -> None:
    asked.org.records.purge(sobject, record_id)


def _fields(asked: Asked, sobject: SObject) -> tuple[Field, ...]:
    text = asked.text("fieldList")
    chosen = field_list(text, sobject)
    assert chosen is not None, "the text is not empty"
    if chosen.dotted:
        raise errors.refuse("fields of parents in the fieldList of retrieve()")
    fields = chosen.fields(sobject)
    named = any(each.strip().lower() == "id" for each in text.split(","))
    if any(each.encrypted for each in fields) and not asked.org.users.has_permission(
        asked.user_id, VIEW_ENCRYPTED_DATA
    ):
        raise errors.refuse("encrypted text by retrieve()")
    return fields if named else fields[:-1]  # a list without Id ends with it, for REST


def _retrieved(asked: Asked, sobject: SObject, text: str, fields: tuple[Field, ...]) -> Content:
    record_id = ids.canonical(text)
    if record_id is None or record_id[:3] != sobject.id_prefix:
        raise errors.refuse("the fault of retrieve() for an id that is none, or of another sobject")
    row = asked.org.records.find(sobject, record_id)
    if row is None:
        return None
    shown = asked.org.recent.shown(sobject, row, lambda: asked.user_id)
    asked.viewed(sobject, record_id)
    found = nested(sobject, shown, fields)
    return record("result", found, asked.org.records.blob, known_id=record_id)
