"""Formulas of which only the text is known, or not even that: the field is there, and reading it is refused."""

from __future__ import annotations

from typing import NoReturn

from sfmock.errors import refuse

UNKNOWN_FORMULA = (
    "formulas are not evaluated: reading it is refused, unless formulas={…} gives a Python function"
)
UNKNOWN_SUMMARY = "a describe does not tell what it adds up: reading it is refused, unless formulas={…} gives a Python function"


def unknown(record: object) -> NoReturn:
    """Stands for a function that nobody gave."""
    raise refuse("formulas that are text")
