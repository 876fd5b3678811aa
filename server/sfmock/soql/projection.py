"""The select list: which columns are fetched, and the tree of records that they become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sfmock import errors
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.compounds import part_name
from sfmock.soql.errors import NO_FIELD_ALIAS, NOT_POLYMORPHIC
from sfmock.soql.scope import Scope
from sfmock.soql.shown import FORMATTED
from sfmock.soql.terms import NAME_FIELDS, Column, Distance, NameField, key

_Items: TypeAlias = (
    "list[plan.Leaf | plan.Compound | plan.Choice | plan.ChildRecords | _Node | _Name]"
)


@dataclass(slots=True)
class _Node:
    """A record of the result while its items come in."""

    key: str
    sobject: SObject
    id_index: int
    items: _Items = field(default_factory=list)
    children: dict[str, _Node | _Name] = field(default_factory=dict)

    def freeze(self) -> plan.Branch:
        items = [each.freeze() if isinstance(each, _Node | _Name) else each for each in self.items]
        return plan.Branch(self.key, self.sobject, self.id_index, tuple(items))


@dataclass(slots=True)
class _Name:
    """What a polymorphic reference points to, while its fields come in."""

    key: str
    type_index: int
    id_index: int
    sobject: SObject
    """Where further parents come from."""
    items: _Items = field(default_factory=list)
    children: dict[str, _Node | _Name] = field(default_factory=dict)

    def freeze(self, *, concrete: bool = False) -> plan.NameBranch:
        items = [each.freeze() if isinstance(each, _Node | _Name) else each for each in self.items]
        return plan.NameBranch(self.key, self.type_index, self.id_index, tuple(items), concrete)


class Columns:
    """The columns that a query fetches, each once."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, str, str], int] = {}
        self.found: list[plan.Term] = []

    def place(self, term: Column | NameField) -> int:
        """Where the term stands in a fetched row."""
        known = self._places.setdefault(key(term), len(self.found))
        if known == len(self.found):
            self.found.append(term)
        return known

    def append(self, term: plan.Term) -> int:
        """The place of a term that stands alone."""
        self.found.append(term)
        return len(self.found) - 1


