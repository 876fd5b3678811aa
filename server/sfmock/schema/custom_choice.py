"""Custom picklists: values, defaults, and what depends on another field (metadata.md 2.1, 6.2)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sfmock.schema.model import Field, PicklistValue, SObject, revised
from sfmock.schema.properties import Properties

CHOICE_LENGTHS = {"picklist": 255, "multipicklist": 4099}
_VISIBLE_LINES = 4


def choice_field(field: Field, given: Properties, owner: SObject) -> Field:
    """A picklist or multi-select picklist."""
    entries = given.entries()
    preset = next((each.value for each in entries if each.default), None)
    default = given.text("default") or preset
    if default is not None and default not in [each.value for each in entries if each.active]:
        raise ValueError(f"{field.name}: default {default!r} is not among its values")
    field = revised(
        field,
        length=CHOICE_LENGTHS[field.type],
        picklist=tuple(
            each
            if each.default is (each.value == default)
            else replace(each, default=not each.default)
            for each in entries
        ),
        restricted_picklist=given.flag("restricted", False),
        default=default,
        defaulted_on_create=default is not None,
    )
    if field.type == "multipicklist":  # describe tells the visible lines as the precision
        field = revised(field, precision=given.whole("visible_lines", _VISIBLE_LINES, 3, 10))
    if "controller" in given or "valid_for" in given:
        return _dependent(field, given, owner)
    return field


def controlling_values(controller: Field) -> tuple[str, ...]:
    """The values of a controlling field in the order of the bits of `validFor`."""
    if controller.type == "boolean":
        return ("false", "true")
    return tuple(each.value for each in controller.picklist)


def _dependent(field: Field, given: Properties, owner: SObject) -> Field:
    controller = owner.find(given.needed("controller"))
    if controller is None or controller.type not in ("picklist", "boolean"):
        raise ValueError(
            f"{given.owner}: controller names a picklist or checkbox of {owner.name},"
            f" not {given.text('controller')!r}"
        )
    values = controlling_values(controller)
    allowed = _allowed(given, field, values)
    return revised(
        field,
        dependent_picklist=True,
        controller_name=controller.name,
        picklist=tuple(
            replace(each, valid_for=bitmap([values.index(one) for one in allowed[each.value]]))
            for each in field.picklist
        ),
    )


def _allowed(
    given: Properties, field: Field, values: tuple[str, ...]
) -> Mapping[str, Sequence[str]]:
    """The controlling values of each value: `valid_for={"Lyon": ["France"]}`; what is not named goes with none."""
    pairs = given.raw("valid_for")
    if not isinstance(pairs, Mapping):
        raise given.wrong("valid_for", "a mapping of values to lists of controlling values")
    found: dict[str, list[str]] = {each.value: [] for each in field.picklist}
    for value, controllers in pairs.items():
        if isinstance(controllers, str) or not isinstance(controllers, Sequence):
            raise given.wrong("valid_for", "a mapping of values to lists of controlling values")
        named = [str(each).lower() if isinstance(each, bool) else each for each in controllers]
        unknown = [each for each in named if each not in values]
        if value not in found or unknown:
            raise ValueError(
                f"{given.owner}: valid_for names {', '.join(map(str, unknown)) or value},"
                " which is no value of the fields"
            )
        found[value] = named
    return found


def bitmap(places: Sequence[int]) -> str:
    """Bits from the left in base64; recorded ones end with the group of three bytes that has the last bit."""
    size = max(places, default=0) // 24 * 3 + 3
    bits = bytearray(size)
    for place in places:
        bits[place >> 3] |= 0x80 >> (place & 7)
    return b64encode(bytes(bits)).decode()


def is_valid_for(entry: PicklistValue, place: int) -> bool:
    """Whether a value of a dependent picklist goes with the controlling value at this place."""
    if entry.valid_for is None:
        return False
    bits = b64decode(entry.valid_for)
    return place >> 3 < len(bits) and bool(bits[place >> 3] & (0x80 >> (place & 7)))
