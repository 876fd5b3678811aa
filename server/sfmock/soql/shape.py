"""Rows become records: as JSON text for replies, as nested stored values for `Org.query`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import TypeAlias, cast

from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.schema.numbers import java_double
from sfmock.soql import plan
from sfmock.store.database import Value

Row: TypeAlias = Sequence[Value]
RowFunction: TypeAlias = Callable[[Row], str]

_QUOTED_AS_IS = frozenset({"id", "reference", "date", "datetime", "time"})
_INTEGERS = frozenset({"int", "long"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored value with the field that says what it is."""

    field: Field
    value: Value


@dataclass(frozen=True, slots=True)
class Nested:
    """One record of a result; an item is a value, a compound by part, a parent, or None for an absent parent."""

    sobject: SObject
    id: str
    items: Mapping[str, NestedItem]


NestedItem: TypeAlias = Cell | Nested | dict[str, Cell] | None


def nested(branch: plan.Branch, row: Row) -> Nested:
    """The record that a fetched row holds."""
    return Nested(
        branch.sobject,
        str(row[branch.id_index]),
        {each.key: _nested_item(each, row) for each in branch.items},
    )


def _nested_item(item: plan.Item, row: Row) -> NestedItem:
    match item:
        case plan.Leaf(_, field, index):
            return Cell(field, row[index])
        case plan.Compound(_, parts):
            cells = {each.key: Cell(each.field, row[each.index]) for each in parts}
            return cells if any(each.value is not None for each in cells.values()) else None
        case plan.Branch():
            return None if row[item.id_index] is None else nested(item, row)


def row_function(tree: plan.Branch, root: str) -> RowFunction:
    """A function that writes a fetched row as a JSON object; `root` is the version's path for `attributes.url`.

    It is generated: one `%` format a record beats walking the tree for every row about twice (engine.md 6). The
    generated source holds only numbers and the names below; keys and types of the schema stay outside, in constants.
    """
    constants: dict[str, object] = {
        "N": "null", "Q": '"%s"', "T": encode_basestring, "D": java_double,
    }  # fmt: skip
    source = f"def row(r):\n return {_record(tree, root, constants)}"
    exec(compile(source, "<soql row>", "exec"), constants)
    return cast("RowFunction", constants["row"])


def _record(branch: plan.Branch, root: str, constants: dict[str, object]) -> str:
    name = branch.sobject.name
    pieces = [f'"attributes":{{"type":"{name}","url":"{root}/sobjects/{name}/%s"}}']
    values = [f"r[{branch.id_index}]"]
    for each in branch.items:
        pieces.append(f'"{each.key}":%s')
        values.append(_value(each, root, constants))
    return _format(pieces, values, constants)


def _format(pieces: list[str], values: list[str], constants: dict[str, object]) -> str:
    constant = f"K{len(constants)}"
    constants[constant] = f"{{{','.join(pieces)}}}"
    return f"{constant}%({','.join(values)},)"


def _value(item: plan.Item, root: str, constants: dict[str, object]) -> str:
    match item:
        case plan.Leaf():
            return _leaf(item)
        case plan.Compound(_, parts):
            if not parts:
                return "N"
            pieces = [f'"{each.key}":%s' for each in parts]
            written = _format(pieces, [_leaf(each) for each in parts], constants)
            present = " or ".join(f"r[{each.index}] is not None" for each in parts)
            return f"({written} if {present} else N)"
        case plan.Branch(_, _, index, _):
            return f"({_record(item, root, constants)} if r[{index}] is not None else N)"


def _leaf(leaf: plan.Leaf) -> str:
    value, kind = f"r[{leaf.index}]", leaf.field.type
    if kind == "boolean":
        return f"('true' if {value} else 'false')"
    if kind in _QUOTED_AS_IS:
        written = f"Q%{value}"
    elif kind in REAL_TYPES:
        written = f"D({value})"
    else:
        written = f"'%d'%{value}" if kind in _INTEGERS else f"T({value})"
    return f"({written} if {value} is not None else N)"
