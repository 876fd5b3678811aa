"""Queries with holes: values that a program puts in when it runs, and what may stand for them while the query is checked."""

from __future__ import annotations

import re
from typing import Final

from sfmock.cli.literals import Text

_NAMED = r"\$?\{[^{}']*\}|%\(\w+\)[sdr]|%[sdr](?![A-Za-z])|\$\w+"
_INNER: Final = re.compile(_NAMED)
_HOLE: Final = re.compile(rf"(?P<string>'(?:[^'\\]|\\.)*')|{_NAMED}|:[A-Za-z_][\w.]*|\?", re.DOTALL)
_ANY_ID: Final = "000000000000000AAA"
_VALUES: Final = (
    (re.compile(r"\b(LIMIT|OFFSET)\s*$", re.IGNORECASE), "1"),
    (re.compile(r"\bIN\s*$", re.IGNORECASE), "(null)"),
    (
        re.compile(r"([=<>]|\bLIKE\b|\b(IN|INCLUDES|EXCLUDES)\s*\(([^()]*,)?)\s*$", re.IGNORECASE),
        "null",
    ),
)
"""What stands before a hole, and what may stand in it."""


def filled(text: Text) -> Text | None:
    """The query with a value in each hole; None where a hole is more than a value: a name, a list, a condition."""
    made = Text()
    at = 0
    for hole in _HOLE.finditer(text.value):
        _copy(text, made, at, hole.start())
        if hole["string"] is not None:
            _fill_string(text, made, hole.start(), hole.end())
        else:
            value = next((value for before, value in _VALUES if before.search(made.value)), None)
            if value is None:
                return None
            made.add(value, text.place(hole.start()))
        at = hole.end()
    _copy(text, made, at, len(text.value))
    return made


def _copy(text: Text, made: Text, start: int, end: int) -> None:
    made.value += text.value[start:end]
    made.places += text.places[start:end]


def _fill_string(text: Text, made: Text, start: int, end: int) -> None:
    """A string: one that is a hole alone may be an id, which is right for every field that takes a string."""
    body = text.value[start + 1 : end - 1]
    value = _ANY_ID if _INNER.fullmatch(body) else "0"
    at = start
    for hole in _INNER.finditer(body):
        _copy(text, made, at, start + 1 + hole.start())
        made.add(value, text.place(start + 1 + hole.start()))
        at = start + 1 + hole.end()
    _copy(text, made, at, end)
