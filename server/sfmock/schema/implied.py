"""What describes imply: the types of fields (metadata.md 2.1) and the names of scopes. Only what differs is kept."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.schema.model import ID_TYPES, TEXT_TYPES

_SOAP_TYPES: Mapping[str, str] = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int", "long": "xsd:long",
    "double": "xsd:double", "currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date",
    "datetime": "xsd:dateTime", "time": "xsd:time", "base64": "xsd:base64Binary", "anyType": "xsd:anyType",
    "address": "urn:address", "location": "urn:location", "junctionidlist": "urn:JunctionIdListNames",
}  # fmt: skip

SCOPE_LABELS: Mapping[str, str] = {
    "everything": "All {plural}",
    "mine": "My {plural}",
    "team": "My team's {plural}",
    "delegated": "My delegated {plural}",
    "queue_owned": "Queue owned {plural}",
    "user_owned": "User owned {plural}",
    "genericteam": "My {label} teams {plural}",
    "team_by_role": "My role-based team's {plural}",
    "scopingRule": "Filter by scope",
    "all_active_campaigns": "All active {plural}",
    "my_active_campaigns": "My active {plural}",
    "single_entity_scope": "Select a {label}:",
}
"""What describes call the scopes."""


def soap_type(type_: str) -> str:
    """The `soapType` that goes with a type."""
    return _SOAP_TYPES.get(type_, "xsd:string")


def byte_length(type_: str, length: int) -> int:
    """The `byteLength` that goes with a type and a length."""
    if type_ in ID_TYPES:
        return 18
    return length * 3 if type_ in TEXT_TYPES else 0
