"""The functions of SOQL, a row each: how Salesforce spells it and what kind it is (soql.md 2, 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Family(Enum):
    """What a function does, so what may stand inside it and where it may stand."""

    AGGREGATE = "aggregate"
    DATE = "date"
    LABEL = "label"
    FORMAT = "format"
    CURRENCY = "currency"
    TIMEZONE = "timezone"
    GROUPING = "grouping"
    FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the table."""

    name: str
    family: Family


_NAMES: Mapping[Family, str] = {
    Family.AGGREGATE: "AVG MIN MAX SUM COUNT COUNT_DISTINCT",
    Family.DATE: "CALENDAR_MONTH CALENDAR_QUARTER CALENDAR_YEAR DAY_IN_MONTH DAY_IN_WEEK DAY_IN_YEAR DAY_ONLY"
    " FISCAL_MONTH FISCAL_QUARTER FISCAL_YEAR HOUR_IN_DAY WEEK_IN_MONTH WEEK_IN_YEAR",
    Family.LABEL: "toLabel",
    Family.FORMAT: "FORMAT",
    Family.CURRENCY: "convertCurrency",
    Family.TIMEZONE: "convertTimezone",
    Family.GROUPING: "GROUPING",
    Family.FIELDS: "FIELDS",
}
FUNCTIONS: Final[Mapping[str, Known]] = {
    name.upper(): Known(name, family) for family, names in _NAMES.items() for name in names.split()
}
"""By name in upper case. Any other name may be called, too: it is refused once the syntax has proved right."""


def spelled(name: str) -> str:
    """A function's name in Salesforce's spelling; an unknown one as it is."""
    known = FUNCTIONS.get(name.upper())
    return name if known is None else known.name
