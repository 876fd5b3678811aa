"""Values as a query writes them; `at` is where each begins and no part of what it is."""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from sfmock.soql.frozen import node


@node
class Text:
    """A string; behind LIKE it is a pattern in which a backslash escapes `%`, `_` and itself."""

    value: str
    at: int = field(default=0, compare=False)


@node
class Number:
    """A number as written, with its sign."""

    text: str
    at: int = field(default=0, compare=False)


@node
class Boolean:
    """`true` or `false`."""

    value: bool
    at: int = field(default=0, compare=False)


@node
class Null:
    """`null`."""

    at: int = field(default=0, compare=False)


@node
class Date:
    """`2026-11-23`, perhaps a day that does not exist."""

    text: str
    at: int = field(default=0, compare=False)


@node
class DateTime:
    """`2026-11-23T12:00:00Z` or with an offset."""

    text: str
    at: int = field(default=0, compare=False)


@node
class Time:
    """`12:00:00Z`."""

    text: str
    at: int = field(default=0, compare=False)


@node
class DateLiteral:
    """A named range of days such as `LAST_N_DAYS:3`: the name in upper case, None where no number stands behind it."""

    name: str
    count: int | None = None
    at: int = field(default=0, compare=False)


@node
class Currency:
    """`USD5000`: an amount in a currency; the code in upper case."""

    code: str
    amount: str
    at: int = field(default=0, compare=False)


Constant: TypeAlias = (
    Text | Number | Boolean | Null | Date | DateTime | Time | DateLiteral | Currency
)
