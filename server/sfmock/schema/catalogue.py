"""All sobjects of one org at one moment: the shipped ones and those that the test added or changed.

A value, not a registry: changing the schema makes a new catalogue with a token that is never used twice, so whatever is
cached by the token (plans, describes) can never be stale, not even after a rollback.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from sfmock.schema.model import ChildRelationship, Field, SObject
from sfmock.schema.package import Package

_tokens = itertools.count(1)


class Catalogue:
    """Sobjects by name, key prefix and child relationship."""

    def __init__(self, package: Package, changed: Mapping[str, SObject] | None = None) -> None:
        self.package = package
        self.changed: Mapping[str, SObject] = dict(changed or {})
        """Added and altered sobjects by lower-case name."""
        self.token = next(_tokens)
        self._prefixes = {each.key_prefix: each for each in self.changed.values()}

    def __iter__(self) -> Iterator[SObject]:
        """All sobjects: the shipped ones in the package's order, then the added ones."""
        for name in self.package.names:
            found = self.find(name)
            if found is not None:
                yield found
        for key, each in self.changed.items():
            if self.package.find(key) is None:
                yield each

    def find(self, name: str) -> SObject | None:
        """The sobject of this name, in any case, or None."""
        return self.changed.get(name.lower()) or self.package.find(name)

    def absent(self, name: str) -> str | None:
        """The spelling of a sobject that a real org has and this fake lacks: such a name is refused."""
        return self.package.absent(name)

    def by_id(self, record_id: str) -> SObject | None:
        """The sobject that an id's key prefix names, or None."""
        prefix = record_id[:3]
        added = self._prefixes.get(prefix)
        if added is not None:
            return added
        name = self.package.by_prefix(prefix)
        return None if name is None else self.find(name)

    def child(self, parent: SObject, name: str) -> ChildRelationship | None:
        """The child relationship of a parent by its name, in any case, or None."""
        lower = name.lower()
        return next(
            (each for each in self.children(parent) if each.name and each.name.lower() == lower),
            None,
        )

    def children(self, parent: SObject) -> tuple[ChildRelationship, ...]:
        """The child relationships of a parent whose child sobject is in this catalogue."""
        return tuple(
            each
            for each in parent.children
            if (child := self.find(each.child)) is not None and child.find(each.field) is not None
        )

    def parent(self, field: Field) -> SObject | None:
        """The sobject that a plain reference points to; None where the fake lacks it or there are several."""
        return self.find(field.reference_to[0]) if len(field.reference_to) == 1 else None

    def with_objects(self, *objects: SObject) -> Catalogue:
        """A new catalogue in which these sobjects replace or join the others."""
        return Catalogue(
            self.package, {**self.changed, **{each.name.lower(): each for each in objects}}
        )
