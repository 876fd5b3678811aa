"""Sobjects under way: those of a catalogue, and what a load adds to them or changes in them."""

from __future__ import annotations

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject


class Workspace:
    """A catalogue that is written to; nobody sees it before it is finished."""

    def __init__(self, base: Catalogue) -> None:
        self.base = base
        self._changed: dict[str, SObject] = {}
        self._missing: dict[str, str] = {}
        added = (each.key_prefix for each in base.changed.values())
        self.taken = {*base.package.prefixes, *filter(None, added)}
        """The key prefixes that are in use."""
        self._formulas = min(base.package.formulas, default=0)

    @property
    def changed(self) -> tuple[SObject, ...]:
        """The sobjects that were added or changed, in that order."""
        return tuple(self._changed.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Sobjects that were named and are nowhere: the org has them, so they are refused and not unknown."""
        return tuple(name for key, name in self._missing.items() if self.find(key) is None)

    def find(self, name: str) -> SObject | None:
        """The sobject of this name as it is by now, or None."""
        return self._changed.get(name.lower()) or self.base.find(name)

    def is_new(self, name: str) -> bool:
        """Whether an sobject is not in the catalogue that the load began with."""
        return self.base.find(name) is None

    def find_or_miss(self, name: str) -> SObject:
        """The sobject of this name; an empty one stands for one that is nowhere, and the name is kept."""
        found = self.find(name)
        if found is None:
            self.miss(name)
            return SObject(name, name, name, None, ())
        return found

    def miss(self, name: str) -> None:
        """Keep the name of an sobject that the org has."""
        self._missing.setdefault(name.lower(), name)

    def next_formula(self) -> int:
        """A number for a formula without a function: those below zero belong to the package."""
        self._formulas -= 1
        return self._formulas

    def put(self, *sobjects: SObject) -> None:
        """Add or replace sobjects; what only stands for a missing one is not kept."""
        for each in sobjects:
            if each.fields:
                self._changed[each.name.lower()] = each
                if each.key_prefix is not None:
                    self.taken.add(each.key_prefix)
