"""Rows become records: as JSON text for replies, as nested stored values for `Org.query`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from itertools import groupby
from json.encoder import encode_basestring
from typing import TypeAlias, cast

from sfmock.schema.masking import masked
from sfmock.schema.model import REAL_TYPES, Field
from sfmock.schema.numbers import java_double
from sfmock.soql import plan
from sfmock.soql.shown import show
from sfmock.soql.virtual import VIRTUAL
from sfmock.store.database import Value

Row: TypeAlias = Sequence[Value]
RowFunction: TypeAlias = Callable[..., str]
"""Takes a fetched row, and where the query has sub-queries their results as JSON texts."""
Kin: TypeAlias = "Sequence[list[Nested] | ChildPage | None]"
"""The children of one row, sub-query by sub-query: all of them, or a page; None where a page would be empty."""

NO_ID = "000000000000000AAA"
"""The id of rows that have none (metadata.md 1.1)."""
_QUOTED_AS_IS = frozenset({"id", "reference", "date", "datetime", "time"})
_JSON = frozenset({"int", "long", "anyType", "complexvalue"})
"""Types that are stored as JSON writes them; values of any type are JSON text (schema.anytype), complex ones, too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored value with the field that says what it is."""

    field: Field
    value: Value


@dataclass(frozen=True, slots=True)
class Nested:
    """One record of a result; an item is a value, a compound by part, a parent, or None for an absent parent."""

    sobject: str
    id: str
    items: Mapping[str, NestedItem]
    kind: str = ""
    """What replies call it where that is not its sobject: `Name` behind a polymorphic reference (soql.md 11)."""


@dataclass(frozen=True, slots=True)
class ChildPage:
    """The first page of one row's children."""

    total: int
    next_locator: str | None
    records: Sequence[Nested]


NestedItem: TypeAlias = Cell | Nested | dict[str, Cell] | list[Nested] | ChildPage | str | None


class Reader:
    """Fetched rows as records for code; encrypted text is masked unless `clear`."""

    def __init__(self, zone: tzinfo, *, clear: bool = True) -> None:
        self._zone = zone
        self._clear = clear

    def record(self, tree: plan.Branch | plan.GroupRecord, row: Row, children: Kin = ()) -> Nested:
        """The record that a row holds, with its children, sub-query by sub-query."""
        items = {each.key: self._item(each, row, children) for each in tree.items}
        if isinstance(tree, plan.Branch) and tree.sobject.name in VIRTUAL:
            ids = (each for each in tree.items if isinstance(each, plan.Leaf))
            items |= {each.key: NO_ID for each in ids if each.index == tree.id_index}
            return Nested(tree.sobject.name, NO_ID, items)
        if isinstance(tree, plan.GroupRecord):
            return Nested("AggregateResult", NO_ID, items)
        return Nested(tree.sobject.name, str(row[tree.id_index]), items)

    def _item(self, item: plan.Item, row: Row, children: Kin = ()) -> NestedItem:
        match item:
            case plan.ChildRecords(_, number):
                return children[number]
            case plan.Leaf(_, _, index, shown) if shown:
                return None if row[index] is None else show(item, self._zone)(row[index])
            case plan.Leaf(_, field, index) if field.encrypted and not self._clear:
                value = row[index]
                return Cell(field, None if value is None else masked(field, str(value)))
            case plan.Leaf(_, field, index):
                return Cell(field, row[index])
            case plan.Compound(_, parts):
                cells = {each.key: Cell(each.field, row[each.index]) for each in parts}
                return cells if any(each.value is not None for each in cells.values()) else None
            case plan.Branch():
                return None if row[item.id_index] is None else self.record(item, row)
            case plan.NameBranch():
                return None if row[item.id_index] is None else self._named(item, row)
            case plan.Choice(_, branches):
                found = (each for each in branches if row[each.id_index] is not None)
                chosen = next(found, None)
                return None if chosen is None else self._item(chosen, row)

    def _named(self, branch: plan.NameBranch, row: Row) -> Nested:
        items = {each.key: self._item(each, row) for each in branch.items}
        kind = "" if branch.concrete else "Name"
        return Nested(str(row[branch.type_index]), str(row[branch.id_index]), items, kind)


def row_function(
    tree: plan.Branch | plan.GroupRecord, root: str, zone: tzinfo, *, clear: bool = False
) -> RowFunction:
    """A function that writes a fetched row as a JSON object; `root` is the version's path for `attributes.url`.

    Encrypted text is masked unless `clear`.

    It is generated: one f-string a record takes half the time of walking the tree for every row (engine.md 6). The
    generated source holds only numbers and the names below; keys and types of the schema stay outside, in constants.
    """
    writer = _Writer(root, zone, clear=clear)
    result = writer.record(tree) if isinstance(tree, plan.Branch) else writer.group(tree)
    lines = "".join(f" {line}\n" for line in writer.lines)
    source = f"def row(r, c=()):\n{lines} return {result}"
    exec(compile(source, "<soql row>", "exec"), writer.constants)
    return cast("RowFunction", writer.constants["row"])


class _Text(str):
    """What is the same in every row: it stands in a constant, with its neighbours of this kind."""

    __slots__ = ()


