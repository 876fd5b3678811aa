"""Names in a query: from a path as written to a field, its sobject and the joins that lead there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.soql import nodes
from sfmock.soql.errors import NO_SUCH_RELATION, at_name, at_token
from sfmock.soql.plan import Column, Join
from sfmock.soql.terms import NAME_FIELDS, NameField, Term

_MAX_STEPS = 5
_MAX_PARENTS = 55
_NAME_PARENTS = frozenset({"profile", "userrole"})
"""Parents that the pseudo-object `Name` has."""


@dataclass(slots=True)
class Shared:
    """What all scopes of one query have in common."""

    text: str
    catalogue: Catalogue
    searching: bool = False
    """Whether the text is a search, whose errors all have their place in the 0-based form (sosl.md 6)."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    parents: int = 0
    """How many parent relationships the query uses so far."""
    inner: list[SObject] = field(default_factory=list)
    """What semi-joins read."""
    named: dict[str, SObject] = field(default_factory=dict)
    """What polymorphic references may point to."""


class Scope:
    """What the names of one query may refer to; it collects the joins that they need."""

    def __init__(
        self, shared: Shared, root: SObject, alias: str | None, *, number: int | None = None
    ) -> None:
        self.root = root
        self.shared = shared
        self.number = next(shared.numbers) if number is None else number
        """The number of the root's table."""
        self.joins: list[Join] = []
        self.reads: Callable[[nodes.Operand], Term] | None = None
        """How operands are bound while HAVING is: they may be aggregates."""
        self._own_names = {root.name.lower(), (alias or root.name).lower()}
        self._numbers: dict[tuple[str, ...], int] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        """Aliases of parents, which the old form of FROM gives, and the relationships behind them."""

    def steps(self, path: nodes.Path) -> tuple[str, ...]:
        """The path without the name or alias of the object itself, with relationships for the alias of a parent."""
        first = path.parts[0].lower()
        if len(path.parts) > 1 and first in self._parents:
            return (*self._parents[first], *path.parts[1:])
        own = len(path.parts) > 1 and first in self._own_names
        return path.parts[1:] if own else path.parts

    def add_parent(self, source: nodes.Source) -> None:
        """A further entry of FROM: a relationship to a parent, and an alias for it (soql.md 4)."""
        steps = self.steps(source.path)
        children = self.shared.catalogue.child(self.root, steps[0])
        if len(steps) == 1 and children is not None:
            raise errors.refuse(f"SOQL FROM with the children {children.name}")
        if len(source.path.parts) < 2 or self._polymorphic(source.path, steps) is not None:
            raise errors.refuse(f"SOQL FROM {'.'.join(source.path.parts)}")
        if source.alias is not None:
            self._parents[source.alias.lower()] = steps

    def column(self, path: nodes.Path) -> Column | NameField:
        """The field that a path names; raises Salesforce's error with the caret under the path."""
        *relationships, name = self.steps(path)
        split = self._polymorphic(path, relationships)
        if split is not None and not self._goes_on(relationships, split):
            return self._name_field(path, relationships, split, name)
        table, sobject = self.table(path, relationships)
        found = sobject.find(name)
        if found is None:
            raise self.error(path, errors.NO_SUCH_COLUMN(name=name, sobject=sobject.name))
        return Column(table, found)

    def own(self, path: nodes.Path) -> Column:
        """A field of a table, where what a polymorphic reference points to cannot stand."""
        found = self.column(path)
        if isinstance(found, NameField):
            raise errors.refuse(f"SOQL {found.reference.relationship_name}.{found.field.name} here")
        return found

    def table(self, path: nodes.Path, relationships: Sequence[str]) -> tuple[int, SObject]:
        """The table at the end of some relationships, joined if it is new."""
        number, sobject = self.number, self.root
        for depth, name in enumerate(relationships, 1):
            reference = self.reference(path, sobject, name)
            if reference.polymorphic and self._goes_on(relationships, depth - 1):
                sobject = self.user(reference)
            else:
                sobject = self._parent(reference)
            key = tuple(each.lower() for each in relationships[:depth])
            number = self.join(key, number, reference, sobject)
        return number, sobject

    def reference(self, path: nodes.Path, sobject: SObject, name: str) -> Field:
        """The reference behind a relationship's name."""
        found = sobject.by_relationship.get(name.lower())
        if found is None:
            raise self.error(path, errors.NO_SUCH_RELATIONSHIP(name=name))
        return found

    def relation(self, name: str) -> Field:
        """The reference behind a relationship of the root, as TYPEOF asks for it."""
        found = self.root.by_relationship.get(name.lower())
        if found is None:
            raise NO_SUCH_RELATION(name=name, sobject=self.root.name)
        return found

    def target(self, reference: Field, path: nodes.Path) -> SObject:
        """One of the sobjects that a polymorphic reference may point to, by its name."""
        wanted = ".".join(path.parts)
        for each in self.targets(reference):
            if each.name.lower() == wanted.lower():
                return each
        raise errors.refuse(f"SOQL TYPEOF with {wanted}")

    def within(self, number: int, sobject: SObject) -> Scope:
        """The names of a parent that is joined already; further joins are those of this scope."""
        found = Scope(self.shared, sobject, None, number=number)
        found.joins = self.joins
        return found

    def targets(self, reference: Field) -> tuple[SObject, ...]:
        """What a polymorphic reference may point to, of that which is there."""
        found = [self.shared.catalogue.find(each) for each in reference.reference_to]
        targets = tuple(each for each in found if each is not None)
        self.shared.named.update((each.name, each) for each in targets)
        return targets

    def error(self, path: nodes.Path, error: SalesforceError) -> SalesforceError:
        """The error with its place: the first identifier of the path."""
        place = at_token if self.shared.searching else at_name
        return place(self.shared.text, path.at, error)

    def token_error(self, at: int, error: SalesforceError) -> SalesforceError:
        """The error with its place as a parser gives it: the offset counts from 0."""
        return at_token(self.shared.text, at, error)

    def join(self, key: tuple[str, ...], child: int, reference: Field, sobject: SObject) -> int:
        """The number of a parent's table; `key` tells it from others."""
        number = self._numbers.get(key)
        if number is None:
            if self.shared.parents >= _MAX_PARENTS:
                raise errors.refuse(
                    f"SOQL query with more than {_MAX_PARENTS} parent relationships"
                )
            self.shared.parents += 1
            number = self._numbers[key] = next(self.shared.numbers)
            self.joins.append(Join(number, child, reference, sobject))
        return number

    def user(self, reference: Field) -> SObject:
        """The user whom a polymorphic reference may point to: of what it points to, only users have further parents."""
        found = self.shared.catalogue.find("User")
        if found is None or found.name not in reference.reference_to:
            raise errors.refuse(
                f"SOQL paths over {reference.relationship_name} to profiles and roles"
            )
        return found

    def name(self, path: nodes.Path, before: Sequence[str], reference: Field) -> NameField:
        """What is known of any row behind a polymorphic reference, which stands behind some relationships."""
        table, _ = self.table(path, before)
        return NameField(table, reference, self.targets(reference), NAME_FIELDS["id"])

    def _goes_on(self, relationships: Sequence[str], place: int) -> bool:
        """Whether a path leads on from a polymorphic reference, to what `Name` has as parents."""
        beyond = relationships[place + 1 : place + 2]
        return bool(beyond) and beyond[0].lower() in _NAME_PARENTS

    def _polymorphic(self, path: nodes.Path, relationships: Sequence[str]) -> int | None:
        """The place of the first relationship that may lead to several sobjects."""
        if len(relationships) > _MAX_STEPS:
            raise errors.refuse(f"SOQL path of more than {_MAX_STEPS} relationships")
        sobject = self.root
        for place, name in enumerate(relationships):
            reference = self.reference(path, sobject, name)
            if reference.polymorphic:
                return place
            sobject = self._parent(reference)
        return None

    def _name_field(
        self, path: nodes.Path, relationships: Sequence[str], place: int, name: str
    ) -> NameField:
        table, sobject = self.table(path, relationships[:place])
        reference = self.reference(path, sobject, relationships[place])
        beyond = relationships[place + 1 :]
        if beyond:
            raise self.error(path, errors.NO_SUCH_RELATIONSHIP(name=beyond[0]))
        found = NAME_FIELDS.get(name.lower())
        if found is None:
            raise self.error(path, errors.NO_SUCH_COLUMN(name=name, sobject="Name"))
        return NameField(table, reference, self.targets(reference), found)

    def _parent(self, reference: Field) -> SObject:
        parent = self.shared.catalogue.parent(reference)
        if parent is None:
            raise errors.refuse(f"SOQL paths to {' or '.join(reference.reference_to)}")
        return parent
