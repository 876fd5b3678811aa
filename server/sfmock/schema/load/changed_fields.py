"""What metadata files change of a field that is there: of a standard one, or of one that a describe told before."""

from __future__ import annotations

from dataclasses import replace

from sfmock.schema.custom import custom_fields
from sfmock.schema.load.definitions import FieldDefinition
from sfmock.schema.load.formulas import UNKNOWN_FORMULA, unknown
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.load.wrong import WRONG, words
from sfmock.schema.model import Field, PicklistValue, SObject, revised
from sfmock.schema.tracking import tracked

_PLAIN = ("label", "inline_help_text", "nillable")
"""Properties that are attributes under the same name."""
_RESTATED = frozenset(
    {
        "length", "precision", "scale", "unique", "external_id", "case_sensitive", "reference_to", "delete_constraint",
        "child_relationship_name", "visible_lines", "html", "display_format", "starting_number", "default", "master_detail",
        "relationship_order", "reparentable", "write_requires_master_read",
    }
)  # fmt: skip
"""What the file of a standard field says again, and cannot change."""


def changed_field(
    space: Workspace, owner: SObject, known: Field, definition: FieldDefinition, notes: Notes
) -> Field:
    """The field as the file has it."""
    if not known.custom or known.type == "reference":
        return _revised(known, definition, owner, notes)
    properties = dict(definition.properties)
    number = 0
    if "formula_text" in properties:
        properties["formula"], number = unknown, known.formula or space.next_formula()
    try:
        made = custom_fields(
            owner, space.find, known.name, definition.type, properties, formula=number
        )
    except WRONG as error:
        notes.behaviour(definition.file, f"{owner.name}.{known.name}", words(error))
        return known
    notes.withdraw(f"{owner.name}.{known.name}")
    if number:
        notes.behaviour(definition.file, f"{owner.name}.{known.name}: formula", UNKNOWN_FORMULA)
    return next(each for each in made if each.name.lower() == known.name.lower())


def _revised(known: Field, definition: FieldDefinition, owner: SObject, notes: Notes) -> Field:
    given = definition.properties
    changes = {key: given[key] for key in _PLAIN if key in given}
    values = given.get("values")
    if isinstance(values, tuple) and values and "picklist" in known.type:
        changes |= picked(known, values)
        changes["restricted_picklist"] = given.get("restricted") is True
    if given.get("track_history") is True:
        changes["track_history"] = _is_tracked(known, definition, owner, notes)
    for key in given.keys() - {*_PLAIN, *_RESTATED, "values", "restricted", "track_history"}:
        reason = f"{key} of a field that is there already is not changed"
        notes.behaviour(definition.file, f"{owner.name}.{known.name}", reason)
    return revised(known, **changes)


def _is_tracked(known: Field, definition: FieldDefinition, owner: SObject, notes: Notes) -> bool:
    """Whether changes of the field are tracked: only where it is known what its history looks like."""
    try:
        tracked(owner, [known.name])
    except WRONG as error:
        notes.behaviour(definition.file, f"{owner.name}.{known.name}: trackHistory", words(error))
        return False
    return True


def picked(field: Field, values: tuple[PicklistValue, ...]) -> dict[str, object]:
    """The attributes of a picklist that has these values."""
    default = next((each.value for each in values if each.default), None)
    kept = {each.value: each.valid_for for each in field.picklist}
    return {
        "picklist": tuple(replace(each, valid_for=kept.get(each.value)) for each in values),
        "default": default,
        "defaulted_on_create": default is not None or field.defaulted_on_create,
    }
