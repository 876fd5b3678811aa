"""An sobject that grows: names that are free, Salesforce's limits, what references and companions do to both ends.

Fields and child relationships are gathered and put together once, so an sobject of many fields is made in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from sfmock.errors import refuse
from sfmock.schema import companions
from sfmock.schema.custom import custom_fields
from sfmock.schema.custom_computed import Find
from sfmock.schema.custom_reference import as_detail, masters, parent_end
from sfmock.schema.model import ChildRelationship, Field, Mold, SObject, revised
from sfmock.schema.names import check_field_name, label_of
from sfmock.schema.properties import Properties

LIMITS: Mapping[str, int] = {
    "custom fields": 800,
    "external ids": 25,
    "relationship fields": 40,
    "roll-up summaries": 25,
}
"""How many an sobject may have (metadata.md 6.2); at most 2 of the relationships are master-detail."""
_DEEPEST_DETAIL = 3
_ALIKE = frozenset(
    {
        "string", "textarea", "email", "phone", "url", "double", "currency", "percent", "boolean", "date", "datetime", "time",
        "picklist", "multipicklist",
    }
)  # fmt: skip
"""Types of fields that depend on nothing but their properties, unless these name functions or other fields."""
_NOT_ALIKE = frozenset({"formula", "controller", "valid_for"})

_LOOKS_AROUND = frozenset({"controller", "valid_for", "master_detail", "operation"})
"""Properties of fields that depend on the other fields of their sobject."""


class Building:
    """New fields of one sobject, and the ends that they give their parents."""

    def __init__(self, owner: SObject, find: Find) -> None:
        self._owner = owner
        self._find = find
        self._names = set(owner.by_name)
        self._relationships = set(owner.by_relationship)
        self._fields: list[Field] = []
        self._children: list[ChildRelationship] = []
        self._parents: dict[str, SObject] = {}
        self._ends: dict[str, list[ChildRelationship]] = {}
        """What each of the parents gets."""
        self._taken: dict[str, set[str]] = {}
        """The names of each parent's child relationships: a popular one has thousands."""

    def add(
        self, name: str, type_: str, properties: Mapping[str, object], *, formula: int = 0
    ) -> None:
        """Add a field by its properties; a formula by the number that its function is kept under."""
        for each in self._made(name, type_, properties, formula):
            if each.name.lower() in self._names:
                raise ValueError(f"{self._owner.name} has a field {each.name} already")
            field = self._referring(each, properties) if type_ == "reference" else each
            self._names.add(each.name.lower())
            self._fields.append(field)
            if field.relationship_order is not None:
                self._become_detail()

    def sobject(self) -> SObject:
        """The sobject with all that was added so far."""
        if self._fields or self._children:
            self._owner = replace(
                self._owner,
                fields=(*self._owner.fields, *self._fields),
                children=(*self._owner.children, *self._children),
            )
            self._fields, self._children = [], []
        return self._owner

    def finished(self) -> SObject:
        """The sobject, if it keeps within Salesforce's limits."""
        _check_limits(self.sobject())
        return self.sobject()

    def parents(self) -> Iterator[SObject]:
        """The other sobjects that have a new child relationship."""
        for parent, ends in self.ends():
            yield replace(parent, children=(*parent.children, *ends))

    def ends(self) -> Iterator[tuple[SObject, list[ChildRelationship]]]:
        """The other sobjects as they were, each with its new child relationships."""
        for target, parent in self._parents.items():
            yield parent, self._ends[target]

    def accompany(self, kind: str) -> SObject:
        """A companion of a custom object; the sobject gets the child relationship to it."""
        owner = self.sobject()
        if kind == "Feed":
            posts = self._find("FeedItem")
            if posts is None:
                raise refuse("feeds in an org without FeedItem")
            made = companions.feed_of(owner, posts)
        else:
            made = (companions.share_of if kind == "Share" else companions.history_of)(owner)
        self._children.append(companions.parent_end(made))
        return made

    def _made(
        self, name: str, type_: str, properties: Mapping[str, object], formula: int
    ) -> tuple[Field, ...]:
        """The fields of one definition. Definitions that differ by name and label alone are worked out once."""
        label = properties.get("label")
        alike = type_ in _ALIKE and properties.keys().isdisjoint(_NOT_ALIKE)
        if alike and (label is None or isinstance(label, str)):
            try:
                template = _template(type_, tuple(map(_key, properties.items())))
            except (TypeError, ValueError):
                pass  # also for what cannot be a key; the error should name the field
            else:
                check_field_name(name)
                return (template.field(name=name, label=label or label_of(name)),)
        owner = self._owner if _LOOKS_AROUND.isdisjoint(properties) else self.sobject()
        return custom_fields(owner, self._find, name, type_, properties, formula=formula)

    def _referring(self, field: Field, properties: Mapping[str, object]) -> Field:
        """A reference also gives its parent a child relationship."""
        relationship = str(field.relationship_name)
        if relationship.lower() in self._relationships:
            raise ValueError(f"{self._owner.name} has a relationship {relationship} already")
        target = field.reference_to[0].lower()
        own = target == self._owner.name.lower()
        parent = (
            self.sobject()
            if own
            else self._parents.get(target) or self._find(field.reference_to[0])
        )
        if parent is None:
            raise KeyError(f"the org has no sobject {field.reference_to[0]!r}")
        if field.relationship_order is not None and self._level(parent) >= _DEEPEST_DETAIL:
            raise ValueError(
                f"{self._owner.name} would be a detail of the fourth level below a master"
            )
        end = parent_end(self._owner, field, Properties(field.name, properties))
        if end.name and end.name.lower() in self._names_of_ends(target, parent):
            raise ValueError(f"{parent.name} has a child relationship {end.name} already")
        self._names_of_ends(target, parent).add(str(end.name).lower())
        if own:
            self._children.append(end)
        else:
            self._parents[target] = parent
            self._ends.setdefault(target, []).append(end)
        self._relationships.add(relationship.lower())
        exact = (parent.name,)
        return field if field.reference_to == exact else revised(field, reference_to=exact)

    def _names_of_ends(self, target: str, parent: SObject) -> set[str]:
        found = self._taken.get(target)
        if found is None:
            found = self._taken[target] = {str(each.name).lower() for each in parent.children}
        return found

    def _become_detail(self) -> None:
        """A detail has its master's owner, and is shared with it."""
        if any(each.name == companions.RELATIONSHIPS["Share"] for each in self._owner.children):
            raise refuse(f"a master for {self._owner.name}, whose records are shared one by one")
        self._owner = replace(as_detail(self.sobject()), sharing="ControlledByParent")

    def _level(self, sobject: SObject) -> int:
        """How many levels of masters stand above an sobject."""
        above = [
            parent
            for each in masters(sobject)
            if (parent := self._find(each.reference_to[0])) is not None
        ]
        return max((self._level(each) + 1 for each in above), default=0)


def _key(item: tuple[str, object]) -> tuple[str, type, object]:
    """A property as part of a key; the label is left out, and True is not 1."""
    name, value = item
    if name == "label":
        return name, str, ""
    return name, value.__class__, tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=1024)
def _template(type_: str, properties: tuple[tuple[str, type, object], ...]) -> Mold:
    given = {name: value for name, _, value in properties if name != "label"}
    return Mold(custom_fields(_NOBODY, lambda _: None, "Any__c", type_, given)[0])


_NOBODY = SObject("Any", "Any", "Any", None, ())


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
