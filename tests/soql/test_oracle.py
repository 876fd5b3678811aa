"""WHERE and ORDER BY against a naive evaluator: random conditions over typed rows, the same rows in the same order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfmock.schema.model import Field, PicklistValue, SObject
from soql_dataset import World

Row: TypeAlias = dict[str, Any]

KINDS = ("Zeta", "alpha", "Mid")
TEXTS = (None, "a", "A", "b", "AB", "a_b", "a%b", "a\\b", "É", "é", "ß", "SS", "_", "0", "İ", "zz'")
NUMBERS = (None, 0.0, -1.5, 1.0, 2.0, 1e7, 0.1, 9007199254740993.0)
DAYS = (None, "2026-11-22", "2026-11-23", "2026-11-24", "1999-12-31")
MOMENTS = (
    None,
    "2026-11-23T00:00:00.000+0000",
    "2026-11-23T07:59:59.000+0000",
    "2026-11-23T08:00:00.000+0000",
)
FIELDS = {
    "Name": "string", "Code__c": "string", "Real__c": "double", "Whole__c": "int", "Flag__c": "boolean",
    "Day__c": "date", "Moment__c": "datetime", "Kind__c": "picklist", "Boss__c": "reference",
}  # fmt: skip
PATHS = ("", "Boss__r.", "Boss__r.Boss__r.")


def _thing() -> SObject:
    fields = [Field("Id", "Id", "id")]
    for name, kind in FIELDS.items():
        fields.append(
            Field(
                name,
                name,
                kind,
                case_sensitive=name == "Code__c",
                picklist=tuple([PicklistValue(each, each) for each in KINDS])
                if kind == "picklist"
                else (),
                reference_to=("Thing__c",) if kind == "reference" else (),
                relationship_name="Boss__r" if kind == "reference" else None,
            )
        )
    return SObject("Thing__c", "Thing", "Things", "a99", tuple(fields), custom=True)


def _id(number: int) -> str:
    return f"a995gQ0000000{number:02}ABA"


def _rows() -> list[Row]:
    """Rows that mix all values; the steps share no factor with the lengths, so every value meets every other kind."""
    rows: list[Row] = []
    for number in range(64):
        row: Row = {
            "Id": _id(number),
            "Name": TEXTS[number % len(TEXTS)],
            "Code__c": TEXTS[(number * 5 + 3) % len(TEXTS)],
            "Real__c": NUMBERS[(number * 3 + number // 8) % len(NUMBERS)],
            "Whole__c": (None, -3, 0, 2, 2**53 + 1)[number % 5],
            "Flag__c": number % 3 == 0,
            "Day__c": DAYS[(number // 2) % len(DAYS)],
            "Moment__c": MOMENTS[(number // 3) % len(MOMENTS)],
            "Kind__c": (None, *KINDS, "Gone", "ALPHA")[(number // 5) % 6],
            "Boss__c": None if number % 4 == 0 else _id((number * 7) % 64),
        }
        rows.append(row)
    return rows


ROWS = _rows()
BY_ID = {row["Id"]: row for row in ROWS}


@dataclass(frozen=True)
class Test:
    """A condition as text and as what it means."""

    __test__ = False
    text: str
    holds: Callable[[Row], bool]
    single: bool = True


def _value(row: Row, path: str) -> Any:
    *steps, name = path.split(".")
    current: Row | None = row
    for _ in steps:
        current = (
            None if current is None or current["Boss__c"] is None else BY_ID[current["Boss__c"]]
        )
    if current is None:
        return False if FIELDS.get(name) == "boolean" else None
    return current[name]


def _fold(text: str) -> str:
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def _comparable(path: str, value: Any) -> Any:
    name = path.rpartition(".")[2]
    folds = FIELDS.get(name) in ("string", "picklist")
    return _fold(value) if folds and isinstance(value, str) else value


def _exact(path: str, value: Any) -> Any:
    return value if path.endswith("Code__c") else _comparable(path, value)


def _quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _literal(name: str, value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, int):
        return str(value)
    return (
        value.replace(".000+0000", "Z")
        if FIELDS.get(name) in ("date", "datetime")
        else _quote(value)
    )


def _compare(operator: str, path: str, literal: Any) -> Callable[[Row], bool]:
    def holds(row: Row) -> bool:
        found = _value(row, path)
        if operator in ("=", "!="):
            if path.endswith("Flag__c"):
                return (bool(found) == bool(literal)) == (operator == "=")
            return bool(_exact(path, found) == _exact(path, literal)) == (operator == "=")
        if found is None:
            return False
        left, right = _comparable(path, found), _comparable(path, literal)
        order = int(left > right) - int(left < right)
        return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]

    return holds


def _among(path: str, literals: tuple[Any, ...], negated: bool) -> Callable[[Row], bool]:
    def holds(row: Row) -> bool:
        found = _value(row, path)
        listed = [_exact(path, each) for each in literals]
        if path.endswith("Flag__c"):
            found, listed = bool(found), [bool(each) for each in listed]
        return (_exact(path, found) in listed) != negated

    return holds


def _matches(path: str, pattern: str) -> Callable[[Row], bool]:
    tokens = re.findall(r"\\.|.", _fold(pattern), re.DOTALL)
    wild = {"%": ".*", "_": "."}
    regex = re.compile("".join(wild.get(each) or re.escape(each[-1]) for each in tokens), re.DOTALL)

    def holds(row: Row) -> bool:
        found = _value(row, path)
        return found is not None and regex.fullmatch(_fold(found)) is not None

    return holds


def _known(name: str) -> tuple[Any, ...]:
    return tuple(dict.fromkeys([row[name] for row in ROWS]))


@st.composite
def comparisons(draw: st.DrawFn) -> Test:
    name = draw(st.sampled_from(tuple(FIELDS)))
    path = draw(st.sampled_from(PATHS)) + name
    value = draw(st.sampled_from(_known(name)))
    ordered = value is not None and name not in ("Flag__c", "Boss__c")
    operators = ("=", "!=", "<", "<=", ">", ">=") if ordered else ("=", "!=")
    operator = draw(st.sampled_from(operators))
    return Test(f"{path} {operator} {_literal(name, value)}", _compare(operator, path, value))


@st.composite
def memberships(draw: st.DrawFn) -> Test:
    name = draw(st.sampled_from(tuple(FIELDS)))
    path = draw(st.sampled_from(PATHS)) + name
    values = tuple(draw(st.lists(st.sampled_from(_known(name)), min_size=1, max_size=4)))
    negated = draw(st.booleans())
    listed = ", ".join(_literal(name, each) for each in values)
    return Test(f"{path} {'NOT ' if negated else ''}IN ({listed})", _among(path, values, negated))


@st.composite
def likes(draw: st.DrawFn) -> Test:
    path = draw(st.sampled_from(PATHS)) + draw(st.sampled_from(("Name", "Code__c", "Kind__c")))
    pieces = st.sampled_from(("%", "_", "a", "B", "é", "ß", "\\%", "\\_", "\\\\", "l", "z"))
    pattern = "".join(draw(st.lists(pieces, min_size=1, max_size=4)))
    return Test(f"{path} LIKE '{pattern}'", _matches(path, pattern))


def _negate(item: Test) -> Test:
    return Test(f"NOT ({item.text})", lambda row: not item.holds(row), single=False)


def _join(items: list[Test], word: str) -> Test:
    parts = [each.text if each.single else f"({each.text})" for each in items]
    if word == "AND":
        return Test(" AND ".join(parts), lambda row: all(each.holds(row) for each in items), False)
    return Test(" OR ".join(parts), lambda row: any(each.holds(row) for each in items), False)


def _combined(inner: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(inner.map(_negate), st.builds(_join, several, st.sampled_from(("AND", "OR"))))


CONDITIONS = st.recursive(st.one_of(comparisons(), memberships(), likes()), _combined, max_leaves=6)
ORDERS = st.lists(
    st.tuples(
        st.builds("".join, st.tuples(st.sampled_from(PATHS), st.sampled_from((*FIELDS, "Id")))),
        st.sampled_from(("", " ASC", " DESC")),
        st.sampled_from(("", " NULLS FIRST", " NULLS LAST")),
    ),
    max_size=3,
)


def _sort_key(path: str, value: Any) -> Any:
    if path.endswith("Kind__c"):
        places = {_fold(each): place for place, each in enumerate(KINDS)}
        return (places.get(_fold(value), len(places)), _fold(value))
    return _comparable(path, value)


def _sorted(rows: list[Row], order: list[tuple[str, str, str]]) -> list[Row]:
    rows = sorted(rows, key=lambda row: row["Id"])
    for path, direction, nulls in reversed(order):
        filled = [row for row in rows if _value(row, path) is not None]
        empty = [row for row in rows if _value(row, path) is None]
        filled.sort(
            key=lambda row: _sort_key(path, _value(row, path)), reverse=direction == " DESC"
        )
        last = nulls == " NULLS LAST" and not path.endswith("Boss__c")
        rows = filled + empty if last else empty + filled
    return rows


@pytest.fixture(scope="module")
def things() -> World:
    world = World()
    world.change(_thing())
    for row in ROWS:
        world.insert("Thing__c", row)
    return world


@given(condition=CONDITIONS, order=ORDERS)
@settings(max_examples=400)
def test_where_and_order_by_answer_what_a_naive_evaluator_finds(
    things: World, condition: Test, order: list[tuple[str, str, str]]
) -> None:
    by = f" ORDER BY {', '.join(''.join(each) for each in order)}" if order else ""
    found = things.rows(f"SELECT Id FROM Thing__c WHERE {condition.text}{by}")
    expected = _sorted([row for row in ROWS if condition.holds(row)], order)
    assert [row["Id"] for row in found] == [row["Id"] for row in expected]


def test_the_rows_hold_enough_combinations_to_tell_rules_apart() -> None:
    seen = {(row["Flag__c"], row["Kind__c"] is None, row["Boss__c"] is None) for row in ROWS}
    assert seen == set(product((True, False), repeat=3))
