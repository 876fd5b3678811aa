"""Entries of describes, told by what is special about them."""

from __future__ import annotations

from typing import Any

from calling import Caller

PLAIN: dict[str, Any] = {
    "aggregatable": True, "aiPredictionField": False, "autoNumber": False, "byteLength": 0, "calculated": False,
    "calculatedFormula": None, "cascadeDelete": False, "caseSensitive": False, "compoundFieldName": None,
    "controllerName": None, "createable": True, "custom": True, "defaultValue": None, "defaultValueFormula": None,
    "defaultedOnCreate": False, "dependentPicklist": False, "deprecatedAndHidden": False, "digits": 0,
    "displayLocationInDecimal": False, "encrypted": False, "externalId": False, "extraTypeInfo": None,
    "filterable": True, "filteredLookupInfo": None, "formulaTreatNullNumberAsZero": False, "groupable": True,
    "highScaleNumber": False, "htmlFormatted": False, "idLookup": False, "inlineHelpText": None, "label": "Value",
    "length": 0, "mask": None, "maskType": None, "name": "Value__c", "nameField": False, "namePointing": False,
    "nillable": True, "permissionable": True, "picklistValues": [], "polymorphicForeignKey": False, "precision": 0,
    "queryByDistance": False, "referenceTargetField": None, "referenceTo": [], "relationshipName": None,
    "relationshipOrder": None, "restrictedDelete": False, "restrictedPicklist": False, "scale": 0,
    "searchPrefilterable": False, "soapType": "xsd:string", "sortable": True, "type": None, "unique": False,
    "updateable": True, "writeRequiresMasterRead": False,
}  # fmt: skip
"""A describe entry with nothing special in it, as recorded in versions 48 to 59."""


def short(row: dict[str, Any]) -> dict[str, Any]:
    """The recorded short form: what is null, false, zero or empty is left out."""
    return {key: value for key, value in row.items() if value not in (None, False, 0, [], "")}


def listed(row: dict[str, Any]) -> dict[str, Any]:
    """The recorded short form of a row of a global describe: its texts, what is true, how many keys, which addresses."""
    return {
        **{key: value for key, value in row.items() if not isinstance(value, bool | dict)},
        "true": sorted(key for key, value in row.items() if value is True),
        "keys": len(row),
        "urls": list(row["urls"]),
    }


def special(call: Caller, sobject: str, field: str) -> dict[str, Any]:
    """The keys of a field's describe that differ from those of a plain one; all keys must be there."""
    body = call("GET", f"/sobjects/{sobject}/describe").json
    assert isinstance(body, dict)
    fields: Any = body["fields"]
    [entry] = [each for each in fields if each["name"] == field]
    assert list(entry) == sorted(PLAIN)
    return {key: value for key, value in entry.items() if value != PLAIN[key]}
