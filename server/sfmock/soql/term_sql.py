"""Terms as SQL: how a value is read, and how it is compared (engine.md 4, 5)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sfmock.schema.model import REAL_TYPES, VIEW_DATES, Field, SObject
from sfmock.soql.nodes import DateLiteral
from sfmock.soql.terms import (
    Aggregate,
    Column,
    DatePart,
    Distance,
    Grouping,
    NameField,
    Term,
    name_source,
    same,
)
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote, shadow

_ARCHIVED = frozenset({"Event", "Task"})
"""Sobjects whose archived rows are seen by `/queryAll` alone (metadata.md 4.8)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A parameter that depends on the clock: the start or the end of a named range of days."""

    literal: DateLiteral
    last: bool
    datetimes: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """A parameter that is the id of the user who asks."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A parameter that is the time zone of the user who asks."""


Parameter: TypeAlias = "Value | Edge | Caller | Zone"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of SQL with its parameters, how deep it nests, and the word that joins it if it is a chain."""

    sql: str
    parameters: tuple[Parameter, ...] = ()
    depth: int = 0
    word: str = ""

    @property
    def weeks(self) -> bool:
        """Whether any range of days counts in weeks: which day they begin on is a matter of locale."""
        return any(
            isinstance(each, Edge) and "WEEK" in each.literal.name for each in self.parameters
        )

    def inside(self, word: str, *, first: bool) -> str:
        """The SQL as an operand of AND or OR, in parentheses only where SQLite would read it otherwise."""
        binds_less = word == "AND" and self.word == "OR"
        would_unbalance = self.word == word and not first
        return f"({self.sql})" if binds_less or would_unbalance else self.sql


def bound(value: Parameter) -> Part:
    """A value as a parameter."""
    return Part("?", (value,))


def compose(template: str, *parts: Part, depth: int = 0) -> Part:
    """SQL with other pieces in the places of `{}`, each with its parameters."""
    return Part(
        template.format(*(each.sql for each in parts)),
        tuple(value for each in parts for value in each.parameters),
        max([depth, *(each.depth + 1 for each in parts if each.depth)]),
    )


def joined(parts: Sequence[Part]) -> Part:
    """Pieces in a list with commas."""
    return compose(", ".join("{}" for _ in parts), *parts)


_MONTH, _DAY = "CAST(substr({0}, 6, 2) AS INTEGER)", "CAST(substr({0}, 9, 2) AS INTEGER)"
_YEAR = "CAST(substr({0}, 1, 4) AS INTEGER)"
_OF_YEAR = "CAST(strftime('%j', substr({0}, 1, 10)) AS INTEGER)"
# The fiscal year is the calendar year: FiscalYearStartMonth is 1 in every org of ours.
_PARTS = {
    "CALENDAR_MONTH": _MONTH,
    "CALENDAR_QUARTER": f"({_MONTH} + 2) / 3",
    "CALENDAR_YEAR": _YEAR,
    "DAY_IN_MONTH": _DAY,
    "DAY_IN_WEEK": "CAST(strftime('%w', substr({0}, 1, 10)) AS INTEGER) + 1",
    "DAY_IN_YEAR": _OF_YEAR,
    "DAY_ONLY": "substr({0}, 1, 10)",
    "FISCAL_MONTH": _MONTH,
    "FISCAL_QUARTER": f"({_MONTH} + 2) / 3",
    "FISCAL_YEAR": _YEAR,
    "HOUR_IN_DAY": "CAST(substr({0}, 12, 2) AS INTEGER)",
    "WEEK_IN_MONTH": f"({_DAY} - 1) / 7 + 1",
    "WEEK_IN_YEAR": f"({_OF_YEAR} - 1) / 7 + 1",
}


class Terms:
    """Writes terms; deleted parents are hidden unless `all_rows`, and of `Name` only sobjects in `present` have rows."""

    def __init__(self, *, all_rows: bool, present: Container[str] = ()) -> None:
        self.all_rows = all_rows
        self._present = present
        self._rows: Terms = self
        self._rolled: dict[int, Term] = {}
        self._kept: list[Term] = []

    def rolling(self, items: Iterable[Term], rolled: Iterable[bool]) -> Terms:
        """The same for groups that add up over some entries of GROUP BY: these are null, but not in aggregates."""
        found = Terms(all_rows=self.all_rows, present=self._present)
        found._rows = self
        pairs = list(zip(items, rolled, strict=True))
        found._rolled = {place: item for place, (item, rolls) in enumerate(pairs) if rolls}
        found._kept = [item for item, rolls in pairs if not rolls]
        return found

    def raw(self, term: Term) -> Part:
        """The value as it was written; a formula is computed by the org (`sfmock.org.formulas`).

        For dates of views it is what the caller's own view says, if there is one.
        """
        if self._is_rolled(term):
            return Part("NULL")
        match term:
            case Column(table, field):
                return Part(_raw(table, field))
            case NameField():
                return self._name_field(term, folded=False)
            case DatePart():
                return self._date_part(term)
            case Aggregate():
                return self._aggregate(term)
            case Grouping(place):
                return Part("1" if place in self._rolled else "0")
            case Distance():
                places = [self.raw(each) for each in (term.latitude, term.longitude)]
                return compose(
                    "sf_distance({}, {}, {}, {}, {})",
                    *places, *map(bound, term.origin), bound(term.unit),
                )  # fmt: skip

    def comparable(self, term: Term) -> Part:
        """The value as it is compared and sorted: folded text, booleans without null."""
        if self._is_rolled(term):
            return Part("NULL")
        if isinstance(term, Column):
            return Part(_comparable(term))
        if isinstance(term, Aggregate):
            return compose("sf_fold({})", self.raw(term)) if shadow(term.field) else self.raw(term)
        if isinstance(term, NameField) and shadow(term.field):
            return self._name_field(term, folded=True)
        found = self.raw(term)
        return compose("COALESCE({}, 0)", found) if term.field.type == "boolean" else found

    def exact(self, term: Term) -> Part:
        """The value as `=`, IN and GROUP BY tell it from others: fields marked case-sensitive as written."""
        return self.raw(term) if is_exact(term.field) else self.comparable(term)

    def alive(self, sobject: SObject, table: str) -> str:
        """What is true of the rows that the query may see; empty where it is true of all."""
        if self.all_rows:
            return ""
        hiding = ["IsDeleted"] if sobject.soft_delete else []
        if sobject.name in _ARCHIVED and sobject.find("IsArchived") is not None:
            hiding.append("IsArchived")
        return " AND ".join(f'{table}."{name}" IS NOT 1' for name in hiding)

    def _date_part(self, term: DatePart) -> Part:
        grouped = any(same(term, each) for each in self._kept)  # whatever becomes of its date
        found = (self._rows if grouped else self).raw(term.column)
        if term.local:
            found = compose("sf_local({}, {})", found, bound(Zone()))
        template = _PARTS[term.function]
        return compose(f"({template.replace('{0}', '{}')})", *([found] * template.count("{0}")))

    def positions(self, field: Field, text: Part) -> Part | None:
        """Where a picklist value stands in its definition, for others behind all; None for other types."""
        values = _positions(field)
        if not values:
            return None
        cases = " ".join(f"WHEN ? THEN {position}" for position in range(len(values)))
        unknown = compose(f"CASE WHEN {{}} IS NOT NULL THEN {len(values)} END", text)
        return Part(
            f"CASE {text.sql} {cases} ELSE {unknown.sql} END",
            (*text.parameters, *values, *unknown.parameters),
        )

    def _is_rolled(self, term: Term) -> bool:
        return any(same(term, each) for each in self._rolled.values())

    def _aggregate(self, term: Aggregate) -> Part:
        raw = self._rows.raw(term.argument)
        match term.function:
            case "COUNT_DISTINCT":
                return compose("COUNT(DISTINCT {})", self._rows.comparable(term.argument))
            case "MIN" | "MAX" if shadow(term.argument.field):
                return self._least_text(term, raw)
            case "SUM" if term.argument.field.type in REAL_TYPES:
                return _total(raw, term.argument.field.scale)
            case "AVG" if term.argument.field.type in REAL_TYPES:
                return compose("({} / COUNT({}))", _total(raw, term.argument.field.scale), raw)
            case name:
                return compose(f"{name}({{}})", raw)

    def _least_text(self, term: Aggregate, raw: Part) -> Part:
        """The first or last text: compared folded, answered as written, both in one text of known lengths.

        Folding keeps lengths, so behind the rank (6 digits) stand two texts of the same length with a mark between.
        """
        folded = self._rows.comparable(term.argument)
        rank = self.positions(term.argument.field, folded) or Part("0")
        packed = compose("printf('%06d', {}) || {} || char(1) || {}", rank, folded, raw)
        least = compose(f"{term.function}(CASE WHEN {{}} IS NOT NULL THEN {{}} END)", raw, packed)
        return compose("substr({}, (length({}) + 9) / 2)", least, least)

    def _name_field(self, term: NameField, *, folded: bool) -> Part:
        reference = _raw(term.table, term.reference)
        cases: list[str] = []
        for target in term.targets:
            shown = self._shown(term.field, target, folded=folded)
            if shown and target.name in self._present:
                alive = self.alive(target, "n")
                where = f'n."Id" = {reference}' + (f" AND {alive}" if alive else "")
                cases.append(
                    f"WHEN '{target.id_prefix}'"
                    f" THEN (SELECT {shown} FROM {quote(target.name)} n WHERE {where})"
                )
        return Part(f"CASE substr({reference}, 1, 3) {' '.join(cases)} END" if cases else "NULL")

    def _shown(self, field: Field, target: SObject, *, folded: bool) -> str | None:
        """The column of a target that a field of `Name` shows, None where it has none."""
        if field.name == "Type":
            return f"'{fold(target.name) if folded else target.name}'"
        source = name_source(field, target)
        if source is None:
            return None
        hidden = shadow(source) if folded else None
        return f"n.{quote(hidden or source.name)}"


def _total(raw: Part, scale: int) -> Part:
    """A sum as of decimal numbers, which Salesforce adds up: 0.1 and 0.2 are 0.3, whatever the order of the rows.

    A double holds 15 digits for sure; where the field's decimals go beyond these, they are what is kept.
    """
    rounded = (
        f"CASE WHEN ABS(SUM({{}})) < 1e{max(0, 15 - scale)} THEN CAST(printf('%.15g', SUM({{}})) AS REAL)"
        f" ELSE ROUND(SUM({{}}), {scale}) END"
    )
    template = (
        f"CASE WHEN SUM({{}}) != CAST(SUM({{}}) AS INTEGER) THEN {rounded} ELSE SUM({{}}) END"
    )
    return compose(template, *[raw] * 6)


def is_exact(field: Field) -> bool:
    """Whether letters of either case are different in a field."""
    return field.is_text and field.case_sensitive


def _raw(table: int, field: Field) -> str:
    if field.formula is not None:
        return f'sf_formula({field.formula}, t{table}."Id")'
    name = f"t{table}.{quote(field.name)}"
    return f"COALESCE({views(table)}.Viewed, {name})" if field.name in VIEW_DATES else name


def _comparable(column: Column) -> str:
    name = _raw(column.table, column.field)
    folded = shadow(column.field)
    if folded is not None and column.field.formula is not None:
        return f"sf_fold({name})"
    if folded is not None:
        return f"t{column.table}.{quote(folded)}"
    return f"COALESCE({name}, 0)" if column.field.type == "boolean" else name


def views(table: int) -> str:
    """The alias under which the caller's view of a table's row is joined, where a query needs it."""
    return f"v{table}"


def _positions(field: Field) -> tuple[str, ...]:
    """Picklist values in sort order, folded: as defined, inactive ones behind."""
    if field.type != "picklist":
        return ()
    ordered = sorted(field.picklist, key=lambda each: not each.active)
    return tuple(dict.fromkeys([fold(each.value) for each in ordered]))
