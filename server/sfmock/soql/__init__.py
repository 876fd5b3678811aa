"""SOQL by itself: `parse` gives typed nodes, `format` canonical text, `check` errors as data."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfmock.soql.checker import Problem, check
    from sfmock.soql.formatter import format_query as format  # noqa: A004 - Python's own is not used here
    from sfmock.soql.parser import parse

__all__ = ["Problem", "check", "format", "parse"]

_HOMES = {
    "Problem": ("sfmock.soql.checker", "Problem"),
    "check": ("sfmock.soql.checker", "check"),
    "format": ("sfmock.soql.formatter", "format_query"),
    "parse": ("sfmock.soql.parser", "parse"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, its_name = _HOMES[name]
    return getattr(import_module(home), its_name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
