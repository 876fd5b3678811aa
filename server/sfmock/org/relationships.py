"""Where a path of relationship names leads, from a row on: to one row or to the children of one (rest.md 2.7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sfmock import errors
from sfmock.org.dml.plan import Row
from sfmock.org.records import Records
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject

_MOST_PARENTS = 5


@dataclass(frozen=True, slots=True)
class One:
    """A row: the one that the path starts from, or a parent."""

    sobject: SObject
    row: Row


@dataclass(frozen=True, slots=True)
class Many:
    """The rows of a child sobject whose reference holds this id."""

    sobject: SObject
    reference: Field
    parent_id: str


class Relationships:
    """Follows relationships as SOQL's dots do: up to five parents, then perhaps one level of children."""

    def __init__(self, records: Records, catalogue: Callable[[], Catalogue]) -> None:
        self._records = records
        self._catalogue = catalogue

    def follow(self, sobject: SObject, record_id: str, names: Sequence[str]) -> One | Many:
        """What the names lead to; raises NOT_FOUND for a row that is not there, an empty reference, an unknown name."""
        at = self._row(sobject, record_id)
        for depth, name in enumerate(names):
            field = at.sobject.by_relationship.get(name.lower())
            if field is None:
                return self._children(at, name, last=depth + 1 == len(names))
            if depth == _MOST_PARENTS:
                raise errors.refuse(f"the error for more than {_MOST_PARENTS} parents in a path")
            at = self._parent(at, field)
        return at

    def _row(self, sobject: SObject, record_id: object) -> One:
        row = self._records.find(sobject, str(record_id))
        if row is None:
            raise errors.NOT_FOUND()
        return One(sobject, row)

    def _parent(self, at: One, field: Field) -> One:
        if field.polymorphic:
            raise errors.refuse(
                f"paths over the polymorphic relationship {field.relationship_name}"
            )
        parent = self._find(field.reference_to[0])
        value = at.row.get(field.name)
        if value is None:
            raise errors.NOT_FOUND()
        return self._row(parent, value)

    def _find(self, name: str) -> SObject:
        """The sobject at the other end; refuses one that the fake lacks, one that the user does not see is not found."""
        catalogue = self._catalogue()
        found = catalogue.find(name)
        if found is None:
            absent = catalogue.absent(name)
            raise errors.NOT_FOUND() if absent is None else errors.refuse(f"paths to {absent}")
        return found

    def _children(self, at: One, name: str, *, last: bool) -> Many:
        found = next(
            (
                each
                for each in at.sobject.children
                if each.name and each.name.lower() == name.lower()
            ),
            None,
        )
        if found is None:
            raise errors.NOT_FOUND()
        child = self._find(found.child)
        reference = child.find(found.field)
        if reference is None:  # the user does not see it
            raise errors.NOT_FOUND()
        if not last:
            raise errors.refuse("the error for a path that goes on behind children")
        return Many(child, reference, str(at.row["Id"]))
