"""Sobjects with fields added: names that are free, Salesforce's limits, what a reference does to both its ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.custom_reference import as_detail, masters, parent_end
from sfmock.schema.model import Field, SObject
from sfmock.schema.properties import Properties

LIMITS: Mapping[str, int] = {
    "custom fields": 800,
    "external ids": 25,
    "relationship fields": 40,
    "roll-up summaries": 25,
}
"""How many an sobject may have (metadata.md 6.2); at most 2 of the relationships are master-detail."""
_DEEPEST_DETAIL = 3


def with_fields(
    catalogue: Catalogue,
    owner: SObject,
    added: tuple[Field, ...],
    properties: Mapping[str, object],
) -> tuple[SObject, ...]:
    """The sobjects that change when these custom fields are added; raises ValueError where they cannot be."""
    for each in added:
        if owner.find(each.name) is not None:
            raise ValueError(f"{owner.name} has a field {each.name} already")
    if added[0].type == "reference":
        return _with_reference(catalogue, owner, added[0], properties)
    changed = replace(owner, fields=(*owner.fields, *added))
    _check_limits(changed)
    return (changed,)


def _with_reference(
    catalogue: Catalogue, owner: SObject, field: Field, properties: Mapping[str, object]
) -> tuple[SObject, ...]:
    """A reference also gives its parent a child relationship; a detail loses its owner."""
    if str(field.relationship_name).lower() in owner.by_relationship:
        raise ValueError(f"{owner.name} has a relationship {field.relationship_name} already")
    parent = catalogue.find(field.reference_to[0])
    if parent is None:
        raise KeyError(f"the org has no sobject {field.reference_to[0]!r}")
    end = parent_end(owner, field, Properties(field.name, properties))
    if end.name is not None and catalogue.child(parent, end.name) is not None:
        raise ValueError(f"{parent.name} has a child relationship {end.name} already")
    field = replace(field, reference_to=(parent.name,))
    changed = replace(owner, fields=(*owner.fields, field))
    if field.relationship_order is not None:
        changed = as_detail(changed)
        if _depth(catalogue, parent) >= _DEEPEST_DETAIL:
            raise ValueError(f"{owner.name} would be a detail of the fourth level below a master")
    _check_limits(changed)
    if parent is owner:
        return (replace(changed, children=(*owner.children, end)),)
    return changed, replace(parent, children=(*parent.children, end))


def _depth(catalogue: Catalogue, sobject: SObject) -> int:
    """How many levels of masters stand above an sobject."""
    above = [
        parent
        for each in masters(sobject)
        if (parent := catalogue.find(each.reference_to[0])) is not None
    ]
    return max((_depth(catalogue, each) + 1 for each in above), default=0)


def _check_limits(sobject: SObject) -> None:
    custom = [each for each in sobject.fields if each.custom]
    counts = {
        "custom fields": len(custom),
        "external ids": sum(each.external_id for each in custom),
        "relationship fields": sum(each.type == "reference" for each in custom),
        "roll-up summaries": sum(each.summary is not None for each in custom),
    }
    for name, most in LIMITS.items():
        if counts[name] > most:
            raise ValueError(f"{sobject.name} cannot have more than {most} {name}")
