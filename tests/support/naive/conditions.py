"""Whether a row, or a group of rows, meets a condition (soql.md 5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeAlias

from naive.data import Data, Row, comparable, fold, moment
from naive.tree import (
    Call,
    Compare,
    Condition,
    Days,
    Distance,
    In,
    Includes,
    Joined,
    Literal,
    Not,
    Operand,
    Path,
    Semi,
    Value,
)

Read: TypeAlias = Callable[[Operand], tuple[str, Any, bool]]
"""What an operand is here: its type, its stored value, and whether its letters count as they are."""

_RADIUS = {"mi": 3958.8, "km": 6371.0}


def holds(data: Data, read: Read, condition: Condition, *, deleted: bool = False) -> bool:
    """Whether the condition is true; there are two truth values."""
    match condition:
        case Joined("AND", items):
            return all(holds(data, read, each, deleted=deleted) for each in items)
        case Joined(_, items):
            return any(holds(data, read, each, deleted=deleted) for each in items)
        case Not(item):
            return not holds(data, read, item, deleted=deleted)
        case Compare(left, operator, right):
            kind, value, exact = read(left)
            same = {"<>": "!="}.get(operator, operator)
            return _compares(data, kind, value, same, right, exact=exact)
        case In(left, values, negated):
            kind, value, exact = read(left)
            return (
                any(_compares(data, kind, value, "=", each, exact=exact) for each in values)
                != negated
            )
        case Includes(left, texts, negated):
            held = set((read(left)[1] or "").split(";"))
            return any(set(str(each.stored).split(";")) <= held for each in texts) != negated
        case Semi(left, inner, sobject, where, negated):
            rows = [row for row in data.rows[sobject] if deleted or not row.get("IsDeleted")]
            found = {
                data.value(sobject, row, inner, deleted=deleted)
                for row in rows
                if where is None
                or holds(data, reader(data, sobject, row, deleted=deleted), where, deleted=deleted)
            }
            value = read(left)[1]
            return (value is not None and value in found) != negated


def reader(data: Data, sobject: str, row: Row, *, deleted: bool = False) -> Read:
    """Reads operands of one row."""

    def read(operand: Operand) -> tuple[str, Any, bool]:
        return operand_value(data, sobject, row, operand, deleted=deleted)

    return read


def operand_value(
    data: Data, sobject: str, row: Row, operand: Operand, *, deleted: bool
) -> tuple[str, Any, bool]:
    """Type, value and exactness of a field or of a function that works on one row."""
    match operand:
        case Path():
            about = data.end(sobject, operand)[1]
            value = data.value(sobject, row, operand, deleted=deleted)
            return about["type"], value, bool(about.get("caseSensitive"))
        case Distance(path, latitude, longitude, unit):
            parts = [
                data.value(sobject, row, Path(path.steps, path.name[:-1] + suffix))
                for suffix in ("Latitude__s", "Longitude__s")
            ]
            return (
                "double",
                None
                if None in parts
                else _apart(parts[0], parts[1], latitude, longitude) * _RADIUS[unit],
                False,
            )
        case Call("toLabel", Path() as path):
            _, value, _ = operand_value(data, sobject, row, path, deleted=deleted)
            return "string", label(data, sobject, path, value), False
        case Call(name, Call("convertTimezone", Path() as path)):
            return _date_part(
                data, name, data.value(sobject, row, path, deleted=deleted), shifted=True
            )
        case Call(name, Path() as path):
            return _date_part(
                data, name, data.value(sobject, row, path, deleted=deleted), shifted=False
            )
        case _:
            raise TypeError(operand)


def label(data: Data, sobject: str, path: Path, value: Any) -> Any:
    """The label of a picklist value, the labels of several."""
    labels = {each["value"]: each["label"] for each in data.end(sobject, path)[1]["picklistValues"]}
    return None if value is None else ";".join(labels.get(each, each) for each in value.split(";"))


def _date_part(data: Data, name: str, value: Any, *, shifted: bool) -> tuple[str, Any, bool]:
    kind = "date" if name == "DAY_ONLY" else "int"
    if value is None:
        return kind, None, False
    if "T" in value:
        zone = data.calendar.zone if shifted else UTC
        return kind, data.calendar.part(name, moment(value).astimezone(zone)), False
    return kind, data.calendar.part(name, datetime.fromisoformat(value).date()), False


def _compares(
    data: Data, kind: str, value: Any, operator: str, literal: Literal, *, exact: bool
) -> bool:
    if isinstance(literal, Days):
        if value is None:
            return operator == "!="
        return data.calendar.compare(operator, comparable(kind, value), literal)
    wanted = None if literal.stored == "" else literal.stored
    if kind == "boolean":
        return (bool(value) == bool(wanted)) == (operator == "=")
    if operator == "LIKE":
        return value is not None and _like(str(wanted), value)
    if operator in ("=", "!="):
        left, right = (
            (value, wanted) if exact else (comparable(kind, value), comparable(kind, wanted))
        )
        return bool(left == right) == (operator == "=")
    if value is None or wanted is None:
        return False
    left, right = comparable(kind, value), comparable(kind, wanted)
    return bool(
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
    )


def _like(pattern: str, value: str) -> bool:
    """`pattern` is the operand after the string escapes, `\\%` and `\\_` still with their backslash."""
    expression = ""
    for found in re.finditer(r"\\[%_\\]|.", fold(pattern), re.DOTALL):
        part = found.group()
        wild = {"%": ".*", "_": "."}
        expression += wild[part] if part in wild else re.escape(part[-1])
    return re.fullmatch(expression, fold(value), re.DOTALL) is not None


def _apart(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The angle between two places on a sphere."""
    a, b = radians(latitude), radians(to_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * asin(sqrt(half))


def text_value(text: str) -> Value:
    """A text as a literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return Value(f"'{escaped}'", text)
