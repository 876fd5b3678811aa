"""`<CustomMetadata>` elements: the records of custom metadata types, which are deployed with the source (metadata.md 6.3)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from sfmock.schema.load.definitions import MetadataRecord
from sfmock.schema.load.markup import content, flag, text

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def read_record(root: Element, name: str, file: str) -> MetadataRecord:
    """The record of a file called `Type.Record.md`; `name` is that without its ending."""
    type_, _, record = name.partition(".")
    values: dict[str, object] = {}
    for each in root.iter("values"):
        field, value = text(each, "field"), each.find("value")
        if field is not None:
            values[field] = None if value is None else _value(value)
    label = text(root, "label") or record
    return MetadataRecord(f"{type_}__mdt", record, label, flag(root, "protected"), values, file)


def _value(element: Element) -> object:
    """The value in the form of JSON: its type stands beside it."""
    said = element.text or ""
    kind = element.get(_TYPE, "").rpartition(":")[2]
    if element.get(_NIL) == "true" or (not said and kind != "string"):
        return None
    if kind == "boolean":
        return content(element) == "true"
    if kind in ("double", "int", "decimal", "long"):
        return float(said)
    return said
