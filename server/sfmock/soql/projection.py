"""The select list: which columns are fetched, and the tree of records that they become."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfmock import errors
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.compounds import part_name
from sfmock.soql.errors import NO_FIELD_ALIAS
from sfmock.soql.scope import Scope


@dataclass(slots=True)
class _Node:
    """A record of the result while its items come in."""

    key: str
    sobject: SObject
    id_index: int
    items: list[plan.Leaf | plan.Compound | _Node] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)

    def freeze(self) -> plan.Branch:
        items = [each.freeze() if isinstance(each, _Node) else each for each in self.items]
        return plan.Branch(self.key, self.sobject, self.id_index, tuple(items))


class Projection:
    """Collects select items; fields of one relationship meet in one record at its first mention."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._columns: dict[tuple[int, str], int] = {}
        self._found: list[plan.Column] = []
        self._seen: set[str] = set()
        self._root = _Node("", scope.root, self._id_index(0, scope.root))

    @property
    def columns(self) -> tuple[plan.Column, ...]:
        """The columns to fetch; leaves and branches know theirs by index."""
        return tuple(self._found)

    def tree(self) -> plan.Branch:
        """The record that every row becomes."""
        return self._root.freeze()

    def add(self, path: nodes.Path, alias: str | None) -> None:
        """Select a field; raises for an alias, and for a field that is selected already."""
        if alias is not None:
            raise NO_FIELD_ALIAS()
        column = self._scope.column(path)
        node, keys = self._node(path)
        name = ".".join((*keys, column.field.name))
        if name in self._seen:
            raise errors.DUPLICATE_FIELD(name=name)
        self._seen.add(name)
        node.items.append(self._item(column, node.sobject))

    def _node(self, path: nodes.Path) -> tuple[_Node, list[str]]:
        """The record that a path ends in, and the keys that lead there in the schema's spelling."""
        node, keys = self._root, []
        relationships = self._scope.steps(path)[:-1]
        for depth, name in enumerate(relationships, 1):
            key = str(node.sobject.by_relationship[name.lower()].relationship_name)
            keys.append(key)
            child = node.children.get(key)
            if child is None:
                table, sobject = self._scope.table(path, relationships[:depth])
                child = _Node(key, sobject, self._id_index(table, sobject))
                node.children[key] = child
                node.items.append(child)
            node = child
        return node, keys

    def _item(self, column: plan.Column, sobject: SObject) -> plan.Leaf | plan.Compound:
        selected = column.field
        if not selected.is_compound:
            return plan.Leaf(selected.name, selected, self._index(column))
        parts = [
            plan.Leaf(part_name(selected, each), each, self._index(plan.Column(column.table, each)))
            for each in sobject.parts.get(selected.name, ())
        ]
        parts.sort(key=lambda leaf: leaf.key)
        return plan.Compound(selected.name, tuple(parts))

    def _index(self, column: plan.Column) -> int:
        key = (column.table, column.field.name)
        index = self._columns.get(key)
        if index is None:
            index = self._columns[key] = len(self._found)
            self._found.append(column)
        return index

    def _id_index(self, table: int, sobject: SObject) -> int:
        found = sobject.find("Id")
        if found is None:
            raise errors.refuse(f"SOQL on {sobject.name}, which has no Id")
        return self._index(plan.Column(table, found))
