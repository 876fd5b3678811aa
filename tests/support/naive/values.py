"""Single values: in which order they come, and how a reply writes them (soql.md 8, 11)."""

from __future__ import annotations

from typing import Any

from naive.data import NUMBERS, TEXTS, comparable, fold
from naive.tree import Order


def positions(about: Any) -> dict[str, int]:
    """Where the values of a picklist stand: as defined, inactive ones behind."""
    if about["type"] != "picklist":
        return {}
    ordered = sorted(about["picklistValues"], key=lambda each: not each["active"])
    return {fold(each["value"]): place for place, each in reversed(list(enumerate(ordered)))}


def compare_values(key: Order, kind: str, one: Any, other: Any, places: dict[str, int]) -> int:
    """-1, 0 or 1; nulls come first either way unless NULLS LAST, which references ignore."""
    if one is None or other is None:
        last = key.nulls == "LAST" and kind != "reference"
        sign = (one is not None) - (other is not None)
        return -sign if last else sign
    left, right = comparable(kind, one), comparable(kind, other)
    if places:
        left, right = ((places.get(each, len(places)), each) for each in (left, right))
    sign = int(left > right) - int(left < right)
    return -sign if key.descending else sign


def written(kind: str, value: Any) -> Any:
    """A stored value as JSON has it."""
    if kind == "boolean":
        return bool(value)
    if value is None or kind in TEXTS:
        return value
    return float(value) if kind in NUMBERS - {"int"} else value
