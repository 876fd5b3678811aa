"""Filters of roll-up summaries as a test gives them: a field of the detail, an operation, a value (metadata.md 6.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sfmock.errors import refuse
from sfmock.schema.model import REAL_TYPES, Field, SObject

_EQUAL = ("equals", "notEqual")
_SIZES = ("lessThan", "greaterThan", "lessOrEqual", "greaterOrEqual")
_PIECES = ("contains", "notContain", "startsWith")
_CHOSEN = ("includes", "excludes")
NUMBERS = REAL_TYPES | {"int", "long"}
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("string", "textarea", "picklist", "combobox", "email", "phone", "url"), _EQUAL + _PIECES
    ),
    **dict.fromkeys((*NUMBERS, "date"), _EQUAL + _SIZES),
    "multipicklist": _CHOSEN,
    "boolean": _EQUAL,
}
"""The operations of a filter by the type of its field."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def check_filter(
    owner: str, child: SObject, name: str, operation: str, value: object
) -> tuple[str, str, str]:
    """The filter with its field's exact name and the value as text; several texts stand between commas."""
    field = child.find(name.removeprefix(f"{child.name}."))
    if field is None:
        raise ValueError(f"{owner}: {child.name} has no field {name} to filter by")
    if field.formula is not None or field.type not in OPERATIONS or not field.filterable:
        kind = "a formula" if field.formula is not None else f"type {field.type}"
        raise refuse(f"roll-up filters on fields of {kind} ({child.name}.{field.name})")
    allowed = OPERATIONS[field.type]
    if operation not in allowed:
        raise ValueError(
            f"{owner}: a filter on {field.name} ({field.type}) is one of {', '.join(allowed)}, not {operation!r}"
        )
    return field.name, operation, _text(owner, field, operation, value)


def _text(owner: str, field: Field, operation: str, value: object) -> str:
    if field.type == "boolean":
        text = str(value).lower()
        fits = text in ("true", "false")
    elif field.type == "date":
        text = "" if value is None else str(value)
        fits = not isinstance(value, datetime) and _is_date(text)
    elif field.type in NUMBERS:
        text = "" if value is None else str(value)
        fits = not isinstance(value, bool) and _is_number(text)
    else:
        text = "" if value is None else str(value)
        fits = value is None or isinstance(value, str)
    if fits or (text == "" and operation in _EQUAL):  # blank means: has no value
        return text
    raise ValueError(f"{owner}: {value!r} is no value to compare {field.name} ({field.type}) with")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
