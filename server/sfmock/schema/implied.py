"""What the type of a field implies of its describe (metadata.md 2.1): only what differs is kept with the field."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.schema.model import ID_TYPES, TEXT_TYPES

_SOAP_TYPES: Mapping[str, str] = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int", "long": "xsd:long",
    "double": "xsd:double", "currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date",
    "datetime": "xsd:dateTime", "time": "xsd:time", "base64": "xsd:base64Binary", "anyType": "xsd:anyType",
    "address": "urn:address", "location": "urn:location", "junctionidlist": "urn:JunctionIdListNames",
}  # fmt: skip


def soap_type(type_: str) -> str:
    """The `soapType` that goes with a type."""
    return _SOAP_TYPES.get(type_, "xsd:string")


def byte_length(type_: str, length: int) -> int:
    """The `byteLength` that goes with a type and a length."""
    if type_ in ID_TYPES:
        return 18
    return length * 3 if type_ in TEXT_TYPES else 0