class _Writer:
    """Source of a row function: a line for each parent and compound value, and the constants that it names."""

    def __init__(self, root: str, zone: tzinfo, *, clear: bool) -> None:
        self._zone = zone
        self.lines: list[str] = []
        self.constants: dict[str, object] = {
            "N": "null", "Y": "true", "F": "false", "Q": '"%s"', "T": encode_basestring, "D": java_double,
        }  # fmt: skip
        self._root = root
        self._clear = clear

    def record(self, branch: plan.Branch) -> str:
        """An expression that writes a record which is there."""
        name = branch.sobject.name
        head = f'{{"attributes":{{"type":"{name}","url":"{self._root}/sobjects/{name}/'
        parts = [_Text(head), f"r[{branch.id_index}]", _Text('"}')]
        for each in branch.items:
            if isinstance(each, plan.Leaf) and each.index == branch.id_index:  # it is there
                found = _Text(NO_ID) if name in VIRTUAL else f"r[{each.index}]"
                parts += [_Text(f',"{each.key}":"'), found, _Text('"')]
            else:
                parts += [_Text(f',"{each.key}":'), self._value(each, branch)]
        return self._joined([*parts, _Text("}")])

    def group(self, record: plan.GroupRecord) -> str:
        """An expression that writes a group: booleans of subtotals may be null."""
        parts: list[str] = [_Text('{"attributes":{"type":"AggregateResult"}')]
        for each in record.items:
            value = f"r[{each.index}]"
            if each.shown:
                written = f"T({self._constant(show(each, self._zone))}({value}))"
            else:
                written = f"({_leaf(each)})"
            parts += [_Text(f',"{each.key}":'), f"{written} if {value} is not None else N"]
        return self._joined([*parts, _Text("}")])

    def _value(self, item: plan.Item, owner: plan.Branch) -> str:
        match item:
            case plan.ChildRecords(_, number):
                return f"c[{number}]"
            case plan.Leaf(_, _, index, shown) if shown:
                name = self._constant(show(item, self._zone))
                return f"T({name}(r[{index}])) if r[{index}] is not None else N"
            case plan.Leaf(_, field, index) if field.type == "base64":  # the path of its bytes
                path = f'"{self._root}/sobjects/{owner.sobject.name}/%s/{field.name}"'
                return (
                    f"{self._constant(path)}%r[{owner.id_index}] if r[{index}] is not None else N"
                )
            case plan.Leaf(_, field, index) if field.encrypted and not self._clear:
                mask = self._constant(partial(masked, field))
                return f"T({mask}(r[{index}])) if r[{index}] is not None else N"
            case plan.Leaf():
                return _leaf(item)
            case plan.Compound(_, parts):
                present = " or ".join(f"r[{each.index}] is not None" for each in parts)
                return self._named(self._compound(parts), present) if parts else "N"
            case plan.Branch(_, _, index, _):
                return self._named(self.record(item), f"r[{index}] is not None")
            case plan.NameBranch(_, _, index, _, _):
                return self._named(self._name(item), f"r[{index}] is not None")
            case plan.Choice(_, branches):
                written = "N"
                for each in reversed(branches):
                    found = self._value(each, owner)
                    written = f"{found} if r[{each.id_index}] is not None else {written}"
                return f"({written})"

    def _name(self, branch: plan.NameBranch) -> str:
        """A record behind a polymorphic reference: `attributes.type` is `Name` unless TYPEOF asked (soql.md 11)."""
        kind, found = f"r[{branch.type_index}]", f"r[{branch.id_index}]"
        parts: list[str] = [_Text('{"attributes":{"type":"')]
        parts.append(kind if branch.concrete else _Text("Name"))
        parts += [_Text(f'","url":"{self._root}/sobjects/'), kind, _Text("/"), found, _Text('"}')]
        for each in branch.items:
            if isinstance(each, plan.Leaf):
                written = _leaf(each)
            else:
                assert isinstance(each, plan.Branch), (
                    "what is known of any row is a field or a parent"
                )
                written = self._value(each, each)
            parts += [_Text(f',"{each.key}":'), written]
        return self._joined([*parts, _Text("}")])

    def _compound(self, leaves: tuple[plan.Leaf, ...]) -> str:
        marks = ("{", *("," for _ in leaves[1:]))
        parts = [
            part
            for mark, each in zip(marks, leaves, strict=True)
            for part in (_Text(f'{mark}"{each.key}":'), _leaf(each))
        ]
        return self._joined([*parts, _Text("}")])

    def _named(self, written: str, condition: str) -> str:
        """A local variable for a text that is null unless the condition holds; f-strings nest badly."""
        name = f"v{len(self.lines)}"
        self.lines.append(f"{name} = {written} if {condition} else N")
        return name

    def _joined(self, parts: Iterable[str]) -> str:
        """The parts one behind the other; neighbours that are the same in every row are one constant."""
        pieces: list[str] = []
        runs = [
            (fixed, [*run]) for fixed, run in groupby(parts, lambda each: isinstance(each, _Text))
        ]
        for fixed, run in runs:
            pieces += [self._constant("".join(run))] if fixed else run
        return "f'" + "".join(f"{{{each}}}" for each in pieces) + "'"

    def _constant(self, value: object) -> str:
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name


def _leaf(leaf: plan.Leaf) -> str:
    value, kind = f"r[{leaf.index}]", leaf.field.type
    if kind == "boolean":
        return f"Y if {value} else F"
    if kind in _QUOTED_AS_IS:
        written = f"Q%{value}"
    elif kind in REAL_TYPES:
        written = f"(repr({value}) if 1e-3 <= {value} < 1e7 else D({value}))"  # the usual case, without a call
    else:
        written = value if kind in _JSON else f"T({value})"
    return f"{written} if {value} is not None else N"
