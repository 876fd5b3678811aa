"""Sub-queries in the select list: the children of each row (soql.md 3.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sfmock import errors
from sfmock.schema.model import ChildRelationship, SObject
from sfmock.soql import nodes
from sfmock.soql.errors import NO_CHILD_RELATIONSHIP, ONLY_ROOT_AGGREGATES
from sfmock.soql.grouping import is_aggregate
from sfmock.soql.scope import Scope

MOST: Final = 20


def child_of(scope: Scope, query: nodes.Query) -> tuple[SObject, ChildRelationship]:
    """What a sub-query reads, and the relationship that leads there; raises for what it cannot say."""
    path = query.sources[0].path
    *before, wanted = scope.steps(path)
    if len(query.sources) > 1 or before:
        raise errors.refuse("SOQL sub-query of several relationships")
    if is_aggregate(query) or isinstance(query.select, nodes.Count):
        raise ONLY_ROOT_AGGREGATES()
    catalogue = scope.shared.catalogue
    found = catalogue.child(scope.root, wanted)
    if found is None:
        for each in catalogue.described_children(scope.root):
            if each.name and each.name.lower() == wanted.lower():
                raise errors.refuse(
                    f"SOQL sub-query of {each.name}, whose {each.child} is not there"
                )
        raise scope.error(path, NO_CHILD_RELATIONSHIP(name=wanted))
    child = catalogue.find(found.child)
    assert child is not None, "a relationship of the catalogue leads to one of its sobjects"
    return child, found


def standing_alone(query: nodes.Query, child: SObject, name: str) -> nodes.Query:
    """The sub-query as a query of its own; its rows are chosen by their ids, whatever else it says."""
    source = query.sources[0]
    return replace(query, sources=(nodes.Source(nodes.Path((child.name,)), source.alias or name),))
