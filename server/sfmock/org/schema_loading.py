"""A schema of the user's own, loaded into an org: the package of its sobjects, and the rows that come with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sfmock.org import record_types
from sfmock.org.catalogues import Catalogues
from sfmock.schema.load.loaded import Loaded, Row
from sfmock.schema.load.report import LeftOutError, LoadReport
from sfmock.schema.model import SObject

_AUTHORS = ("CreatedById", "LastModifiedById")
Functions: TypeAlias = Mapping[str, Callable[..., Any]]
"""Python functions by the formula fields that they compute, as `Invoice__c.Overdue__c`."""


class Rows(record_types.Rows, Protocol):
    """What keeps the rows: the org's records."""

    def reload(self, sobject: SObject, rows: Iterable[Mapping[str, object]]) -> None:
        """Take rows over in the place of all that are there."""


def load_schema(
    catalogues: Catalogues, sources: Sequence[str | Path], formulas: Functions, *, strict: bool
) -> Loaded:
    """Read sources, from the cache where they are there; raises LeftOutError if a strict load left something out."""
    from sfmock.schema.load.loading import load_sources  # few orgs load anything

    loaded = load_sources(sources, catalogues.current)
    report = _without(loaded.report, formulas)
    if strict and report.behaviour:
        raise LeftOutError(report)
    return replace(loaded, report=report)


def put_rows(catalogues: Catalogues, rows: Rows, loaded: Loaded, user_id: str | None) -> None:
    """Insert the rows that come with a schema; those of status tables take the place of the ones that are there."""
    for name, new in loaded.replaced.items():
        sobject = _found(catalogues, name)
        rows.reload(sobject, _signed(sobject, new, user_id))
    for name, new in loaded.added.items():
        sobject = _found(catalogues, name)
        rows.load(sobject, _signed(sobject, new, user_id))


def numbers(catalogues: Catalogues, formulas: Functions) -> dict[int, Callable[..., Any]]:
    """The functions by the numbers of their fields; raises ValueError for one that is no formula known by its text."""
    places = {
        f"{owner}.{field}".lower(): number
        for number, (owner, field) in catalogues.current.package.formulas.items()
    }
    for name, function in formulas.items():
        if not callable(function):
            raise TypeError(f"the formula of {name} is a function, not {function!r}")
    unknown = [name for name in formulas if name.lower() not in places]
    if unknown:
        known = ", ".join(
            sorted(f"{a}.{b}" for a, b in catalogues.current.package.formulas.values())
        )
        raise ValueError(
            f"no formula was loaded for {', '.join(unknown)}; those that were: {known or 'none'}"
        )
    return {places[name.lower()]: function for name, function in formulas.items()}


def _without(report: LoadReport, formulas: Functions) -> LoadReport:
    """The report without the formulas that have a function."""
    given = {f"{name}: formula".lower() for name in formulas}
    left_out = tuple(each for each in report.left_out if each.element.lower() not in given)
    return replace(report, left_out=left_out)


def _signed(sobject: SObject, rows: Iterable[Row], user_id: str | None) -> Iterator[Row]:
    """The rows with the user who made them, where the sobject keeps that."""
    stamp = {name: user_id for name in _AUTHORS if user_id and sobject.find(name)}
    return ({**stamp, **row} for row in rows)


def _found(catalogues: Catalogues, name: str) -> SObject:
    sobject = catalogues.current.find(name)
    if sobject is None:
        raise KeyError(f"the org has no sobject {name!r}")
    return sobject
