"""Rows of FieldDefinition: one for each field that the caller sees, a compound one for its parts (metadata.md 7)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from sfmock.org.entity_rows import durable_id, made_id, split_name
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.store.database import Value

_NAMED = frozenset({"Account", "Contact", "Lead", "User"})
"""Sobjects whose name field is of the type `Name`."""
_INDEXED = frozenset({"Id", "Name", "OwnerId", "CreatedDate", "SystemModstamp", "RecordTypeId"})
_INDEXED_EMAILS = frozenset({"Contact", "Lead"})
_SETUP_LABELS = {
    "CreatedById": "Created By",
    "LastModifiedById": "Last Modified By",
    "OwnerId": "{sobject} Owner",
    "RecordTypeId": "{sobject} Record Type",
}
"""What the setup calls standard references, whose labels in describe end in `ID`."""


def rows_of_fields(
    sobject: SObject, catalogue: Catalogue, pod: str
) -> dict[Field, dict[str, Value]]:
    """The rows of a sobject's fields. What is not known is missing in a row: `DataType`, `Label`."""
    listed = [each for each in sobject.fields if each.compound in (None, each.name)]
    return {each: _row(sobject, each, catalogue, pod) for each in listed}


def _row(sobject: SObject, field: Field, catalogue: Catalogue, pod: str) -> dict[str, Value]:
    namespace, own = split_name(field.name) if field.custom else (None, _developer_name(field))
    key = _durable_id(sobject, field, pod)
    controller = sobject.find(field.controller_name) if field.controller_name else None
    targets = list(field.reference_to) or None
    row: dict[str, Value] = {
        "Id": key,
        "DurableId": key,
        "QualifiedApiName": field.name,
        "EntityDefinitionId": durable_id(sobject, pod),
        "NamespacePrefix": namespace,
        "DeveloperName": own,
        "Length": field.length,
        "ExtraTypeInfo": field.extra_type_info,
        "IsCalculated": field.calculated,
        "IsHighScaleNumber": field.high_scale_number,
        "IsHtmlFormatted": field.html_formatted,
        "IsNameField": field.name_field,
        "IsNillable": field.nillable,
        "Precision": field.precision,
        "Scale": field.scale,
        "IsFieldHistoryTracked": field.track_history,
        "IsIndexed": is_indexed(sobject, field),
        "IsApiFilterable": field.filterable,
        "IsApiSortable": field.sortable,
        "IsApiGroupable": field.groupable,
        "ControllingFieldDefinitionId": None
        if controller is None
        else _durable_id(sobject, controller, pod),
        "RelationshipName": field.relationship_name,
        "ReferenceTo": json.dumps({"referenceTo": targets}, separators=(",", ":")),
        "ReferenceTargetField": field.reference_target_field,
        "IsCompound": field.is_compound or field.name in sobject.parts,
        "IsSearchPrefilterable": field.search_prefilterable,
        "IsPolymorphicForeignKey": field.polymorphic,
    }
    label = _label(sobject, field)
    if label is not None:
        row["Label"] = row["MasterLabel"] = label
    data_type = data_type_of(sobject, field, catalogue)
    if data_type is not None:
        row["DataType"] = data_type
    return row


def _durable_id(sobject: SObject, field: Field, pod: str) -> str:
    name = f"{sobject.name}.{field.name}"
    own = made_id("00N", pod, name) if field.custom else _developer_name(field)
    return f"{durable_id(sobject, pod)}.{own}"


def _developer_name(field: Field) -> str:
    """Recorded: standard references are called without their `Id`, as in `Contact.Account`."""
    return field.name.removesuffix("Id") if field.type == "reference" else field.name


def _label(sobject: SObject, field: Field) -> str | None:
    if field.custom or field.type != "reference":
        return field.label
    known = _SETUP_LABELS.get(field.name)
    return None if known is None else known.format(sobject=sobject.label)


def is_indexed(sobject: SObject, field: Field) -> bool:
    """Whether Salesforce keeps an index by default: keys, names, dates of the system, external ids."""
    if field.custom:
        return field.unique or field.external_id or field.type == "reference"
    return (
        field.name in _INDEXED
        or field.type == "reference"
        or (field.name == "Email" and sobject.name in _INDEXED_EMAILS)
    )


