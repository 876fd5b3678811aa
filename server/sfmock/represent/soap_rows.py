"""Records as SOAP requests carry them, and what became of each (soap-apis.md 2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sfmock import batch_errors, errors
from sfmock.errors import SalesforceError
from sfmock.org.batches import Saved
from sfmock.org.dml.values import BLANK, Unfit, parser_of
from sfmock.represent.soap import Operation
from sfmock.represent.xml import XSI, Content, is_nil, local_name
from sfmock.schema.model import REAL_TYPES, Field, SObject

_TYPES = {"boolean": "boolean", "date": "date", "datetime": "dateTime", "int": "int", "long": "long", "time": "time"}  # fmt: skip
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_UTC_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0{1,9})?Z", re.ASCII)
"""A date as clients write it that have one type for both (force-wsc)."""
_DAY, _TIME, _ZONE = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d(?:\.\d+)?", r"(?:Z|[+-]\d\d:\d\d)"
_UNTOLD = {
    "date": re.compile(rf"{_DAY}(?:{_ZONE}|T{_TIME}{_ZONE}?)", re.ASCII),
    "dateTime": re.compile(rf"{_DAY}T{_TIME}", re.ASCII),
    "double": re.compile(r"[+-]?INF|NaN", re.ASCII),
    "time": re.compile(rf"{_TIME}{_ZONE}?", re.ASCII),
}
"""Values that XML Schema allows and of which nobody has told what becomes of them."""
Find = Callable[[str], SObject | None]


@dataclass(frozen=True, slots=True)
class SentRow:
    """One record of a request: texts, None for what `fieldsToNull` names, parents by external id."""

    type: str
    id: str | None
    fields: Mapping[str, str | Mapping[str, object] | None]

    def without(self, name: str) -> SentRow:
        """The record without one of its fields."""
        rest = {key: value for key, value in self.fields.items() if key.lower() != name.lower()}
        return SentRow(self.type, self.id, rest)

    def text(self, name: str) -> str | None:
        """The text of a field, in any case; None where there is none."""
        found = (value for key, value in self.fields.items() if key.lower() == name.lower())
        value = next(found, None)
        return value if isinstance(value, str) else None


def read_row(element: Element, *, inside: bool = False) -> SentRow:
    """The record in an element; its type is the element `type`, or its own `xsi:type`. `inside`: it is a parent in one."""
    kind, record_id = element.get(f"{{{XSI}}}type", "").rpartition(":")[2], None
    fields: dict[str, str | Mapping[str, object] | None] = {}
    typed = False
    for each in element:
        name, text = local_name(each), each.text or ""
        if name == "type" and not typed:
            kind, typed = text.strip(), True
        elif name.lower() == "id":
            record_id = None if is_nil(each) else text.strip() or None
        elif name == "fieldsToNull":
            _put(fields, text.strip(), None)
        elif len(each) and inside:
            raise errors.refuse("a parent inside of a parent, in a SOAP request")
        elif len(each):
            _put(fields, name, _parent(each))
        elif is_nil(each) or not text:
            raise errors.refuse("an empty or nil element in a record, where fieldsToNull says null")
        else:
            _put(fields, name, text)
    if not kind:
        raise errors.refuse("the fault for a record without a type")
    return SentRow(kind, record_id, fields)


def sent_rows(operation: Operation) -> list[SentRow]:
    """The records that a call sends, as far as they can be read."""
    found = []
    for each in operation.elements("sObjects"):
        with suppress(SalesforceError):  # the handler says what is wrong with it
            found.append(read_row(each))
    return found


def values(sobject: SObject, row: SentRow, find: Find) -> dict[str, object]:
    """The fields of a record as the org takes them; raises the faults of unknown fields and of values of another type."""
    found: dict[str, object] = {}
    for name, value in row.fields.items():
        field = sobject.find(name)
        if field is None:
            _check_parent(sobject, name, value, find)
            found[name] = value
        elif field.type == "id":
            raise errors.refuse(f"{field.name} in fieldsToNull")
        elif isinstance(value, str):
            found[name] = read_value(field, value)
        elif value is None:
            found[name] = None
        else:
            raise errors.refuse(f"elements inside {sobject.name}.{field.name}")
    return found


def read_value(field: Field, text: str) -> object:
    """A text as a value of the field; raises the fault of one that XML Schema forbids."""
    kind = "double" if field.type in REAL_TYPES else _TYPES.get(field.type)
    if kind is None:
        return "".join(text.split()) if field.type == "base64" else text
    text = text.strip(BLANK)
    if kind == "boolean":
        if text not in _TRUTH:
            raise batch_errors.XML_VALUE(value=text, type="xsd:boolean")
        return _TRUTH[text]
    if kind == "date":
        midnight = _UTC_MIDNIGHT.fullmatch(text)
        text = text if midnight is None else midnight[1]
    try:
        parser_of(field)(text)
    except Unfit:
        if kind in _UNTOLD and _UNTOLD[kind].fullmatch(text):
            raise errors.refuse(f"{text} as xsd:{kind} in a SOAP request") from None
        raise batch_errors.XML_VALUE(value=text, type=f"xsd:{kind}") from None
    return text


def saved_content(saved: Saved, *, upserted: bool = False) -> Content:
    """A SaveResult, UpsertResult or DeleteResult."""
    content: dict[str, Content] = {"created": saved.created} if upserted else {}
    return {
        **content,
        "errors": [error_content(each) for each in saved.errors],
        "id": saved.id,
        "success": saved.success,
    }


def error_content(error: SalesforceError) -> Content:
    """What one error of a record says."""
    return {
        "fields": list(error.fields or ()),
        "message": error.message,
        "statusCode": error.code,
    }


def _put(
    fields: dict[str, str | Mapping[str, object] | None],
    name: str,
    value: str | Mapping[str, object] | None,
) -> None:
    if name in fields:
        raise errors.refuse("a record that names a field twice")
    fields[name] = value


def _parent(element: Element) -> Mapping[str, object]:
    """A parent by external id, in the form that REST has for it."""
    row = read_row(element, inside=True)
    if row.id is not None or any(not isinstance(each, str) for each in row.fields.values()):
        raise errors.refuse("a parent that is not named by one external id, in a SOAP request")
    return {"attributes": {"type": row.type}, **row.fields}


def _check_parent(
    sobject: SObject, name: str, value: str | Mapping[str, object] | None, find: Find
) -> None:
    """Raise for a name that is neither field nor relationship, and for a key that the parent lacks."""
    field = sobject.by_relationship.get(name.lower())
    if field is None or not isinstance(value, Mapping):
        raise batch_errors.NO_SUCH_COLUMN_TO_WRITE(name=name, sobject=sobject.name)
    attributes = value["attributes"]
    parent = find(str(attributes["type"])) if isinstance(attributes, Mapping) else None
    if parent is None or parent.name not in field.reference_to:
        raise errors.refuse(f"a parent of another type in {sobject.name}.{field.name}")
    for key in value:
        if key != "attributes" and parent.find(key) is None:
            raise batch_errors.NO_SUCH_COLUMN_TO_WRITE(name=key, sobject=parent.name)
