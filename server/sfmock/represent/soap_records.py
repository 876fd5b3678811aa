"""Records as the partner API writes them: type, id, fields in the order of the query (soap-apis.md 2.2)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence

from sfmock import errors
from sfmock.org.paging import Page
from sfmock.represent.xml import NOT_XML, Content, Markup, Typed, element
from sfmock.schema.anytype import decode
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.schema.numbers import java_double
from sfmock.soql.compounds import part_name
from sfmock.soql.shape import Cell, ChildPage, Nested, NestedItem
from sfmock.store.database import Value

ReadBlob = Callable[[Value], bytes]
_LOCATION = ("latitude", "longitude")
_ADDRESS = (*_LOCATION, "city", "country", "countryCode", "geocodeAccuracy", "postalCode", "state", "stateCode", "street")  # fmt: skip
"""The elements of an address: in the WSDL it extends a location, whose elements come first."""
_GROUPED = {"boolean": "boolean", "date": "date", "datetime": "dateTime", "int": "int", "long": "long", "time": "time"}  # fmt: skip
"""The XML Schema types of values in aggregate results, where they are neither numbers with a fraction nor text."""


def query_result(page: Page[Sequence[Nested]], blob: ReadBlob) -> Content:
    """A page of a query. Files come with the only row of a page; beside other rows they are null (metadata.md 4.10)."""
    return Typed("QueryResult", _page(page.total, page.next_locator, page.records, blob))


def record(name: str, found: Nested, blob: ReadBlob | None, known_id: str | None = None) -> Content:
    """A record as an element; without `blob` its files are null.

    The first Id is a member of every record: null where the query does not select the field, which is the second one.
    """
    chosen = found.items.get("Id")
    grouped = found.sobject == "AggregateResult"
    first = known_id if chosen is None or grouped else _plain(chosen, None)
    items = [element("sf:type", found.kind or found.sobject), element("sf:Id", first)]
    items += [
        element(f"sf:{key}", _grouped(item) if grouped else _item(key, item, blob))
        for key, item in found.items.items()
    ]
    return Markup(f'<{name} xsi:type="sf:sObject">{"".join(items)}</{name}>')


def nested(sobject: SObject, row: Mapping[str, Value], fields: Sequence[Field]) -> Nested:
    """Fields of one row as a record."""
    items: dict[str, NestedItem] = {}
    for field in fields:
        if field.is_compound:
            parts = {
                part_name(field, each): Cell(each, row.get(each.name))
                for each in sobject.parts.get(field.name, ())
            }
            empty = all(each.value is None for each in parts.values())
            items[field.name] = None if empty else parts
            continue
        if field.formula is not None and field.name not in row:
            raise errors.refuse(
                f"the formula of {sobject.name}.{field.name}: no Python function computes it"
            )
        items[field.name] = Cell(field, row.get(field.name))
    return Nested(sobject.name, str(row["Id"]), items)


def _page(
    total: int, locator: str | None, records: Sequence[Nested], blob: ReadBlob | None
) -> Mapping[str, Content]:
    reader = blob if len(records) == 1 else None
    return {
        "done": locator is None,
        "queryLocator": locator,
        "records": [record("records", each, reader) for each in records],
        "size": total,
    }


def _item(key: str, item: NestedItem, blob: ReadBlob | None) -> Content:
    match item:
        case Nested():
            return record(f"sf:{key}", item, blob)
        case ChildPage(total, locator, records):
            return Typed("QueryResult", _page(total, locator, records, None))
        case Mapping():
            return _compound(item)
        case list():
            raise TypeError("a page of records has pages of children")
        case _:
            return _plain(item, blob)


def _plain(item: NestedItem, blob: ReadBlob | None) -> Content:
    """A value as text, null as None."""
    match item:
        case Cell(field, value):
            return _value(field, value, blob)
        case str():
            return _checked(item)
        case _:
            return None


def _value(field: Field, value: Value, blob: ReadBlob | None) -> Content:
    if field.type == "boolean":
        return bool(value)
    if value is None:
        return None
    match field.type:
        case "anyType":
            return _any(decode(str(value)))
        case "base64":
            return None if blob is None else b64encode(blob(value)).decode()
        case "complexvalue":
            raise errors.refuse(f"{field.name}, a value of many parts, in a SOAP reply")
        case "datetime":
            return str(value).replace("+0000", "Z")
        case kind if kind in REAL_TYPES:
            return java_double(float(value))
        case _:
            return _checked(str(value))


def _any(value: str | int | float | bool | None) -> Content:
    match value:
        case None:
            return None
        case bool():
            return Typed("xsd:boolean", value)
        case int() | float():
            return Typed("xsd:double", java_double(float(value)))
        case _:
            return Typed("xsd:string", _checked(value))


def _grouped(item: NestedItem) -> Content:
    """A value of an aggregate result, which says what it is."""
    match item:
        case Cell(field, value) if value is not None:
            kind = "double" if field.type in REAL_TYPES else _GROUPED.get(field.type, "string")
            return Typed(f"xsd:{kind}", _plain(item, None))
        case str():
            return Typed("xsd:string", _plain(item, None))
        case _:
            return None


def _compound(parts: Mapping[str, Cell]) -> Content:
    known = {key: _plain(cell, None) for key, cell in parts.items()}
    names = _LOCATION if set(parts) <= set(_LOCATION) else _ADDRESS
    kind = "location" if names is _LOCATION else "address"
    return Typed(kind, {name: known.get(name) for name in names})


def _checked(text: str) -> str:
    if NOT_XML.search(text):
        raise errors.refuse("text with a control character, which XML cannot hold, in a SOAP reply")
    return text