def data_type_of(sobject: SObject, field: Field, catalogue: Catalogue) -> str | None:
    """The setup's word for a field's type, None where it is not known."""
    if field.summary is not None:
        child = catalogue.find(field.summary.child)
        if child is None:
            return None
        return f"Roll-Up Summary ({field.summary.operation.upper()} {child.label})"
    if field.calculated and field.custom:
        plain = _PLAIN.get(field.type)
        return plain and f"Formula ({plain})"
    if field.calculated:
        return None
    if field.type == "reference":
        return _reference(sobject, field, catalogue)
    write = _TYPES.get(field.type)
    found = write(sobject, field) if write else None
    if found is None:
        return None
    external = "  (External ID)" if field.external_id else ""
    case = "Sensitive" if field.case_sensitive else "Insensitive"
    unique = f" (Unique Case {case})" if field.unique and field.type == "string" else ""
    if field.unique and field.type != "string":
        return None
    return f"{found}{external}{unique}"


def _text(sobject: SObject, field: Field) -> str | None:
    if field.auto_number:
        return "Auto Number"
    if field.name_field and sobject.name in _NAMED:
        return "Name"
    return f"Text({field.length})"


def _area(sobject: SObject, field: Field) -> str:
    if field.html_formatted:
        return f"Rich Text Area({field.length})"
    return f"{'Long ' if field.length > 255 else ''}Text Area({field.length})"


def _reference(sobject: SObject, field: Field, catalogue: Catalogue) -> str | None:
    if field.name == "RecordTypeId":
        return "Record Type"
    if (sobject.name, field.name) in _HIERARCHIES:
        return "Hierarchy"
    if field.name == "OwnerId" and set(field.reference_to) == {"Group", "User"}:
        return "Lookup(User,Group)"
    if field.polymorphic or (field.custom and field.reference_to == ("User",) == (sobject.name,)):
        return None
    kind = "Master-Detail" if field.custom and field.relationship_order is not None else "Lookup"
    parent = catalogue.parent(field)
    label = _ABSENT.get(field.reference_to[0]) if parent is None else parent.label
    return None if label is None else f"{kind}({label})"


_ABSENT: Mapping[str, str] = {
    "Announcement": "Announcement", "BrandTemplate": "Letterhead", "BusinessProcess": "Business Process",
    "CallCenter": "Call Center", "Community": "Zone", "ContentAsset": "Asset File", "ContentBody": "Content Body",
    "ContentFolder": "Content Folder", "DandBCompany": "D&B Company", "ExternalDataSource": "External Data Source",
    "FeedComment": "Feed Comment", "IdeaComment": "Idea Comment", "LoginGeo": "Login Geo Data",
    "PermissionSetGroup": "Permission Set Group",
}  # fmt: skip
"""Recorded labels of sobjects that shipped fields refer to and that are not shipped."""
_HIERARCHIES = frozenset({("Account", "ParentId"), ("User", "ManagerId")})
_PLAIN: Mapping[str, str] = {
    "string": "Text", "double": "Number", "currency": "Currency", "percent": "Percent", "boolean": "Checkbox",
    "date": "Date", "datetime": "Date/Time", "time": "Time",
}  # fmt: skip
"""Types that have one word, which formulas are called after."""


def _number(sobject: SObject, field: Field) -> str:
    return f"{_PLAIN[field.type]}({field.precision - field.scale}, {field.scale})"


_TYPES: Mapping[str, Callable[[SObject, Field], str | None]] = {
    "id": lambda _, __: "Lookup()",  # recorded of Lead.Id
    "string": _text,
    "textarea": _area,
    "int": lambda _, field: f"Number({field.digits}, 0)",
    **dict.fromkeys(REAL_TYPES, _number),
    "boolean": lambda _, __: "Checkbox",
    "date": lambda _, __: "Date",
    "datetime": lambda _, __: "Date/Time",
    "time": lambda _, __: "Time",
    "email": lambda _, __: "Email",
    "phone": lambda _, __: "Phone",
    "url": lambda _, field: f"URL({field.length})",
    "picklist": lambda _, __: "Picklist",
    "multipicklist": lambda _, __: "Picklist (Multi-Select)",
    "address": lambda _, __: "Address",
    "location": lambda _, __: "Geolocation",
}
