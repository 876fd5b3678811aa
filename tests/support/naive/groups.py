"""Aggregates: rows in groups, subtotals, HAVING, and the order of groups (soql.md 3.1, 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cmp_to_key
from itertools import combinations
from typing import Any, TypeAlias

from naive.conditions import holds, operand_value
from naive.data import Data, Row, comparable
from naive.tree import Call, Item, Operand, Order, Path, Query
from naive.values import compare_values, positions, written

Group: TypeAlias = tuple[tuple[bool, ...], list[Row]]
"""Which of the grouped fields the rows share, and the rows."""


def groups(
    data: Data, sobject: str, rows: list[Row], query: Query, *, deleted: bool
) -> list[dict[str, Any]]:
    """The records of an aggregate query, before LIMIT and OFFSET."""
    found = [
        each
        for kept in _sets(query)
        for each in _grouped(data, sobject, rows, query, kept, deleted)
    ]
    reads = [_Reader(data, sobject, query, kept, members, deleted) for kept, members in found]
    if query.having is not None:
        reads = [each for each in reads if holds(data, each, query.having)]
    plain = [Order(each) for each in query.group]
    for key in reversed([*query.order, *plain]):

        def compare(one: _Reader, other: _Reader, key: Order = key) -> int:
            return one.compare(key, other)

        reads = sorted(reads, key=cmp_to_key(compare))
    return [each.record() for each in reads]


def _sets(query: Query) -> list[tuple[bool, ...]]:
    """Which grouped fields each kind of total keeps."""
    count = len(query.group)
    if query.totals == "ROLLUP":
        return [tuple(place < kept for place in range(count)) for kept in range(count, -1, -1)]
    if query.totals == "CUBE":
        chosen = [
            set(each) for kept in range(count, -1, -1) for each in combinations(range(count), kept)
        ]
        return [tuple(place in each for place in range(count)) for each in chosen]
    return [(True,) * count]


def _grouped(
    data: Data,
    sobject: str,
    rows: list[Row],
    query: Query,
    kept: tuple[bool, ...],
    deleted: bool,
) -> list[Group]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key = []
        for operand, keeps in zip(query.group, kept, strict=True):
            kind, value, _ = operand_value(data, sobject, row, operand, deleted=deleted)
            key.append(comparable(kind, value) if keeps else None)
        found.setdefault(tuple(key), []).append(row)
    if not found and not query.group:
        return [(kept, [])]
    return [(kept, members) for members in found.values()]


class _Reader:
    """Reads operands of one group: what it shares, and what its rows add up to."""

    def __init__(
        self,
        data: Data,
        sobject: str,
        query: Query,
        kept: tuple[bool, ...],
        rows: Sequence[Row],
        deleted: bool,
    ) -> None:
        self._data = data
        self._sobject = sobject
        self._query = query
        self._kept = {str(each): keeps for each, keeps in zip(query.group, kept, strict=True)}
        self._rows = rows
        self._deleted = deleted

    def __call__(self, operand: Operand) -> tuple[str, Any, bool]:
        if isinstance(operand, Call) and operand.name == "GROUPING":
            return "int", int(not self._kept[str(operand.argument)]), False
        if isinstance(operand, Call) and operand.name in _AGGREGATES:
            return self._aggregate(operand)
        kind, value, exact = operand_value(
            self._data, self._sobject, self._rows[0], operand, deleted=self._deleted
        )
        return kind, value if self._kept[str(operand)] else None, exact

    def _aggregate(self, call: Call) -> tuple[str, Any, bool]:
        if call.argument is None:
            return "int", len(self._rows), False
        assert isinstance(call.argument, Path)
        about = self._data.end(self._sobject, call.argument)[1]
        kind = about["type"]
        values = [
            self._data.value(self._sobject, row, call.argument, deleted=self._deleted)
            for row in self._rows
        ]
        values = [each for each in values if each is not None]
        return _AGGREGATES[call.name](kind, values, about)

    def compare(self, key: Order, other: _Reader) -> int:
        """-1, 0 or 1 by one sort key."""
        kind, one, _ = self(key.operand)
        operand = key.operand
        if isinstance(operand, Call) and operand.name in ("MIN", "MAX") and operand.argument:
            operand = operand.argument
        about = self._data.end(self._sobject, operand)[1] if isinstance(operand, Path) else {}
        return compare_values(
            key, kind, one, other(key.operand)[1], positions(about) if about else {}
        )

    def record(self) -> dict[str, Any]:
        """The group as a record of the reply."""
        record: dict[str, Any] = {"attributes": {"type": "AggregateResult"}}
        unnamed = 0
        for item in self._query.select:
            assert isinstance(item, Item)
            name = item.alias
            if name is None and isinstance(item.operand, Path):
                name = item.operand.name
            elif name is None:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            kind, value, _ = self(item.operand)
            empty = value is None  # a checkbox that is not grouped here is null, not false
            record[name] = None if empty else written(kind, value)
        return record


def _least(kind: str, values: list[Any], about: Any, sign: int) -> tuple[str, Any, bool]:
    if not values:
        return kind, None, False
    places = positions(about)

    def compare(one: Any, other: Any) -> int:
        return sign * compare_values(Order(Path((), about["name"])), kind, one, other, places)

    return kind, sorted(values, key=cmp_to_key(compare))[0], False


def _total(kind: str, values: list[Any], about: Any) -> tuple[str, Any, bool]:
    """Numbers are decimal in Salesforce: 0.1 and 0.2 are 0.3."""
    if kind == "int":
        return "int", sum(values) if values else None, False
    return "double", float(sum(Decimal(repr(each)) for each in values)) if values else None, False


_AGGREGATES: dict[str, Callable[[str, list[Any], Any], tuple[str, Any, bool]]] = {
    "COUNT": lambda kind, values, about: ("int", len(values), False),
    "COUNT_DISTINCT": lambda kind, values, about: (
        "int",
        len({comparable(kind, each) for each in values}),
        False,
    ),
    "SUM": _total,
    "AVG": lambda kind, values, about: (
        "double",
        _total(kind, values, about)[1] / len(values) if values else None,
        False,
    ),
    "MIN": lambda kind, values, about: _least(kind, values, about, 1),
    "MAX": lambda kind, values, about: _least(kind, values, about, -1),
}
