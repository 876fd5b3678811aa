"""All sobjects of one org at one moment: the shipped ones and those that the test added or changed.

A value, not a registry: changing the schema makes a new catalogue with a token that is never used twice, so whatever is
cached by the token (plans, describes) can never be stale, not even after a rollback.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from sfmock.errors import refuse
from sfmock.schema import hosts
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
        self._known: dict[str, SObject] = {}
        """What was found before, by lower-case name."""
        self._hidden: frozenset[str] = frozenset()
        self._narrowed: Mapping[str, SObject] = {}

    def __iter__(self) -> Iterator[SObject]:
        """All sobjects: the shipped ones in the package's order, then the added ones."""
        for name in self.package.names:
            found = self.find(name)
            if found is not None:
                yield found
        for key in self.changed:
            if self.package.find(key) is None:
                added = self.find(key)
                if added is not None:
                    yield added

    @cached_property
    def formulas(self) -> dict[int, tuple[SObject, Field]]:
        """Formula fields by their numbers, each with its sobject; those of the package are looked up one by one."""
        return {
            field.formula: (sobject, field)
            for sobject in self.changed.values()
            for field in sobject.formulas
            if field.formula is not None
        }

    def formula(self, number: int) -> tuple[SObject, Field]:
        """The formula field of a number, and its sobject."""
        found = self.formulas.get(number)
        if found is not None:
            return found
        name, field = self.package.formulas[number]
        sobject = self.find(name)
        if sobject is None:
            raise KeyError(f"no formula has the number {number}")
        return sobject, sobject.by_name[field.lower()]

    @cached_property
    def masters(self) -> tuple[SObject, ...]:
        """The sobjects that have roll-up summaries."""
        names = sorted(name.lower() for name in self.package.masters)
        shipped = (self.find(name) for name in names if name not in self.changed)
        return tuple(each for each in (*shipped, *self.changed.values()) if each and each.summaries)

    def find(self, name: str) -> SObject | None:
        """The sobject of this name, in any case, or None."""
        key = name.lower()
        known = self._known.get(key)
        if known is not None:
            return known
        found = None if key in self._hidden else self._narrowed.get(key) or self._whole(key)
        return None if found is None else self._known.setdefault(key, found)

    def _whole(self, key: str) -> SObject | None:
        """The sobject of a lower-case name with all that anybody may see of it."""
        found = self.changed.get(key) or self.package.find(key)
        end = hosts.end_of(key)
        return found if found is None or end is None else self._opened(found, end)

    def _opened(self, host: SObject, end: str) -> SObject:
        """A standard sobject whose rows may belong to those of custom objects, with all of these."""
        added = {
            each.name
            for each in self.changed.values()
            if any((one.child, one.field) == (host.name, end) for one in each.children)
        }
        return hosts.opened(host, added.union(self.package.parents_of(host.name, end)))

    def absent(self, name: str) -> str | None:
        """The spelling of a sobject that a real org has and this fake lacks: such a name is refused."""
        return None if name.lower() in self._hidden else self.package.absent(name)

    def by_id(self, record_id: str) -> SObject | None:
        """The sobject that an id's key prefix names, or None; refuses a prefix that several sobjects share."""
        found = self.sharing(record_id)
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            raise refuse(f"an id with the prefix {record_id[:3]}, which {names} share")
        return found[0] if found else None

    def sharing(self, record_id: str) -> tuple[SObject, ...]:
        """All sobjects whose ids start like this one: several for companions and status tables (metadata.md 1.1)."""
        prefix = record_id[:3]
        names = (each for each in self.package.with_prefix(prefix) if not each.endswith("__Feed"))
        shipped = filter(None, map(self.find, names))
        return (*shipped, *self._added_by_prefix.get(prefix, ()))

    @cached_property
    def _added_by_prefix(self) -> dict[str, tuple[SObject, ...]]:
        """The added sobjects by the prefix of their ids; the rows of a feed are those of FeedItem."""
        found: dict[str, list[SObject]] = {}
        for key in self.changed:
            each = self.find(key)
            if each is None:
                continue
            is_feed = each.associate is not None and each.associate[0] == "Feed"
            if each.id_prefix is not None and not is_feed and self.package.find(key) is None:
                found.setdefault(each.id_prefix, []).append(each)
        return {prefix: tuple(sobjects) for prefix, sobjects in found.items()}

    def child(self, parent: SObject, name: str) -> ChildRelationship | None:
        """The child relationship of a parent by its name, in any case, or None."""
        lower = name.lower()
        return next(
            (
                each
                for each in parent.children
                if each.name and each.name.lower() == lower and self._is_there(each)
            ),
            None,
        )

    def children(self, parent: SObject) -> tuple[ChildRelationship, ...]:
        """The child relationships of a parent whose child sobject is in this catalogue, in the order of describe."""
        return tuple(sorted(filter(self._is_there, parent.children), key=_place))

    def described_children(self, parent: SObject) -> tuple[ChildRelationship, ...]:
        """What describe lists: also the relationships to sobjects that a real org has and this fake lacks."""
        listed = (
            each for each in parent.children if self._is_there(each) or self.absent(each.child)
        )
        return tuple(sorted(listed, key=_place))

    def _is_there(self, end: ChildRelationship) -> bool:
        key = end.child.lower()
        made = key in self._known or key in self.changed or key in self._narrowed
        if not (made or key in self._hidden) and self.package.shows(end.child, end.field):
            return True  # a parent may have children by the hundred, which nobody asks for
        child = self.find(end.child)
        return child is not None and child.find(end.field) is not None

    def parent(self, field: Field) -> SObject | None:
        """The sobject that a plain reference points to; None where the fake lacks it or there are several."""
        return self.find(field.reference_to[0]) if len(field.reference_to) == 1 else None

    def with_objects(self, *objects: SObject) -> Catalogue:
        """A new catalogue in which these sobjects replace or join the others."""
        return Catalogue(
            self.package, {**self.changed, **{each.name.lower(): each for each in objects}}
        )

    def narrowed(self, hidden: Iterable[str], seen: Iterable[SObject]) -> Catalogue:
        """The same without the sobjects `hidden` (in lower case), and with `seen` for those that a user sees in part."""
        found = Catalogue(self.package, self.changed)
        found._hidden = frozenset(hidden)
        found._narrowed = {each.name.lower(): each for each in seen}
        return found


def _place(end: ChildRelationship) -> tuple[str, str]:
    """Recorded: by sobject and field in the order of their letters' codes, custom ones among the others."""
    return end.child, end.field
