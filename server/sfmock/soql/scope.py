"""Names in a query: from a path as written to a field, its sobject and the joins that lead there."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.soql import nodes
from sfmock.soql.errors import at_name
from sfmock.soql.plan import Column, Join

_MAX_STEPS = 5
_MAX_PARENTS = 55


class Scope:
    """What the names of one query may refer to; it collects the joins that they need."""

    def __init__(self, text: str, catalogue: Catalogue, root: SObject, alias: str | None) -> None:
        self.root = root
        self.joins: list[Join] = []
        self._text = text
        self._catalogue = catalogue
        self._own_names = {root.name.lower(), (alias or root.name).lower()}
        self._numbers: dict[tuple[str, ...], int] = {}

    def steps(self, path: nodes.Path) -> tuple[str, ...]:
        """The path without the name or alias of the object itself."""
        own = len(path.parts) > 1 and path.parts[0].lower() in self._own_names
        return path.parts[1:] if own else path.parts

    def column(self, path: nodes.Path) -> Column:
        """The field that a path names; raises Salesforce's error with the caret under the path."""
        *relationships, name = self.steps(path)
        table, sobject = self.table(path, tuple(relationships))
        field = sobject.find(name)
        if field is None:
            raise self.error(path, errors.NO_SUCH_COLUMN(name=name, sobject=sobject.name))
        return Column(table, field)

    def table(self, path: nodes.Path, relationships: tuple[str, ...]) -> tuple[int, SObject]:
        """The table at the end of some relationships, joined if it is new."""
        if len(relationships) > _MAX_STEPS:
            raise errors.refuse(f"SOQL path of more than {_MAX_STEPS} relationships")
        number, sobject = 0, self.root
        for depth, name in enumerate(relationships, 1):
            reference = sobject.by_relationship.get(name.lower())
            if reference is None:
                raise self.error(path, errors.NO_SUCH_RELATIONSHIP(name=name))
            sobject = self._parent(reference)
            key = tuple(each.lower() for each in relationships[:depth])
            number = self._join(key, number, reference, sobject)
        return number, sobject

    def error(self, path: nodes.Path, error: SalesforceError) -> SalesforceError:
        """The error with its place: the first identifier of the path."""
        return at_name(self._text, path.at, error)

    def _parent(self, reference: Field) -> SObject:
        if reference.polymorphic:
            raise errors.refuse(f"SOQL paths over the polymorphic {reference.relationship_name}")
        parent = self._catalogue.parent(reference)
        if parent is None:
            raise errors.refuse(f"SOQL paths to {' or '.join(reference.reference_to)}")
        return parent

    def _join(self, key: tuple[str, ...], child: int, reference: Field, sobject: SObject) -> int:
        number = self._numbers.get(key)
        if number is None:
            if len(self.joins) >= _MAX_PARENTS:
                raise errors.refuse(
                    f"SOQL query with more than {_MAX_PARENTS} parent relationships"
                )
            number = self._numbers[key] = len(self.joins) + 1
            self.joins.append(Join(number, child, reference, sobject))
        return number
