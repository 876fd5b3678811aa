"""What a filter of a roll-up summary lets through, on stored values (metadata.md 6.2)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sfmock.schema.filters import NUMBERS
from sfmock.schema.model import Field
from sfmock.store.database import Value
from sfmock.store.fold import fold

Matcher: TypeAlias = Callable[[Value], bool]

_SIZES: Mapping[str, Callable[[Any, Any], bool]] = {
    "lessThan": operator.lt,
    "greaterThan": operator.gt,
    "lessOrEqual": operator.le,
    "greaterOrEqual": operator.ge,
}
_NEGATED = frozenset({"notEqual", "notContain", "excludes"})


def matcher(field: Field, operation: str, text: str) -> Matcher:
    """A test of a detail's value; text is compared without regard to case, empty values are never less or greater."""
    test = _positive(field, operation, text)
    if operation in _NEGATED:
        return lambda value: not test(value)
    return test


def _positive(field: Field, operation: str, text: str) -> Matcher:
    if field.type == "boolean":
        wanted = text == "true"
        return lambda value: bool(value) == wanted
    if field.type == "date" or field.type in NUMBERS:
        return _ordered(
            operation, None if not text else text if field.type == "date" else float(text)
        )
    parts = [fold(each.strip()) for each in text.split(",")]  # any of several
    if field.type == "multipicklist":
        return lambda value: not set(parts).isdisjoint(fold(str(value or "")).split(";"))
    return _textual(operation, parts)


def _ordered(operation: str, wanted: str | float | None) -> Matcher:
    compare = _SIZES.get(operation)
    if compare is None:
        return lambda value: value == wanted
    return lambda value: value is not None and compare(value, wanted)


def _textual(operation: str, parts: list[str]) -> Matcher:
    match operation:
        case "contains" | "notContain":
            return lambda value: any(each in fold(str(value or "")) for each in parts)
        case "startsWith":
            return lambda value: fold(str(value or "")).startswith(tuple(parts))
        case _:
            return lambda value: fold(str(value or "")) in parts
