"""Added sobjects by the kind that their names tell: what makes each, under which key prefix, with which companions."""

from __future__ import annotations

from collections.abc import Container

from sfmock.ids import ALPHABET
from sfmock.schema import companions
from sfmock.schema.custom_object import ObjectOptions, custom_object, custom_setting
from sfmock.schema.kinds import EVENT_FIELD_TYPES, KINDS, kind_of
from sfmock.schema.model import SObject
from sfmock.schema.names import check_object_name


def make_object(name: str, options: ObjectOptions, taken: Container[str]) -> SObject:
    """A new sobject without custom fields; `taken` are the key prefixes of the others."""
    suffix = check_object_name(name)
    if suffix in KINDS:
        letter, make = KINDS[suffix]
        return make(name, options, next_prefix(letter, taken))
    make = custom_object if options.custom_setting is None else custom_setting
    return make(name, options, next_prefix("a", taken))


def next_prefix(letter: str, taken: Container[str]) -> str:
    """The key prefix of a new sobject: they follow the order of creation (metadata.md 1.1)."""
    for number in range(62 * 62):
        prefix = f"{letter}{ALPHABET[number // 62]}{ALPHABET[number % 62]}"
        if prefix not in taken:
            return prefix
    raise ValueError(f"there are no more key prefixes that start with {letter}")


def wanted_companions(owner: SObject, options: ObjectOptions | None) -> list[str]:
    """The kinds of companions that an sobject should have and has not; without options it was there before."""
    if not owner.custom or kind_of(owner.name) != "c" or owner.custom_setting:
        return []
    wanted = []
    if any(each.track_history for each in owner.fields) or (options and options.enable_history):
        wanted.append("History")
    if options is not None and companions.has_shares(owner):
        wanted.append("Share")
    if options is not None and options.enable_feeds:
        wanted.append("Feed")
    present = {each.name for each in owner.children}
    return [kind for kind in wanted if companions.RELATIONSHIPS[kind] not in present]


def check_type(owner: SObject, name: str, type_: str) -> None:
    """Raise ValueError for a field that sobjects of this kind do not have: events take few types."""
    if kind_of(owner.name) == "e" and owner.custom and type_ not in EVENT_FIELD_TYPES:
        allowed = ", ".join(sorted(EVENT_FIELD_TYPES))
        raise ValueError(f"{owner.name}.{name}: fields of platform events are {allowed}")
