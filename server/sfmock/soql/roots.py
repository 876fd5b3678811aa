"""The object of FROM (soql.md 4)."""

from __future__ import annotations

from sfmock import errors
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.soql import nodes
from sfmock.soql.errors import CANNOT_QUERY, at_name, at_token


def root_of(
    text: str, query: nodes.Query, catalogue: Catalogue, *, searching: bool = False
) -> SObject:
    """The object that a query reads; raises for one that is not there or that nobody can query."""
    source = query.sources[0]
    name = source.path.parts[0]
    found = catalogue.find(name)
    if found is None:
        known = catalogue.absent(name)
        if known:
            raise errors.refuse(f"SOQL on {known}")
        place = at_token if searching else at_name
        raise place(text, source.path.at, errors.NO_SUCH_SOBJECT(name=".".join(source.path.parts)))
    if len(source.path.parts) > 1:
        raise errors.refuse("SOQL FROM with a path")
    if not found.queryable:
        raise CANNOT_QUERY(name=found.name)
    return found
