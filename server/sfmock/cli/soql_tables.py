"""What the code's own tables say of SOQL: functions, operators and aggregates by type, date literals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sfmock.cli import tables
from sfmock.soql.dates import COUNTED, PLAIN, day_range
from sfmock.soql.functions import FUNCTIONS, Family
from sfmock.soql.grouping import adds_up
from sfmock.soql.nodes import DateLiteral
from sfmock.soql.operators import OPERATORS
from sfmock.soql.shown import FORMATTED

_DAY: Final = date(2026, 11, 23)
"""A Monday: the day for which date literals are shown."""
_COUNT: Final = 2
_STANDS: Final[Mapping[Family, str]] = {
    Family.AGGREGATE: "the select list, HAVING, ORDER BY of groups",
    Family.DATE: "WHERE, GROUP BY, HAVING, ORDER BY; the select list where it is grouped",
    Family.LABEL: "the select list; WHERE with =, !=, IN, NOT IN",
    Family.FORMAT: f"the select list, of {', '.join(sorted(FORMATTED))}",
    Family.CURRENCY: "the select list",
    Family.TIMEZONE: "date functions",
    Family.GROUPING: "the select list, HAVING and ORDER BY of ROLLUP and CUBE",
    Family.FIELDS: "the select list",
}


def functions() -> list[tables.Row]:
    """Each function and where it may stand; DISTANCE, whose arguments are its own, comes last."""
    return [
        ("function", "stands in"),
        *((each.name, _STANDS[each.family]) for each in FUNCTIONS.values()),
        ("DISTANCE", "WHERE with < and >, ORDER BY; the select list with an alias"),
    ]


def types() -> list[tables.Row]:
    """Each type that takes filters, its operators, and the aggregate functions that take it."""
    aggregates = [each.name for each in FUNCTIONS.values() if each.family is Family.AGGREGATE]
    return [
        ("type", "operators", "aggregates"),
        *(
            (
                kind,
                ", ".join(operators),
                ", ".join(each for each in aggregates if adds_up(each, kind)),
            )
            for kind, operators in OPERATORS.items()
        ),
    ]


def date_literals() -> list[tables.Row]:
    """Each date literal and its first and last day, seen from a Monday; those with a number have 2."""
    names = [*PLAIN, *(f"{name}:{_COUNT}" for name in COUNTED)]
    return [(f"on {_DAY}", "first day", "last day"), *(_range(each) for each in names)]


def everything() -> str:
    """All of them as Markdown."""
    found = (functions(), types(), date_literals())
    return "\n\n".join(tables.markdown(each, prose=("stands in",)) for each in found)


def _range(name: str) -> tables.Row:
    literal, _, count = name.partition(":")
    found = day_range(DateLiteral(literal, int(count) if count else None), _DAY)
    return name, str(found.start), str(found.end - timedelta(days=1))
