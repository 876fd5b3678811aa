"""Custom fields that the platform fills: auto-numbers, formulas, roll-up summaries (metadata.md 6.1, 6.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from sfmock.errors import refuse
from sfmock.schema.custom_reference import masters
from sfmock.schema.filters import check_filter
from sfmock.schema.model import REAL_TYPES, Field, SObject, Summary
from sfmock.schema.properties import Properties

Find: TypeAlias = Callable[[str], SObject | None]
"""Leads to the sobjects of the org by their names."""
_NUMBER_LENGTH = 30
_AROUND = 20
"""What is left of it for text and dates around a counter of ten digits."""
_FORMULA_TEXT = 1300
"""The length of a text formula, as recorded."""
_PLACES = re.compile(r"\{([^{}]*)\}")
_DATE_PARTS = frozenset({"YYYY", "YY", "MM", "DD"})
_OPERATIONS = ("count", "sum", "min", "max")
_ORDERED = REAL_TYPES | {"date", "datetime", "time", "int"}
_STANDARD_ROLLUPS = {
    ("Account", "Opportunity", "AccountId"),
    ("Opportunity", "OpportunityLineItem", "OpportunityId"),
    ("Campaign", "CampaignMember", "CampaignId"),
}
"""Parent, child and key of the lookups of standard objects that Salesforce lets a roll-up summary follow."""


def _number_format(given: Properties) -> str:
    """The display format of an auto-number; raises ValueError for one that Salesforce does not take."""
    text = given.needed("display_format")
    places = _PLACES.findall(text)
    counters = [each for each in places if each and not each.strip("0")]
    unknown = [each for each in places if each not in _DATE_PARTS and each not in counters]
    stray = "{" in _PLACES.sub("", text) or "}" in _PLACES.sub("", text)
    if unknown or stray or len(counters) != 1 or len(counters[0]) > 10:
        raise ValueError(
            f"{given.owner}: display_format holds one counter of at most ten zeros, e.g. A-{{0000}},"
            f" and may hold {{YYYY}}, {{YY}}, {{MM}} and {{DD}}, not {text!r}"
        )
    if len(text) - 2 * len(places) - len(counters[0]) > _AROUND:
        raise ValueError(
            f"{given.owner}: display_format has more than {_AROUND} characters around the counter"
        )
    return text


def auto_number_field(field: Field, given: Properties) -> Field:
    """A text that the platform counts up; like the recorded CaseNumber, it cannot be grouped."""
    external = given.flag("external_id", False)
    return numbered(
        replace(field, length=_NUMBER_LENGTH, external_id=external, id_lookup=external), given
    )


def numbered(field: Field, given: Properties) -> Field:
    """A text field, a name too, as an auto-number."""
    return replace(
        field,
        nillable=False,
        createable=False,
        updateable=False,
        permissionable=False,
        defaulted_on_create=True,
        groupable=False,
        auto_number=True,
        display_format=_number_format(given),
        starting_number=given.whole("starting_number", 1, 0, 9_999_999_999),
    )


def formula_field(field: Field, given: Properties, number: int) -> Field:
    """A field that a Python function computes; the type is that of the result."""
    given.function("formula")
    return replace(
        field,
        length=_FORMULA_TEXT if field.type == "string" else 0,
        precision=given.whole("precision", 18, 1, 18) if field.type in REAL_TYPES else 0,
        scale=given.whole("scale", 2 if field.type == "currency" else 0, 0, 17)
        if field.type in REAL_TYPES
        else 0,
        nillable=field.type != "boolean",  # recorded: a checkbox is never null, calculated or not
        defaulted_on_create=field.type == "boolean",
        createable=False,
        updateable=False,
        groupable=field.type in ("date", "boolean"),  # recorded: text formulas cannot be grouped
        calculated=True,
        formula=number,
        calculated_formula=given.text("formula_text"),
        formula_treat_null_as_zero=given.flag("formula_treat_null_as_zero", False),
    )


def summary_field(field: Field, given: Properties, owner: SObject, find: Find) -> Field:
    """A roll-up summary of the details of this sobject; its type is that of the result."""
    operation = given.choice("operation", "", _OPERATIONS)
    child_name, _, key_name = given.needed("foreign_key").partition(".")
    child = find(child_name)
    key = None if child is None else child.find(key_name)
    if child is None or key is None:
        raise ValueError(
            f"{given.owner}: foreign_key is a field of the detail, e.g. Line__c.Invoice__c,"
            f" not {given.text('foreign_key')!r}"
        )
    follows = key.reference_to == (owner.name,) and (
        key in masters(child) or (owner.name, child.name, key.name) in _STANDARD_ROLLUPS
    )
    if not follows:
        raise ValueError(
            f"{given.owner}: {child.name}.{key.name} is no master-detail relationship to {owner.name}"
        )
    summed = _summarized(given, child, operation)
    filters = _filters(given, child)
    plain = replace(
        field,
        nillable=True,
        createable=False,
        updateable=False,
        permissionable=True,
        calculated=True,
        summary=Summary(
            operation, child.name, key.name, None if summed is None else summed.name, filters
        ),
    )
    return _typed(plain, summed)


def _typed(field: Field, summed: Field | None) -> Field:
    """The type of the result: a number for `count`, else the type of the summarized field."""
    type_ = "double" if summed is None or summed.type == "int" else summed.type
    number = type_ in REAL_TYPES
    return replace(
        field,
        type=type_,
        precision=18 if number else 0,
        scale=summed.scale if summed is not None and number else 0,
        groupable=type_ == "date",
        aggregatable=type_ != "time",
    )


def _summarized(given: Properties, child: SObject, operation: str) -> Field | None:
    if operation == "count":
        if "summarized_field" in given:
            raise TypeError(f"{given.owner}: count takes no summarized_field")
        return None
    name = given.needed("summarized_field")
    sobject, _, last = name.rpartition(".")
    found = child.find(last) if sobject.lower() in ("", child.name.lower()) else None
    allowed = REAL_TYPES | {"int"} if operation == "sum" else _ORDERED
    if found is None or found.type not in allowed:
        raise ValueError(
            f"{given.owner}: {operation} is over a number"
            f"{'' if operation == 'sum' else ', date or time'} of {child.name}, not {name!r}"
        )
    if found.formula is not None:
        raise refuse(f"roll-up summaries of formula fields ({child.name}.{found.name})")
    return found


def _filters(given: Properties, child: SObject) -> tuple[tuple[str, str, str], ...]:
    value = given.raw("filters")
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise given.wrong("filters", "a list of (field, operation, value)")
    found = []
    for each in value:
        if not isinstance(each, list | tuple) or len(each) != 3:
            raise given.wrong("filters", "a list of (field, operation, value)")
        name, operation, wanted = each
        found.append(check_filter(given.owner, child, str(name), str(operation), wanted))
    return tuple(found)
