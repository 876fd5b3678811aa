"""Formulas that are mere literals: the default values of fields are formulas (metadata.md 2.1, 6.2)."""

from __future__ import annotations

import re
from decimal import Decimal

_TEXT = re.compile(r'"([^"\\]*)"|\'([^\'\\]*)\'')
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")


def text_literal(formula: str) -> str | None:
    """The text that a formula like `"new"` or `'new'` is, or None for one that has to be computed."""
    found = _TEXT.fullmatch(formula.strip())
    if found is None:
        return None
    return found[1] if found[1] is not None else found[2]


def number_literal(formula: str) -> float | None:
    """The number that a formula like `-1.5` is, or None for one that has to be computed."""
    return float(formula) if _NUMBER.fullmatch(formula.strip()) else None


def percent_literal(formula: str) -> float | None:
    """The percent that a formula like `0.15` is, 15: formulas write percents as decimals (Help, "Default Field Values")."""
    text = formula.strip()
    return float(Decimal(text) * 100) if _NUMBER.fullmatch(text) else None
