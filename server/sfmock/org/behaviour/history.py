"""Histories: who changed which tracked field, from what to what (metadata.md 4.16).

The first row of a record says that it was created. A reference writes two rows, names and ids; long texts and sets of
values leave a row without them (Object Reference, EntityHistory). The words of `DataType` are documented, which field has
which is not (unverified).
"""

from __future__ import annotations

from collections.abc import Iterator

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.schema.anytype import encode
from sfmock.schema.companions import DATA_TYPES
from sfmock.schema.model import ChildRelationship, Field
from sfmock.store.database import Value

_SHORT = 255
_TEXT = "Text"


def begin(change: Change) -> None:
    """Write the first row of a new record."""
    end = change.sobject.companions.get("History")
    if end is not None:
        _write(change, end, {"Field": "created", "DataType": _TEXT})


def follow(change: Change) -> None:
    """Write rows for what changed of a record's tracked fields."""
    end = change.sobject.companions.get("History")
    if end is None or change.before is None or change.after is None:
        return
    if change.sobject.name == "Case" and not change.before["IsClosed"] and change.after["IsClosed"]:
        raise refuse("closing a case while Case tracks fields")
    for field in change.sobject.fields:
        if field.track_history and change.before.get(field.name) != change.after.get(field.name):
            _refuse_unknown(change, field)
            for row in _rows(change, field, change.before[field.name], change.after[field.name]):
                _write(change, end, row)


def check_untracked(store: Store, what: str, *names: str) -> None:
    """Refuse what writes rows of its own into the history of these sobjects while they track a field."""
    for name in names:
        sobject = store.catalogue.find(name)
        if sobject is not None and "History" in sobject.companions:
            raise refuse(f"{what} while {name} tracks fields")


def _rows(change: Change, field: Field, old: Value, new: Value) -> Iterator[Row]:
    name = field.name if field.custom else field.name.removesuffix("Id")
    if field.type != "reference":
        row: Row = {"Field": name, "DataType": _data_type(field)}
        if field.type != "multipicklist" and field.length <= _SHORT and not field.encrypted:
            row |= {"OldValue": encode(field, old), "NewValue": encode(field, new)}
        yield row
        return
    names = [_name_of(change, field, each) for each in (old, new)]
    for kind, values in ((_TEXT, names), (DATA_TYPES[field.type], [old, new])):
        before, after = (encode(field, each) for each in values)
        yield {"Field": name, "DataType": kind, "OldValue": before, "NewValue": after}


def _data_type(field: Field) -> str:
    if field.type == "multipicklist":
        return DATA_TYPES[field.type]
    if field.length > _SHORT:
        return "HtmlStringPlusClob" if field.html_formatted else "StringPlusClob"
    return "EncryptedText" if field.encrypted else DATA_TYPES[field.type]


def _name_of(change: Change, field: Field, record_id: Value) -> Value:
    """The name of the row that a reference names, deleted or not."""
    if not isinstance(record_id, str):
        return None
    for sobject in change.store.catalogue.sharing(record_id):
        row = change.store.find(sobject, record_id)
        if row is not None and sobject.name_field is not None:
            return row.get(sobject.name_field.name)
    raise refuse(f"the history of {field.name}, which names a record without a name")


def _write(change: Change, end: ChildRelationship, values: Row) -> None:
    store = change.store
    sobject = store.catalogue.find(end.child)
    if sobject is None:
        raise refuse(f"sobject {end.child}")
    row: Row = {"Id": store.new_id(sobject), end.field: change.row["Id"]}
    row |= {"CreatedDate": change.now, "CreatedById": change.user_id}
    row |= {name: value for name, value in values.items() if value is not None}
    store.insert(store.plan(sobject), row)


def _refuse_unknown(change: Change, field: Field) -> None:
    """Refuse changes whose rows nobody has told."""
    if change.cleared:
        raise refuse(f"the history of {field.name}, which a delete clears")
    if field.type in ("picklist", "combobox") and any(
        each.label != each.value for each in field.picklist
    ):
        raise refuse(f"the history of {field.name}, whose values have other labels")
