"""The references that lead to the rows of an sobject, and what each means for deletes (metadata.md 4.14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sfmock.org.dml.plan import plan_of
from sfmock.org.dml.unlisted import UNLISTED
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.store.tables import quote

_MOST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Link:
    """A reference of a child sobject; one that neither cascades nor restricts is cleared when its parent goes."""

    child: SObject
    field: Field
    cascade: bool
    restrict: bool
    """With `cascade`: activated rows forbid the delete, drafts go along (recorded of contracts and orders)."""

    @property
    def counts(self) -> bool:
        """Whether a delete of the parent must look at it: what the platform alone writes is left as it is."""
        field = self.field
        writable = field.nillable and (field.createable or field.updateable)
        return self.cascade or self.restrict or writable


class Links:
    """The references to one sobject that a delete must look at, in the order of the child relationships."""

    def __init__(self, parent: SObject, links: tuple[Link, ...]) -> None:
        self.plan = plan_of(parent)
        self.all = links
        children = {each.child.name: each.child for each in links}
        self.sobjects = tuple({parent.name: parent, **children}.values())
        """The parent and the children."""

    @cached_property
    def no_children(self) -> str | None:
        """SQL that tells of a row that it has no live children; None where that would be too long."""
        if len(self.all) > _MOST_ASKED:
            return None
        return "".join(f" AND NOT {_has_children(self.plan.table, each)}" for each in self.all)


@lru_cache(maxsize=512)
def links_to(catalogue: Catalogue, name: str, used: frozenset[str]) -> Links:
    """The references from used sobjects that a delete must look at."""
    parent = catalogue.find(name)
    if parent is None:
        raise KeyError(f"the org has no sobject {name!r}")
    found = references_to(catalogue, name, used)
    return Links(parent, tuple(each for each in found if each.counts))


@lru_cache(maxsize=512)
def references_to(catalogue: Catalogue, name: str, used: frozenset[str]) -> tuple[Link, ...]:
    """All references to an sobject from used ones."""
    parent = catalogue.find(name)
    return () if parent is None else tuple(_references(catalogue, parent, used))


def _references(catalogue: Catalogue, parent: SObject, used: frozenset[str]) -> Iterator[Link]:
    seen: set[tuple[str, str]] = set()
    for each in (*catalogue.children(parent), *UNLISTED.get(parent.name, ())):
        child = catalogue.find(each.child) if each.child in used else None
        field = None if child is None else child.find(each.field)
        if child is None or field is None or not field.stored or (child.name, field.name) in seen:
            continue
        seen.add((child.name, field.name))
        cascade = each.cascade_delete or field.cascade_delete
        yield Link(child, field, cascade, each.restricted_delete or field.restricted_delete)


def _has_children(parent: str, link: Link) -> str:
    live = ' AND c."IsDeleted" = 0' if link.child.soft_delete else ""
    child, field = quote(link.child.name), quote(link.field.name)
    return f'EXISTS (SELECT 1 FROM {child} c WHERE c.{field} = {parent}."Id"{live})'
