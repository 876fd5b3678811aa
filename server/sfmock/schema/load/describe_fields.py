"""The fields of describe results; what alike ones share is read once, for an org has tens of thousands of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from sfmock.schema.implied import byte_length, soap_type
from sfmock.schema.load.definitions import DescribedField
from sfmock.schema.load.literals import number_literal, percent_literal, text_literal
from sfmock.schema.load.report import Notes
from sfmock.schema.model import FilteredLookup, PicklistValue

if TYPE_CHECKING:
    from sfmock.schema.load.wire_describes import (
        WireChild,
        WireField,
        WirePicklistValue,
        WireRecordType,
        WireSObject,
    )

Attributes: TypeAlias = dict[str, object]

CHOICES = frozenset({"boolean", "picklist", "multipicklist", "combobox"})
"""Types whose default is a value; other defaults are formulas."""
_NUMBERS = frozenset({"int", "long", "double", "currency", "percent"})
_FIELD = (
    "type", "length", "precision", "scale", "digits", "nillable", "createable", "updateable",
    "defaulted_on_create", "filterable", "sortable", "groupable", "aggregatable", "unique", "external_id", "id_lookup",
    "case_sensitive", "name_field", "calculated", "auto_number", "permissionable", "restricted_picklist",
    "dependent_picklist", "html_formatted", "encrypted", "query_by_distance", "cascade_delete", "restricted_delete",
    "write_requires_master_read", "search_prefilterable", "ai_prediction_field",
    "relationship_order", "extra_type_info", "controller_name", "inline_help_text", "custom", "mask", "mask_type",
    "reference_target_field", "calculated_formula", "high_scale_number",
)  # fmt: skip
"""Keys that the schema knows under the same name, but those of a field's own words."""
_WORDS = ("label", "relationship_name")
_APART = frozenset(
    {"name", *_WORDS, "picklist_values", "reference_to", "default_value", "filtered_lookup_info"}
)
_UNKNOWN = "the fake's describes do not know it"


class FieldReader:
    """Reads the fields of one load."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._alike: dict[Hashable, Attributes] = {}
        self._key_sets: list[set[str]] = []
        self._others: Callable[[Mapping[str, object]], tuple[object, ...]] | None = None

    def read(self, wire: WireField, owner: str, file: str) -> DescribedField:
        """A field as definition; what is not read of it is noted."""
        key = self._key(wire)
        given = self._alike.get(key)
        if given is None:
            before = self._notes.number
            given = self._shared(wire, owner, file)
            if key is not None and self._notes.number == before:
                self._alike[key] = given
        values, present = wire.__dict__, wire.model_fields_set
        own: Attributes = {each: values[each] for each in _WORDS if each in present}
        own["picklist"] = tuple(map(_entry, wire.picklist_values))
        return DescribedField(wire.name, given, own)

    def _key(self, wire: WireField) -> Hashable:
        """All but the field's own words; None where it must be read by itself."""
        if wire.filtered_lookup_info is not None or wire.model_extra:
            return None
        others = self._others
        if others is None:
            keys = type(wire).model_fields
            others = self._others = itemgetter(*(each for each in keys if each not in _APART))
        default = repr(wire.default_value)  # 0 is not False
        place = self._place(wire.model_fields_set)
        return place, default, tuple(wire.reference_to), others(wire.__dict__)

    def _place(self, keys: set[str]) -> int:
        """Which of the sets of keys this is: all fields of a version have the same."""
        for place, known in enumerate(self._key_sets):
            if known == keys:
                return place
        self._key_sets.append(keys)
        return len(self._key_sets) - 1

    def _shared(self, wire: WireField, owner: str, file: str) -> Attributes:
        given = given_of(wire, _FIELD)
        present = wire.model_fields_set
        given["default"], given["default_formula"] = _default(wire)
        given["reference_to"] = tuple(wire.reference_to)
        if "soap_type" in present:
            usual = soap_type(wire.type)
            given["soap_type"] = None if wire.soap_type == usual else wire.soap_type
        if "byte_length" in present:
            implied = byte_length(wire.type, wire.length)
            given["byte_length"] = None if wire.byte_length == implied else wire.byte_length
        if "compound_field_name" in present:
            given["compound"] = wire.compound_field_name
        if "filtered_lookup_info" in present:
            given["filtered_lookup"] = _lookup_filter(wire, owner, file, self._notes)
        if "formula_treat_null_number_as_zero" in present:
            given["formula_treat_null_as_zero"] = wire.formula_treat_null_number_as_zero
        note_unread(wire, ("deprecated_and_hidden",), "describe: fields", file, self._notes)
        several = len(wire.reference_to) > 1
        for name in ("name_pointing", "polymorphic_foreign_key"):
            if name in present and wire.__dict__[name] is not several:
                key = type(wire).model_fields[name].alias
                self._notes.effectless(
                    file, f"describe: fields: {key}", "here it follows from referenceTo"
                )
        return given


def _entry(value: WirePicklistValue) -> PicklistValue:
    label = value.label or value.value
    return PicklistValue(value.value, label, value.active, value.default_value, value.valid_for)


def given_of(wire: WireField | WireSObject, names: tuple[str, ...]) -> Attributes:
    """The values of the keys that the describe has."""
    values: Mapping[str, object] = wire.__dict__
    present = wire.model_fields_set
    if present.issuperset(names):
        return dict(zip(names, _getter(names)(values), strict=True))
    return {name: values[name] for name in names if name in present}


@lru_cache(maxsize=4)
def _getter(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    return itemgetter(*names)


def note_unread(
    wire: WireField | WireSObject | WireChild | WireRecordType,
    names: tuple[str, ...],
    place: str,
    file: str,
    notes: Notes,
) -> None:
    """Note keys without a counterpart that say something, and those that nobody knows."""
    for name in names:
        if wire.__dict__[name]:
            key = type(wire).model_fields[name].alias
            notes.effectless(file, f"{place}: {key}", _UNKNOWN)
    for key in wire.model_extra or ():
        notes.effectless(file, f"{place}: {key}", "no describe known to this version has it")


def _lookup_filter(wire: WireField, owner: str, file: str, notes: Notes) -> FilteredLookup | None:
    about = wire.filtered_lookup_info
    if about is None:
        return None
    if not about.optional_filter:
        notes.behaviour(
            file, f"{owner}.{wire.name}: filteredLookupInfo", "lookup filters are not applied"
        )
    return FilteredLookup(tuple(about.controlling_fields), about.dependent, about.optional_filter)


def _default(wire: WireField) -> tuple[object, str | None]:
    """The default value and the formula of one: a formula that is a mere literal is a value (metadata.md 2.1)."""
    text = wire.default_value_formula
    if wire.type in CHOICES:
        return wire.default_value, text
    if text is None:
        return None, None
    found: object
    if wire.type == "percent":
        found = percent_literal(text)
    else:
        found = number_literal(text) if wire.type in _NUMBERS else text_literal(text)
    return found, text if found is None else None
