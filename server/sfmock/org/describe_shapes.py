"""What describes say of sobjects and fields, key by key, as recorded (rest.md 2.1-2.3, wire-facts.md 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sfmock.ids import MASTER_RECORD_TYPE
from sfmock.org.describe_urls import describe_urls
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.implied import SCOPE_LABELS, byte_length, soap_type
from sfmock.schema.model import ChildRelationship, Field, PicklistValue, RecordType, SObject
from sfmock.versions import (
    ASSOCIATED_ENTITY,
    DESCRIBE_INTERFACES,
    RECORD_TYPE_DEVELOPER_NAMES,
    Version,
)
from sfmock.wire import JSON

_ACTIVATEABLE = frozenset({"Contract", "Order"})
_TYPED = frozenset(
    {
        "Account", "Asset", "Campaign", "CampaignMember", "Case", "Contact", "ContentVersion", "Contract", "Event", "Idea",
        "Lead", "Opportunity", "Order", "Product2", "Quote", "Solution", "Task",
    }
)  # fmt: skip
"""Shipped sobjects that can have record types."""
_STANDARD_COMPANIONS: Mapping[str, tuple[str, str]] = {
    "AccountHistory": ("History", "Account"),
    "AccountShare": ("Share", "Account"),
    "CaseComment": ("Comment", "Case"),
    "OpportunityFieldHistory": ("History", "Opportunity"),
}
"""Shipped companions; OpportunityHistory is none, as recorded."""
_INVITEES: Mapping[str, str] = {
    f"{answer}EventRelation": f"{answer}EventInviteeIds"
    for answer in ("Accepted", "Declined", "Undecided")
}


def summary(sobject: SObject, version: Version) -> dict[str, JSON]:
    """One row of the global describe; also `objectDescribe` of the basic info."""
    kind, parent = sobject.associate or _STANDARD_COMPANIONS.get(sobject.name) or (None, None)
    row: dict[str, JSON] = {
        "activateable": sobject.name in _ACTIVATEABLE,
        "associateEntityType": kind,
        "associateParentEntity": parent,
        "createable": sobject.createable,
        "custom": sobject.custom,
        "customSetting": sobject.custom_setting,
        "deepCloneable": sobject.deep_cloneable,
        "deletable": sobject.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": sobject.feed_enabled,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": sobject.key_prefix,
        "label": sobject.label,
        "labelPlural": sobject.label_plural,
        "layoutable": sobject.layoutable,
        "mergeable": sobject.mergeable,
        "mruEnabled": sobject.mru_enabled,
        "name": sobject.name,
        "queryable": sobject.queryable,
        "replicateable": sobject.replicateable,
        "retrieveable": sobject.retrieveable,
        "searchable": sobject.searchable,
        "triggerable": sobject.triggerable,
        "undeletable": sobject.undeletable,
        "updateable": sobject.updateable,
    }
    if not version.has(DESCRIBE_INTERFACES):
        _drop(row, "deepCloneable", "hasSubtypes", "isInterface", "isSubtype")
    if not version.has(ASSOCIATED_ENTITY):
        _drop(row, "associateEntityType", "associateParentEntity")
    row["urls"] = describe_urls(sobject, version, None)
    return row


def describe(
    sobject: SObject, catalogue: Catalogue, version: Version, authority: str
) -> dict[str, JSON]:
    """The full describe of an sobject but its fields; `authority` starts the three addresses of the user interface."""
    row = summary(sobject, version) | {
        "actionOverrides": [],
        "childRelationships": _children(sobject, catalogue),
        "compactLayoutable": sobject.compact_layoutable,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "hasSubtypes": False,
        "implementedBy": None,
        "implementsInterfaces": None,
        "isSubtype": False,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": _record_types(sobject, version),
        "searchLayoutable": sobject.search_layoutable,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(sobject),
        "urls": describe_urls(sobject, version, authority),
    }
    if not version.has(DESCRIBE_INTERFACES):
        _drop(row, "defaultImplementation", "extendedBy", "extendsInterfaces")
        _drop(row, "implementedBy", "implementsInterfaces")
    return row


def describe_field(field: Field, version: Version) -> dict[str, JSON]:
    """One entry of `fields`: the same keys for every type."""
    choice = field.type in ("boolean", "picklist", "multipicklist", "combobox")
    entry: dict[str, JSON] = {
        "aggregatable": field.aggregatable,
        "aiPredictionField": field.ai_prediction_field,
        "autoNumber": field.auto_number,
        "byteLength": byte_length(field.type, field.length)
        if field.byte_length is None
        else field.byte_length,
        "calculated": field.calculated,
        "calculatedFormula": field.calculated_formula,
        "cascadeDelete": field.cascade_delete,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound,
        "controllerName": field.controller_name,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default if choice else None,
        "defaultValueFormula": field.default_formula if choice else _default_formula(field),
        "defaultedOnCreate": field.defaulted_on_create,
        "dependentPicklist": field.dependent_picklist,
        "deprecatedAndHidden": False,
        "digits": field.digits,
        "displayLocationInDecimal": field.type == "location",
        "encrypted": field.encrypted,
        "externalId": field.external_id,
        "extraTypeInfo": field.extra_type_info,
        "filterable": field.filterable,
        "filteredLookupInfo": _lookup_filter(field),
        "formulaTreatNullNumberAsZero": field.formula_treat_null_as_zero,
        "groupable": field.groupable,
        "highScaleNumber": field.high_scale_number,
        "htmlFormatted": field.html_formatted,
        "idLookup": field.id_lookup,
        "inlineHelpText": field.inline_help_text,
        "label": field.label,
        "length": field.length,
        "mask": field.mask,
        "maskType": field.mask_type,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": field.polymorphic,
        "nillable": field.nillable,
        "permissionable": field.permissionable,
        "picklistValues": describe_picklist(field.picklist),
        "polymorphicForeignKey": field.polymorphic,
        "precision": field.precision,
        "queryByDistance": field.query_by_distance,
        "referenceTargetField": field.reference_target_field,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship_name,
        "relationshipOrder": field.relationship_order,
        "restrictedDelete": field.restricted_delete,
        "restrictedPicklist": field.restricted_picklist,
        "scale": field.scale,
        "searchPrefilterable": field.search_prefilterable,
        "soapType": field.soap_type or soap_type(field.type),
        "sortable": field.sortable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
        "writeRequiresMasterRead": field.write_requires_master_read,
    }
    if not version.has(DESCRIBE_INTERFACES):
        _drop(entry, "aiPredictionField", "formulaTreatNullNumberAsZero")
    return entry


def describe_picklist(values: Iterable[PicklistValue]) -> list[JSON]:
    """The entries of a picklist."""
    return [
        {
            "active": each.active,
            "defaultValue": each.default,
            "label": each.label,
            "validFor": each.valid_for,
            "value": each.value,
        }
        for each in values
    ]


def _lookup_filter(field: Field) -> dict[str, JSON] | None:
    found = field.filtered_lookup
    if found is None:
        return None
    return {
        "controllingFields": list(found.controlling_fields),
        "dependent": found.dependent,
        "optionalFilter": found.optional,
    }


def _default_formula(field: Field) -> str | None:
    """Defaults of text and numbers are formulas: `"x"`, `0` (metadata.md 2.1)."""
    default = field.default
    if default is None:
        return field.default_formula
    if not isinstance(default, str):
        number = Decimal(repr(default))  # the shortest text that is this number
        plain = (
            f"{number / 100 if field.type == 'percent' else number:f}"  # 15 percent is 0.15 there
        )
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    match field.type:
        case "date":
            return "DATE({}, {}, {})".format(*map(int, default.split("-")))
        case "datetime":
            return f'DATETIMEVALUE("{default[:10]} {default[11:19]}")'
        case "time":
            return f'TIMEVALUE("{default.removesuffix("Z")}")'
        case _:
            return f'"{default}"'


def _children(sobject: SObject, catalogue: Catalogue) -> list[JSON]:
    return [
        {
            "cascadeDelete": each.cascade_delete,
            "childSObject": each.child,
            "deprecatedAndHidden": False,
            "field": each.field,
            "junctionIdListNames": _junction(each)[0],
            "junctionReferenceTo": _junction(each)[1],
            "relationshipName": each.name,
            "restrictedDelete": each.restricted_delete,
        }
        for each in catalogue.described_children(sobject)
    ]


def _junction(end: ChildRelationship) -> tuple[list[JSON], list[JSON]]:
    """The list field that stands for a junction, and whom it names: the invitees of events."""
    if end.field != "EventId" or end.child not in _INVITEES:
        return [], []
    return [_INVITEES[end.child]], ["Calendar", "Contact", "Lead", "User"]


def _record_types(sobject: SObject, version: Version) -> list[JSON]:
    """Record types by name, the master last, as recorded; sobjects that can have none say nothing."""
    typed = sobject.layoutable if sobject.custom else sobject.name in _TYPED
    if not (typed or sobject.record_types) or sobject.custom_setting:
        return []
    default = not any(each.default for each in sobject.record_types)
    master = RecordType(MASTER_RECORD_TYPE, "Master", "Master", default=default)
    root = f"{version.root}/sobjects/{sobject.name}/describe/layouts"
    return [_record_type(each, root, version) for each in (*sobject.record_types, master)]


def _record_type(record_type: RecordType, root: str, version: Version) -> dict[str, JSON]:
    info: dict[str, JSON] = {
        "active": record_type.active,
        "available": record_type.active,
        "defaultRecordTypeMapping": record_type.default,
        "developerName": record_type.developer_name,
        "master": record_type.id == MASTER_RECORD_TYPE,
        "name": record_type.label,
        "recordTypeId": record_type.id,
        "urls": {"layout": f"{root}/{record_type.id}"},
    }
    if not version.has(RECORD_TYPE_DEVELOPER_NAMES):
        _drop(info, "developerName")
    return info


def _scopes(sobject: SObject) -> list[JSON]:
    words = {"plural": sobject.label_plural.lower(), "label": sobject.label.lower()}
    return [
        {"label": SCOPE_LABELS[name].format(**words), "name": name}
        for name in sobject.supported_scopes
    ]


def _drop(row: dict[str, JSON], *keys: str) -> None:
    for key in keys:
        del row[key]