class Projection:
    """Collects select items; fields of one relationship meet in one record at its first mention."""

    def __init__(self, scope: Scope, columns: Columns, name: str = "") -> None:
        self._scope = scope
        self._columns = columns
        self._seen: set[str] = set()
        self._root = _Node(name, scope.root, self._id_index(scope.number, scope.root))

    def tree(self) -> plan.Branch:
        """The record that every row becomes; an alias must not take the key of another item."""
        found = self._root.freeze()
        taken: set[str] = set()
        for each in found.items:
            if each.key.lower() in taken:
                raise errors.refuse(f"SOQL with two items of the name {each.key}")
            taken.add(each.key.lower())
        return found

    def add(self, path: nodes.Path, alias: str | None = None) -> None:
        """Select a field; raises for an alias, and for a field that is selected already."""
        if alias is not None:
            raise NO_FIELD_ALIAS()
        found = self._scope.column(path)
        node, keys = self._node(path)
        name = ".".join((*keys, found.field.name))
        if name in self._seen:
            raise errors.DUPLICATE_FIELD(name=name)
        self._seen.add(name)
        if isinstance(node, _Name):
            node.items.append(self._leaf(found))
        else:
            node.items.append(self._item(found, node.sobject))

    def add_shown(
        self, path: nodes.Path, alias: str | None, shown: Literal["", "label", "format"]
    ) -> None:
        """Select what a function shows of a field: under the field's name, or under an alias on the root."""
        found = self._scope.column(path)
        if shown == "format" and found.field.type not in FORMATTED:
            raise errors.refuse(f"SOQL FORMAT of a field of type {found.field.type}")
        if shown == "label" and found.field.type not in ("picklist", "multipicklist"):
            raise errors.refuse(f"SOQL toLabel of a field of type {found.field.type}")
        node, keys = self._node(path) if alias is None else (self._root, [])
        label = alias or found.field.name
        name = ".".join((*keys, label))
        if name in self._seen:
            raise errors.DUPLICATE_FIELD(name=name)
        self._seen.add(name)
        node.items.append(plan.Leaf(label, found.field, self._columns.place(found), shown))

    def add_converted(self, path: nodes.Path, alias: str | None) -> None:
        """Select an amount in the user's currency, which is the org's."""
        found = self._scope.column(path)
        if found.field.type != "currency":
            raise errors.refuse(f"SOQL convertCurrency of a field of type {found.field.type}")
        self.add_shown(path, alias, "")

    def add_distance(self, distance: Distance, alias: str | None) -> None:
        """Select a distance, which has no name of its own."""
        if alias is None:
            raise errors.refuse("SOQL DISTANCE without an alias in the select list")
        if alias in self._seen:
            raise errors.DUPLICATE_FIELD(name=alias)
        self._seen.add(alias)
        place = self._columns.append(distance)
        self._root.items.append(plan.Leaf(alias, distance.field, place))

    def add_fields(self, names: Iterable[str]) -> None:
        """Select fields of the object itself by their names."""
        for name in names:
            self.add(nodes.Path((name,)))

    def add_children(self, name: str, number: int) -> None:
        """Select the children that a relationship leads to."""
        if name in self._root.children:
            raise errors.refuse(f"SOQL with two sub-queries of {name}")
        self._root.children[name] = _Name(name, 0, 0, self._root.sobject)  # nothing else may use it
        self._root.items.append(plan.ChildRecords(name, number))

    def add_typeof(self, typeof: nodes.TypeOf) -> None:
        """Select fields of a polymorphic parent by what it is (soql.md 3.3)."""
        scope = self._scope
        if typeof.alias is not None:
            raise NO_FIELD_ALIAS()
        first, *beyond = scope.steps(typeof.path)
        if beyond:
            raise errors.refuse("SOQL TYPEOF of a parent's relationship")
        reference = scope.relation(first)
        if not reference.polymorphic:
            raise NOT_POLYMORPHIC(name=".".join(typeof.path.parts))
        name = str(reference.relationship_name)
        if name in self._root.children:
            raise errors.refuse(f"SOQL TYPEOF {name} beside another use of it")
        branches: dict[str, plan.Branch | plan.NameBranch] = {}
        for when in typeof.whens:
            target = scope.target(reference, when.sobject)
            if target.name in branches:
                raise errors.refuse(f"SOQL TYPEOF with {target.name} twice")
            joined = scope.join((name, target.name), scope.number, reference, target)
            inner = Projection(scope.within(joined, target), self._columns, name)
            for each in when.fields:
                inner.add(each)
            branches[target.name] = inner.tree()
        if typeof.otherwise:
            branches[""] = self._otherwise(
                NameField(scope.number, reference, scope.targets(reference), NAME_FIELDS["id"]),
                typeof,
            )
        self._root.items.append(plan.Choice(name, tuple(branches.values())))
        self._root.children[name] = _Name(name, 0, 0, self._root.sobject)  # nothing else may use it

    def _otherwise(self, known: NameField, typeof: nodes.TypeOf) -> plan.NameBranch:
        node = self._name(known)
        for path in typeof.otherwise:
            found = NAME_FIELDS.get(path.parts[-1].lower())
            if found is None or len(path.parts) > 1:
                name = ".".join(path.parts)
                raise self._scope.error(path, errors.NO_SUCH_COLUMN(name=name, sobject="Name"))
            node.items.append(
                self._leaf(NameField(known.table, known.reference, known.targets, found))
            )
        return node.freeze(concrete=True)

    def _node(self, path: nodes.Path) -> tuple[_Node | _Name, list[str]]:
        """The record that a path ends in, and the keys that lead there in the schema's spelling."""
        node: _Node | _Name = self._root
        keys: list[str] = []
        relationships = self._scope.steps(path)[:-1]
        for depth, name in enumerate(relationships, 1):
            reference = self._scope.reference(path, node.sobject, name)
            label = str(reference.relationship_name)
            keys.append(label)
            child = node.children.get(label)
            if child is None:
                if reference.polymorphic:
                    known = self._scope.name(path, relationships[: depth - 1], reference)
                    child = self._name(known)
                else:
                    table, sobject = self._scope.table(path, relationships[:depth])
                    child = _Node(label, sobject, self._id_index(table, sobject))
                node.children[label] = child
                node.items.append(child)
            if isinstance(child, _Name):
                if not any(each is child for each in node.items):
                    raise errors.refuse(f"SOQL TYPEOF {label} beside another use of it")
                if depth == len(relationships):
                    return child, keys
                child.sobject = self._scope.user(reference)
            node = child
        return node, keys

    def _name(self, known: NameField) -> _Name:
        kind, found = (
            self._columns.place(
                NameField(known.table, known.reference, known.targets, NAME_FIELDS[each])
            )
            for each in ("type", "id")
        )
        return _Name(str(known.reference.relationship_name), kind, found, self._root.sobject)

    def _item(self, column: plan.Term, sobject: SObject) -> plan.Leaf | plan.Compound:
        assert isinstance(column, Column)
        selected = column.field
        if not selected.is_compound:
            return self._leaf(column)
        parts = [
            plan.Leaf(
                part_name(selected, each), each, self._columns.place(Column(column.table, each))
            )
            for each in sobject.parts.get(selected.name, ())
        ]
        parts.sort(key=lambda leaf: leaf.key)
        return plan.Compound(selected.name, tuple(parts))

    def _leaf(self, found: Column | NameField) -> plan.Leaf:
        return plan.Leaf(found.field.name, found.field, self._columns.place(found))

    def _id_index(self, table: int, sobject: SObject) -> int:
        found = sobject.find("Id")
        if found is None:
            raise errors.refuse(f"SOQL on {sobject.name}, which has no Id")
        return self._columns.place(Column(table, found))
