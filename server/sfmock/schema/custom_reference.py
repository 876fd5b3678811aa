"""Custom references: lookups, master-detail, and the ends that they give their parents (metadata.md 4.14, 6.2)."""

from __future__ import annotations

from dataclasses import replace

from sfmock.schema.model import ChildRelationship, Field, SObject, revised
from sfmock.schema.properties import Properties

_OF_DETAILS = ("relationship_order", "reparentable", "write_requires_master_read")
_DELETE_CONSTRAINTS = ("SetNull", "Restrict", "Cascade")
_NEVER_MASTERS = frozenset({"User", "Lead"})
_MOST_MASTERS = 2


def reference_field(field: Field, given: Properties, owner: SObject) -> Field:
    """A lookup or a master-detail relationship to one sobject."""
    field = revised(
        field,
        length=18,
        reference_to=(given.one("reference_to"),),
        relationship_name=_relationship(given.text("relationship_name") or field.name),
    )
    if given.flag("master_detail", False):
        return _detail(field, given, owner)
    stray = [each for each in _OF_DETAILS if each in given]
    if stray:
        raise TypeError(f"{given.owner}: {stray[0]} is for master_detail=True")
    return _lookup(field, given)


def parent_end(child: SObject, field: Field, given: Properties) -> ChildRelationship:
    """The child relationship that a custom reference gives its parent; without a name no sub-query reaches it."""
    name = given.text("child_relationship_name")
    return ChildRelationship(
        child.name,
        field.name,
        None if name is None else _relationship(name),
        cascade_delete=field.cascade_delete,
        restricted_delete=field.restricted_delete,
    )


def as_detail(owner: SObject) -> SObject:
    """An sobject whose rows belong to a master: they have the master's owner (`ControlledByParent`)."""
    return replace(
        owner,
        fields=tuple(each for each in owner.fields if each.name != "OwnerId"),
        supported_scopes=tuple(each for each in owner.supported_scopes if each == "everything"),
    )


def masters(owner: SObject) -> tuple[Field, ...]:
    """The master-detail fields of an sobject."""
    return tuple(each for each in owner.fields if each.relationship_order is not None)


def _lookup(field: Field, given: Properties) -> Field:
    # Salesforce cannot clear a required lookup: left alone, it keeps its parent from being deleted.
    usual = "SetNull" if field.nillable else "Restrict"
    constraint = given.choice("delete_constraint", usual, _DELETE_CONSTRAINTS)
    if constraint == "SetNull" and not field.nillable:
        raise ValueError(f"{given.owner}: a required lookup cannot be cleared: Restrict or Cascade")
    return revised(
        field,
        restricted_delete=constraint == "Restrict",
        cascade_delete=constraint == "Cascade",
    )


def _detail(field: Field, given: Properties, owner: SObject) -> Field:
    for key in ("nillable", "delete_constraint"):
        if key in given:
            raise TypeError(
                f"{given.owner}: a master-detail relationship is always required and always cascades,"
                f" it has no {key}"
            )
    if not owner.custom:
        raise ValueError(f"{given.owner}: a standard sobject cannot be a detail: {owner.name}")
    if field.reference_to[0].lower() in {each.lower() for each in _NEVER_MASTERS | {owner.name}}:
        raise ValueError(f"{given.owner}: {field.reference_to[0]} cannot be its master")
    taken = {each.relationship_order for each in masters(owner)}
    if len(taken) >= _MOST_MASTERS:
        raise ValueError(f"{owner.name} has {_MOST_MASTERS} master-detail relationships already")
    order = given.whole("relationship_order", 1 if 0 in taken else 0, 0, 1)
    if order in taken or (order == 1 and not taken):
        raise ValueError(
            f"{given.owner}: relationship_order is 0 for the first master-detail relationship, 1 for the second"
        )
    return revised(
        field,
        nillable=False,
        permissionable=False,
        updateable=given.flag("reparentable", False),
        relationship_order=order,
        cascade_delete=True,
        write_requires_master_read=given.flag("write_requires_master_read", False),
    )


def _relationship(name: str) -> str:
    return f"{name.removesuffix('__r').removesuffix('__c')}__r"
