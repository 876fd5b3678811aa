"""Which operators a field of a type takes (soql.md 5.1), a row for each type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sfmock.schema.model import REAL_TYPES

_SAME: Final = ("=", "!=", "IN", "NOT IN")
_ORDER: Final = ("<", "<=", ">", ">=")
TEXTS: Final = ("string", "textarea", "picklist", "combobox", "email", "phone", "url")

OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(TEXTS, (*_SAME, *_ORDER, "LIKE")),
    **dict.fromkeys(("int", "long", *sorted(REAL_TYPES)), (*_SAME, *_ORDER)),
    **dict.fromkeys(("date", "datetime", "time"), (*_SAME, *_ORDER)),
    "id": (*_SAME, *_ORDER),
    "reference": _SAME,
    "boolean": _SAME,
    "multipicklist": ("=", "!=", "INCLUDES", "EXCLUDES"),
}
"""By describe's name of the type; the types that are missing take no filter, or DISTANCE alone."""


def takes(kind: str, operator: str) -> bool:
    """Whether fields of a type may stand on the left of an operator."""
    return operator in OPERATORS.get(kind, ())
