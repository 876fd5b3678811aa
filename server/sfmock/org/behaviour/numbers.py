"""Auto-numbers of standard objects: a series each, counted in the org's database (metadata.md 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject


@dataclass(frozen=True, slots=True)
class Series:
    """The field that shows the number, how many digits it is padded to, and the number before the first."""

    field: str
    width: int = 8
    before_first: int = 0


SERIES: Mapping[str, Series] = {
    "Case": Series("CaseNumber", before_first=999),
    "Contract": Series("ContractNumber", before_first=99),
    "Order": Series("OrderNumber", before_first=99),
    "OrderItem": Series("OrderItemNumber", width=10),
    "Quote": Series("QuoteNumber"),
    "QuoteLineItem": Series("LineNumber"),
    "Solution": Series("SolutionNumber"),
}
"""The numbers of a new org: its first case is 00001000, its first contract 00000100, its first quote 00000001."""


def give(draft: Draft) -> None:
    """Number a new row."""
    if draft.creating:
        sobject = draft.plan.sobject.name
        series = SERIES[sobject]
        number = draft.sequences.next(_name(sobject, series), after=series.before_first)
        draft.values[series.field] = f"{number:0{series.width}d}"


def keep(sequences: Sequences, sobject: str, row: Row) -> None:
    """Take note of the number that a row was given elsewhere: the series goes on behind it."""
    series = SERIES.get(sobject)
    number = "" if series is None else str(row.get(series.field, ""))
    if series is not None and number.isdecimal():
        sequences.skip(_name(sobject, series), int(number), after=series.before_first)


def go_on(store: Store, sequences: Sequences, sobject: SObject) -> None:
    """Let the series go on behind the first rows of a table."""
    series = SERIES.get(sobject.name)
    if series is not None:
        last = store.db.value(f'SELECT max("{series.field}") FROM "{sobject.name}"')
        keep(sequences, sobject.name, {series.field: last})


def _name(sobject: str, series: Series) -> str:
    return f"{sobject}.{series.field}"
