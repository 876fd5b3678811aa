"""What `toLabel` and `FORMAT` show of a value (soql.md 3, 11); FORMAT as a user of the locale en_US sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Final

from sfmock.schema.model import Field
from sfmock.soql import plan
from sfmock.store.database import Value

FORMATTED: Final = frozenset({"currency", "date", "datetime", "int"})
"""The types whose text is known."""


def show(leaf: plan.Leaf, zone: tzinfo) -> Callable[[Value], str]:
    """The function that makes a stored value what the leaf shows."""
    if leaf.shown == "label":
        return _labels(leaf.field)
    match leaf.field.type:
        case "currency":
            return _currency
        case "date":
            return lambda value: _day(date.fromisoformat(str(value)))
        case "datetime":
            return lambda value: _moment(datetime.fromisoformat(str(value)).astimezone(zone))
        case _:
            return lambda value: f"{value:,}"


def _labels(field: Field) -> Callable[[Value], str]:
    labels = {each.value: each.label for each in field.picklist}

    def label(value: Value) -> str:
        return ";".join(labels.get(each, each) for each in str(value).split(";"))

    return label


def _currency(value: Value) -> str:
    amount = float(value or 0)
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def _day(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {moment:%I:%M %p}".replace(", 0", ", ")
